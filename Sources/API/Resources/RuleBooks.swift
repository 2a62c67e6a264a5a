internal import Charges
internal import HTTPTypes
internal import Hummingbird
internal import Procedures
internal import Projectors
internal import Store

/// The rule books that a facility can adopt or has adopted: those that the program ships, and those
/// that the facility keeps.
struct RuleBooks {
  let books: RuleBookStore
  let reader: LogReader
  let access: AccessRecorder
  let limits: APIConfiguration.Limits

  func addRoutes(to books: RouterGroup<CallerContext>) {
    books
      .get(use: list)
      .post(use: store)
      .get(":digest", use: read)
    books.refuseMethods(but: .get, .post)
    books.refuseMethods(but: .get, at: ":digest")
  }

  @Sendable func list(_ request: Request, context: CallerContext) async throws -> Response {
    let caller = context.caller
    try caller.require(.readRuleBooks)
    try Query(request).finish()
    let stored = try await books.books(of: caller.facility)
    let adoptions = try await reader.facilityState(of: caller.facility).ruleBooks
    try await access.record(.ruleBooksRead, of: [], by: caller)
    let shipped = RuleBook.shipped.map { book in
      ListedRuleBook(
        edition: book.edition, digest: book.digest, isShipped: true,
        stored: stored.first { $0.digest == book.digest })
    }
    let own = stored.filter { book in !shipped.contains { $0.digest == book.digest } }.map {
      ListedRuleBook(edition: $0.edition, digest: $0.digest, isShipped: false, stored: $0)
    }
    return Response(
      json: ["ruleBooks": .array((shipped + own).map { $0.json(adoptions: adoptions) })])
  }

  @Sendable func read(_ request: Request, context: CallerContext) async throws -> Response {
    let caller = context.caller
    try caller.require(.readRuleBooks)
    try Query(request).finish()
    let digest = try context.digest
    let document: [UInt8]
    if let shipped = RuleBook.shipped.first(where: { $0.digest == digest }) {
      document = shipped.document.canonicalBytes
    } else if let stored = try await books.contents(of: digest, in: caller.facility) {
      document = stored.bytes
    } else {
      throw Problem(.notFound, "There is no rule book of this digest.")
    }
    try await access.record(.ruleBooksRead, of: [], by: caller)
    return Response(json: document)
  }

  @Sendable func store(_ request: Request, context: CallerContext) async throws -> Response {
    let caller = context.caller
    try caller.require(.storeRuleBooks)
    try Query(request).finish()
    let text = try await request.json(limit: limits.bodyBytes, what: "the rule book")
    let book: RuleBook
    do throws(RuleBookError) {
      book = try RuleBook(reading: text)
    } catch {
      throw Problem(error)
    }
    let contents = RuleBookContents(book)
    let outcome = try await books.store(contents, in: caller.facility, by: caller.person)
    let (status, time): (HTTPResponse.Status, Instant)
    switch outcome {
    case .stored(let now): (status, time) = (.created, now)
    case .repeated(let then): (status, time) = (.ok, then)
    case .full:
      throw Problem(
        .refusal(.fieldInvalid), "The facility keeps as many rule books as it may.")
    }
    return Response(
      status: status,
      json: [
        "ruleBook": .string(book.edition.text), "digest": .string(book.digest),
        "recordedAt": .string(time.description), "repeat": .bool(status == .ok),
      ], headers: [.location: "/v1/rule-books/\(book.digest)"])
  }
}

/// A book as the list shows it.
private struct ListedRuleBook {
  let edition: RuleBookEdition
  let digest: String
  let isShipped: Bool
  let stored: StoredRuleBook?

  func json(adoptions: [RuleBookAdopted]) -> JSON {
    [
      "ruleBook": .string(edition.text), "digest": .string(digest), "shipped": .bool(isShipped),
      "recordedAt": .text(stored?.recordedAt.description),
      "recorder": .text(stored?.recorder.text),
      "adoptedFrom": .texts(
        adoptions.filter { $0.digest == digest }.map(\.from.description)),
    ]
  }
}

extension CallerContext {
  /// The digest of the address.
  fileprivate var digest: String {
    get throws(Problem) {
      guard let digest = parameters.get("digest"), RuleBookAdopted.isDigest(digest) else {
        throw .invalidParameter("digest", "be sha256: and 64 hexadecimal digits in lower case")
      }
      return digest
    }
  }
}
