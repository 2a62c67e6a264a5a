internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Procedures
internal import Store

/// Lets in who shows a good token, and records who asks for more than its roles allow.
struct Authentication: RouterMiddleware {
  let tokens: TokenStore
  let access: AccessRecorder
  let wrong: WrongCredentials
  let now: @Sendable () -> ContinuousClock.Instant

  @concurrent func handle(
    _ request: Request, context: APIContext,
    next: @concurrent (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    guard let header = request.headers[.authorization] else {
      throw Problem.unauthenticated(for: request.method)
    }
    guard let credentials = Credentials(header) else {
      try wrong.count(from: context.origin, now: now())
      throw Problem.unauthenticated(for: request.method)
    }
    let caller = try await caller(of: credentials.presented, request.method, context)
    var context = context
    context.caller = caller
    do {
      guard credentials.allow(request.method) else { throw Problem.basicOnlyReads }
      return try await next(request, context)
    } catch let problem as Problem where problem.code == .forbidden {
      try await record(caller.entry(.refused, context.caseID), in: caller.facility)
      throw problem
    }
  }

  private func caller(
    of presented: PresentedToken, _ method: HTTPRequest.Method, _ context: APIContext
  ) async throws -> Caller {
    switch try await tokens.judge(presented) {
    case .accepted(let token):
      context.notes.tokenID = token.id
      return Caller(token, presented: presented, origin: context.origin)
    case .refused(let token, let reason):
      context.notes.tokenID = token.id
      context.logger.notice("token refused", metadata: ["reason": "\(reason.rawValue)"])
      try wrong.count(from: context.origin, now: now())
      // A facility's own token, so there is a record to write it in and somebody to ask.
      try await record(
        AccessEntry(
          person: token.person, tokenID: token.id, action: .refused, caseID: context.caseID,
          origin: context.origin), in: token.facility)
      throw Problem.unauthenticated(for: method, isInvalid: true)
    case .unknown:
      try wrong.count(from: context.origin, now: now())
      throw Problem.unauthenticated(for: method, isInvalid: true)
    }
  }

  private func record(_ entry: AccessEntry, in facility: FacilityCode) async throws(Problem) {
    do throws(AccessRecordError) {
      try await access.record([entry], in: facility)
    } catch {
      throw Problem(error)
    }
  }
}

extension APIContext {
  /// The case of the address, where it names one.
  fileprivate var caseID: CaseID? {
    parameters.get("case").flatMap { Query.decoded($0[...]) }.flatMap { CaseID($0) }
  }
}
