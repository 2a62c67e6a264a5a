internal import Charges
internal import Hummingbird
internal import Procedures
internal import Projectors
internal import Store

/// Why a code has the units that it has in a case, at any moment, and what would change it.
struct Explanations {
  let reader: LogReader
  let replay: Replay
  let access: AccessRecorder

  func addRoutes(to cases: RouterGroup<CallerContext>) {
    let path: RouterPath = ":case/explanations/:code"
    cases
      .get(path, use: read)
      .refuseMethods(but: .get, at: path)
  }

  @Sendable func read(_ request: Request, context: CallerContext) async throws -> Response {
    let caller = context.caller
    try caller.require(.readCases)
    let caseID = try context.caseID
    guard let code = context.part("code").flatMap({ BillingCode($0) }) else {
      throw Problem.invalidParameter("code", "be a CPT or HCPCS code of five characters")
    }
    var query = try Query(request)
    let moment = try query.moment()
    let choice = try query.ruleChoice()
    let isPriced = try query.optional("price", "true or false") { Bool($0) } ?? false
    try query.finish()
    let replayed = try await replay.replay(
      caseID, in: caller.facility, at: moment, under: choice)
    let events = try await reader.allEvents(of: caseID, for: caller)
    try await access.record(.replay, of: [caseID], by: caller)
    return Response(
      json: replayed.explanation(of: code, events: events, isPriced: isPriced).json)
  }
}
