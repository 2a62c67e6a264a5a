internal import Charges
internal import HTTPTypes
internal import Hummingbird
internal import Procedures
internal import Projectors
internal import Store

/// How far billing says that it has posted.
struct ChargeAcknowledgements {
  let ledger: LedgerReader
  let orders: LedgerOrders
  let access: AccessRecorder

  func addRoutes(to charges: RouterGroup<CallerContext>) {
    charges
      .get("acknowledgements", use: read)
      .post("acknowledgements", use: acknowledge)
      .refuseMethods(but: .get, .post, at: "acknowledgements")
  }

  @Sendable func read(_ request: Request, context: CallerContext) async throws -> Response {
    let caller = context.caller
    try caller.require(.readCharges)
    try Query(request).finish()
    let standing = try await ledger.standing(of: caller.facility)
    return Response(json: standing.json(standing.acknowledgement))
  }

  @Sendable func acknowledge(_ request: Request, context: CallerContext) async throws -> Response {
    let caller = context.caller
    try caller.require(.acknowledgeCharges)
    try Query(request).finish()
    let id = try await Self.entry(request)
    try await access.record(.chargesAcknowledged, of: [], by: caller)
    let outcome = try await orders.acknowledge(
      through: id, in: caller.facility, by: caller.person)
    let standing = try await ledger.standing(of: caller.facility)
    switch outcome {
    case .acknowledged(let acknowledgement):
      return Response(status: .created, json: standing.json(acknowledgement))
    case .repeated(let acknowledgement):
      return Response(json: standing.json(acknowledgement))
    case .backwards(let acknowledgement):
      var problem = Problem(
        .acknowledgementBackwards,
        "Billing has acknowledged up to \(acknowledgement.through) already, which is further.",
        field: "through")
      problem.details = standing.json(acknowledgement)
      throw problem
    }
  }

  /// Reads `{"through":"k7q3-1042"}`.
  private static func entry(_ request: Request) async throws -> EntryID {
    let bytes = try await request.json(limit: 1 << 12, what: "the acknowledgement")
    let json: JSON
    do throws(JSONError) {
      json = try JSON.read(bytes)
    } catch {
      throw Problem(error)
    }
    guard let members = json.members else {
      throw Problem(.refusal(.fieldInvalid), "An acknowledgement is an object.")
    }
    if let unknown = members.first(where: { $0.name != "through" }) {
      let name = unknown.name.utf8.count <= 40 ? unknown.name : "(unprintable)"
      throw Problem(
        .refusal(.fieldUnknown), "An acknowledgement has no such field.", field: name)
    }
    guard let through = json["through"] else {
      throw Problem(
        .refusal(.fieldMissing), "Say through which entry billing has posted.", field: "through")
    }
    guard let id = through.text.flatMap({ EntryID($0) }) else {
      throw Problem(
        .refusal(.fieldInvalid), "through must be an entry of the ledger, such as k7q3-1042.",
        field: "through")
    }
    return id
  }
}

extension LedgerStanding {
  /// An acknowledgement, with how much lies before and behind it.
  fileprivate func json(_ acknowledgement: LedgerAcknowledgement?) -> JSON {
    let through = acknowledgement?.through
    return [
      "through": .text(through?.description),
      "acknowledgedAt": .text(acknowledgement?.acknowledgedAt.description),
      "acknowledgedBy": .text(acknowledgement?.person.text),
      "last": .text(last?.description), "epoch": .text(epochs.last?.epoch.text),
      "outstanding": .integer((last?.number ?? 0) - (through?.number ?? 0)),
    ]
  }
}
