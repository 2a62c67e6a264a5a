internal import Charges
internal import HTTPTypes
internal import Hummingbird
internal import Procedures
internal import Projectors
internal import Store

/// The rule books that a facility can adopt or has adopted: those that the program ships, and those
/// that the facility keeps.
struct RuleBooks {
  let books: RuleBookLibrary
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
    let listed = try await books.list(of: caller.facility)
    try await access.record(.ruleBooksRead, of: [], by: caller)
    return Response(json: ["ruleBooks": .array(listed.map(\.json))])
  }

  @Sendable func read(_ request: Request, context: CallerContext) async throws -> Response {
    let caller = context.caller
    try caller.require(.readRuleBooks)
    try Query(request).finish()
    let digest = try context.digest
    guard let document = try await books.document(of: digest, in: caller.facility) else {
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
    let outcome = try await books.store(book, in: caller.facility, by: caller.person)
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

extension CallerContext {
  /// The digest of the address.
  fileprivate var digest: String {
    get throws(Problem) {
      guard let digest = part("digest"), RuleBookAdopted.isDigest(digest) else {
        throw .invalidParameter("digest", "be sha256: and 64 hexadecimal digits in lower case")
      }
      return digest
    }
  }
}
