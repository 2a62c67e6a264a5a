internal import Hummingbird
internal import Procedures
internal import Store

/// The facility's own events: its people, its rule books, its payers' policies.
struct FacilityEvents {
  let appender: Appender
  let limits: APIConfiguration.Limits

  func addRoutes(to facility: RouterGroup<CallerContext>) {
    facility
      .post("events", use: append)
      .refuseMethods(but: .post, at: "events")
  }

  @Sendable func append(_ request: Request, context: CallerContext) async throws -> Response {
    let caller = context.caller
    try caller.require(.record(.personRegistered, amending: nil))
    try Query(request).finish()
    let expectedVersion = try request.expectedVersion
    let body = try await SubmittedBody(request, of: .zero, within: limits)
    return try await appender.append(body, expecting: expectedVersion, of: .zero, by: caller)
  }
}
