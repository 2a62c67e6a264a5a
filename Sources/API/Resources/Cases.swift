internal import Charges
internal import HTTPTypes
internal import Hummingbird
internal import Procedures
internal import Projectors
internal import Store

/// The worklist, and a case as it stands or stood, with its charges.
struct Cases {
  /// How long a case that was just recorded is waited for.
  private static let patience = Duration.seconds(2)

  let reader: LogReader
  let charges: CurrentCharges
  let runner: ProjectorRunner
  let replay: Replay
  let access: AccessRecorder

  func addRoutes(to cases: RouterGroup<CallerContext>) {
    cases
      .get(use: list)
      .get(":case", use: read)
      .get(":case/replay", use: replay)
    for path in ["", ":case", ":case/replay"] as [RouterPath] {
      cases.refuseMethods(but: .get, at: path)
    }
  }

  @Sendable func list(_ request: Request, context: CallerContext) async throws -> Response {
    let caller = context.caller
    try caller.require(.readCases)
    var query = try Query(request)
    let filter = WorklistFilter(
      phase: try query.phase(), room: try query.term("room"),
      serviceDate: try query.date("serviceDate"))
    let cursor = try query.cursor()
    let limit = try query.limit(1...CurrentCharges.pageLimit, default: 100)
    try query.finish()
    let page = try await charges.worklist(
      in: caller.facility, filter: filter, after: cursor, limit: limit)
    try await access.record(.worklist, of: page.elements.map(\.caseID), by: caller)
    var headers = HTTPFields()
    if let next = page.next { headers.setNextPage(query.address("/v1/cases", at: next)) }
    return Response(json: ["cases": .array(page.elements.map(\.json))], headers: headers)
  }

  @Sendable func read(_ request: Request, context: CallerContext) async throws -> Response {
    let caller = context.caller
    try caller.require(.readCases)
    try Query(request).finish()
    let caseID = try context.caseID
    var events = try await reader.allEvents(of: caseID, for: caller)
    guard var last = events.last else { throw Problem.caseUnknown }
    let current = try await current(caseID, through: last, for: caller)
    if current.entry.version > last.version {
      // More was recorded meanwhile; the entries shown are those that the charges rest on.
      events = try await reader.allEvents(of: caseID, for: caller)
        .filter { $0.version <= current.entry.version }
      last = events.last ?? last
    }
    let guidance = try await replay.guidance(
      of: CaseState(caseID, by: events.filter { $0.version <= current.entry.version }),
      with: current, in: caller.facility)
    try await access.record(.caseRead, of: [caseID], by: caller)
    var members = CaseState(caseID, by: events).members(recordedBy: events)
    members.append(JSON.Member("heldBecause", .text(current.heldBecause)))
    members.append(JSON.Member("guidance", .array(guidance.map(\.json))))
    var headers = HTTPFields()
    headers.setVersion(last.version)
    return Response(
      json: JSON.object(members).bytes(with: "charges", current.document), headers: headers)
  }

  @Sendable func replay(_ request: Request, context: CallerContext) async throws -> Response {
    let caller = context.caller
    try caller.require(.readCases)
    let caseID = try context.caseID
    var query = try Query(request)
    let moment = try query.moment()
    let choice = try query.ruleChoice()
    try query.finish()
    let replayed = try await replay.replay(
      caseID, in: caller.facility, at: moment, under: choice)
    // The replay folds what is sealed; its reader sees the same entries clear.
    let events = try await reader.allEvents(of: caseID, for: caller).filter {
      replayed.state.entry($0.event.id) != nil
    }
    try await access.record(.replay, of: [caseID], by: caller)
    var members = CaseState(caseID, by: events).members(recordedBy: events)
    members += [
      JSON.Member("position", .integer(replayed.position)),
      JSON.Member("heldBecause", .text(replayed.heldBecause)),
      JSON.Member("charges", replayed.derivation.json),
      JSON.Member("steps", .array(replayed.steps.map(\.json))),
    ]
    return Response(json: .object(members))
  }

  /// The case's charges, through its last event where the projectors come to it in time.
  private func current(
    _ caseID: CaseID, through last: RecordedEvent, for caller: Caller
  ) async throws -> CurrentCase {
    if let current = try await charges.currentCase(caseID, in: caller.facility),
      current.entry.version >= last.version
    {
      return current
    }
    do throws(ProjectorError) {
      try await runner.waitUntilApplied(
        position: last.position, in: caller.facility, timeout: Self.patience)
    } catch {
      guard case .notAppliedInTime = error else { throw error }
    }
    guard let current = try await charges.currentCase(caseID, in: caller.facility) else {
      throw Problem.projectionBehind
    }
    return current
  }
}

extension LogReader {
  /// Every event of a case, clear.
  func allEvents(
    of caseID: CaseID, for caller: Caller
  ) async throws(StoreError) -> [RecordedEvent] {
    let pageSize = 1000
    var events: [RecordedEvent] = []
    while true {
      let page = try await self.events(
        of: caseID, in: caller.facility, after: events.last?.version ?? 0, limit: pageSize,
        disclosure: .clear)
      events += page
      // A case grows while it is read, but not faster than pages of it.
      guard page.count == pageSize else { return events }
    }
  }
}

extension JSON {
  /// The object's compact form with one member more, whose value is written already.
  fileprivate func bytes(with name: String, _ value: [UInt8]) -> [UInt8] {
    var bytes = self.bytes
    bytes.removeLast()
    bytes.append(contentsOf: ",\"\(name)\":".utf8)
    bytes.append(contentsOf: value)
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }
}

extension Query {
  fileprivate mutating func phase() throws(Problem) -> CaseState.Phase? {
    try optional("phase", "open, closed, signed or cancelled") {
      $0 == CaseState.Phase.unknown.rawValue ? nil : CaseState.Phase(rawValue: $0)
    }
  }

  /// `ruleBook` and `policy`: other rules than those in force.
  mutating func ruleChoice() throws(Problem) -> RuleChoice {
    RuleChoice(
      ruleBook: try optional("ruleBook", "an edition or a digest") { RuleBookName($0) },
      policy: try term("policy"))
  }

  /// `at`, a version or a time, and `basis`, by which clock a time is meant.
  mutating func moment() throws(Problem) -> Moment {
    enum Point {
      case version(Int64)
      case time(Instant)
    }
    let point = try optional("at", "a version (1, 2, 3 …) or a time with an offset (RFC 3339)") {
      text -> Point? in
      if let version = Query.wholeNumber(text), version > 0 { return .version(Int64(version)) }
      return Instant(text).map { .time($0) }
    }
    enum Basis: String, CaseIterable {
      case recorded
      case occurred
    }
    let basis: Basis? = try choice("basis")
    switch (point, basis) {
    case (nil, nil): return .now
    case (.version(let version)?, nil): return .version(version)
    case (.time(let time)?, nil), (.time(let time)?, .recorded?): return .recorded(time)
    case (.time(let time)?, .occurred?): return .occurred(time)
    case (nil, .some), (.version?, .some): throw .invalidParameter("basis", "go with a time in at")
    }
  }
}
