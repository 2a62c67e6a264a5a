internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Procedures
internal import Store

/// A case's events: recorded, listed, followed as they come.
struct CaseEvents {
  let appender: Appender
  let reader: LogReader
  let access: AccessRecorder
  let tokens: TokenStore
  let ticks: LogTicks
  let places: StreamPlaces
  let limits: APIConfiguration.Limits

  func addRoutes(to cases: RouterGroup<CallerContext>) {
    cases
      .post(":case/events", use: append)
      .get(":case/events", use: read)
      .refuseMethods(but: .get, .post, at: ":case/events")
  }

  @Sendable func append(_ request: Request, context: CallerContext) async throws -> Response {
    let caller = context.caller
    // Who may record nothing is told so before the body is read.
    try caller.require(.recordInCases)
    try Query(request).finish()
    let caseID = try context.caseID
    let expectedVersion = try request.expectedVersion
    let body = try await SubmittedBody(request, of: caseID, within: limits)
    try await caller.requireRecording(body) {
      try await reader.caseState(caseID, in: caller.facility)
    }
    return try await appender.append(body, expecting: expectedVersion, of: caseID, by: caller)
  }

  @Sendable func read(_ request: Request, context: CallerContext) async throws -> Response {
    try context.caller.require(.readCases)
    return request.wantsStream
      ? try await follow(request, context) : try await list(request, context)
  }

  private func list(_ request: Request, _ context: CallerContext) async throws -> Response {
    let caller = context.caller
    let caseID = try context.caseID
    var query = try Query(request)
    let after = try query.version("after") ?? 0
    let limit = try query.limit(1...1000, default: 200)
    try query.finish()
    // Of a list it says nothing; but what cannot be read is refused everywhere.
    _ = try request.lastEventID
    // One more than is shown tells whether there is a next page.
    let found = try await events(of: caseID, after: after, limit: limit + 1, for: caller)
    let page = found.prefix(limit)
    try await access.record(.eventsRead, of: [caseID], by: caller)
    var headers = HTTPFields()
    if found.count > limit, let last = page.last {
      headers.setNextPage("/v1/cases/\(caseID)/events?after=\(last.version)&limit=\(limit)")
    }
    return Response(json: .array(page.map(\.json)), headers: headers)
  }

  private func follow(_ request: Request, _ context: CallerContext) async throws -> Response {
    let caller = context.caller
    let caseID = try context.caseID
    let after = try request.resumedVersion
    guard let place = places.take() else {
      throw Problem(.overloaded, "As many streams are open as may be; try again later.")
        .retryAfter(seconds: 5)
    }
    _ = try await events(of: caseID, after: after, limit: 1, for: caller)
    try await access.record(.eventsFollowed, of: [caseID], by: caller)
    let stream = EventStream(ticks: ticks, limits: limits) { version in
      try await reader.events(
        of: caseID, in: caller.facility, after: version, limit: EventStream.pageSize,
        disclosure: .clear)
    } isAllowed: {
      guard case .accepted = try await tokens.judge(caller.presented) else { return false }
      return true
    }
    let headers: HTTPFields = [
      .contentType: ServerSentEvents.mediaType, .cacheControl: "no-store", .connection: "close",
    ]
    return Response(
      status: .ok, headers: headers,
      body: ResponseBody { writer in
        defer { withExtendedLifetime(place) {} }
        try await stream.run(after: after, of: request, to: &writer)
        try await writer.finish(nil)
      })
  }

  /// Events after a version, clear; throws where there is no such case.
  private func events(
    of caseID: CaseID, after version: Int64, limit: Int, for caller: Caller
  ) async throws -> [RecordedEvent] {
    let events = try await reader.events(
      of: caseID, in: caller.facility, after: version, limit: limit, disclosure: .clear)
    guard events.isEmpty else { return events }
    let first = try await reader.events(
      of: caseID, in: caller.facility, limit: 1, disclosure: .sealed)
    guard version > 0, !first.isEmpty else { throw Problem.caseUnknown }
    return []
  }
}

extension Appender {
  /// Appends what a request submits, and answers it.
  func append(
    _ body: SubmittedBody, expecting version: Int64?, of caseID: CaseID, by caller: Caller
  ) async throws(Problem) -> Response {
    let submission = Submission(
      caseID: caseID, events: body.events, recorder: caller.person, expectedVersion: version)
    do throws(AppendFailure) {
      return Response(try await append(submission, to: caller.facility), for: body)
    } catch {
      throw Problem(error, inList: body.isList)
    }
  }
}

extension CallerContext {
  /// A part of the address, its percent-encoding undone; nil where that cannot be.
  func part(_ name: String) -> String? {
    parameters.get(name).flatMap { Query.decoded($0[...]) }
  }

  /// The case of the address.
  var caseID: CaseID {
    get throws(Problem) {
      guard let id = part("case").flatMap({ CaseID($0) }) else {
        throw .invalidParameter("case", "be a UUID")
      }
      // The facility's own events have an address of their own.
      guard id != .zero else { throw .caseUnknown }
      return id
    }
  }
}

extension Problem {
  static let caseUnknown = Problem(.refusal(.caseUnknown), "There is no such case.", field: "case")
}

extension Request {
  /// Whether the answer is to be a stream of events.
  fileprivate var wantsStream: Bool {
    headers[values: .accept].contains { value in
      value.split(separator: ",").contains { range in
        range.prefix { $0 != ";" }[...].trimmed.lowercased() == ServerSentEvents.mediaType
      }
    }
  }

  /// From where a stream goes on: what its client saw last, else `after`.
  fileprivate var resumedVersion: Int64 {
    get throws(Problem) {
      var query = try Query(self)
      let after = try query.version("after") ?? 0
      try query.finish()
      return try lastEventID ?? after
    }
  }

  /// What the client of a stream saw last.
  fileprivate var lastEventID: Int64? {
    get throws(Problem) {
      guard let last = headers[HTTPField.Name.lastEventID] else { return nil }
      guard let version = Query.wholeNumber(last) else {
        throw .invalidParameter("Last-Event-ID", "be a version: 0, 1, 2 …")
      }
      return Int64(version)
    }
  }
}
