internal import Charges
internal import Exchange
internal import HTTPTypes
internal import Hummingbird
internal import Procedures
internal import Projectors
internal import Store

/// The charge ledger as billing pulls it, and each of its entries with what it rests on.
struct ChargeEntries {
  let ledger: LedgerReader
  let access: AccessRecorder
  let tokens: TokenStore
  let creditCode: CreditCode

  func addRoutes(to charges: RouterGroup<CallerContext>) {
    charges
      .get(use: pull)
      .get(":entry", use: read)
    for path in ["", ":entry"] as [RouterPath] {
      charges.refuseMethods(but: .get, at: path)
    }
  }

  @Sendable func pull(_ request: Request, context: CallerContext) async throws -> Response {
    let caller = context.caller
    try caller.require(.readCharges)
    let format = try request.chargeFormat
    var query = try Query(request)
    let selection = LedgerSelection(
      from: try query.date("from"), through: try query.date("to"),
      code: try query.optional("code", "a code of five characters") { BillingCode($0) },
      caseID: try query.caseID(), status: try query.choice("status"))
    let after = try query.optional("after", "an entry of the ledger, such as k7q3-1042") {
      EntryID($0)
    }
    let limit = try query.limit(
      1...LedgerReader.pullLimit, default: LedgerReader.pageLimit)
    try query.finish()
    let pull = try await ledger.pull(
      selection, after: after, limit: limit, in: caller.facility)
    let next = pull.hasMore ? pull.last.map { query.address(Self.path, from: $0) } : nil
    let stream = ChargeStream(
      pull: pull,
      encoder: format.encoder(
        ChargePull(
          facility: caller.facility, creditCode: creditCode, after: after,
          address: query.address(Self.path))),
      next: next, access: access, tokens: tokens, caller: caller, logger: context.logger)
    // What fails before the first byte is still told as a problem. A head shows no entry.
    let pages =
      request.method == .head ? nil : try await stream.begin(ledger.pages(of: pull))
    return Response(
      status: .ok, headers: Self.headers(of: pull, format, next: next),
      body: ResponseBody { writer in
        guard let pages else { return try await writer.finish(nil) }
        try await stream.run(pages, to: &writer)
      })
  }

  private static let path = "/v1/charges"

  private static func headers(
    of pull: LedgerPull, _ format: ChargeFormat, next: String?
  ) -> HTTPFields {
    var headers: HTTPFields = [
      .contentType: format.mediaType, .cacheControl: "no-store", .vary: "Accept",
    ]
    if let name = pull.fileName(format) {
      headers[.contentDisposition] = "attachment; filename=\"\(name)\""
    }
    if let next { headers.setNextPage(next) }
    return headers
  }

  @Sendable func read(_ request: Request, context: CallerContext) async throws -> Response {
    let caller = context.caller
    try caller.require(.readCharges)
    try Query(request).finish()
    guard let id = context.parameters.get("entry").flatMap({ EntryID($0) }) else {
      throw Problem.invalidParameter("entry", "be an entry of the ledger, such as k7q3-1042")
    }
    guard let entry = try await ledger.entry(id, in: caller.facility) else {
      throw Problem(
        try await ledger.absence(of: id, in: caller.facility), .notFound, field: "entry")
    }
    try await access.record(.chargeRead, of: [entry.entry.entry.caseID], by: caller)
    return Response(json: entry.json)
  }
}

extension LedgerPull {
  /// What a file of it is called: by the facility, the day of its last entry, and that entry.
  ///
  /// Of what a program reads straight away there is no file.
  fileprivate func fileName(_ format: ChargeFormat) -> String? {
    switch format.fileExtension {
    case "csv", "hl7": break
    default: return nil
    }
    guard let last, let lastPostedAt else {
      return "\(facility)-charges-\(after.map { "after-\($0)" } ?? "none").\(format.fileExtension)"
    }
    return "\(facility)-charges-\(lastPostedAt.date)-\(last).\(format.fileExtension)"
  }
}

extension Instant {
  /// The day, in UTC.
  fileprivate var date: CalendarDate {
    let day: Int64 = 86_400_000_000
    let days = (microseconds - (microseconds % day + day) % day) / day
    return CalendarDate(daysSince1970: Int(days))
  }
}

extension Request {
  /// The form that is asked for.
  fileprivate var chargeFormat: ChargeFormat {
    get throws(Problem) {
      let accepted = headers[values: .accept]
      let header = accepted.isEmpty ? nil : accepted.joined(separator: ",")
      guard let format = ChargeFormat.accepted(by: header) else {
        let known = ChargeFormat.allCases.map(\.mediaType)
        var problem = Problem(
          .notAcceptable, "Charges are to be had as \(known.joined(separator: ", ")).",
          field: "Accept")
        problem.details = ["formats": .texts(known)]
        throw problem
      }
      return format
    }
  }
}

extension Query {
  /// The address of the same list after an entry.
  fileprivate func address(_ path: String, from entry: EntryID) -> String {
    address(path, with: "after", entry.description)
  }
}
