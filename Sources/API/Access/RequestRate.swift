internal import Hummingbird
internal import Store
internal import Synchronization

/// Holds each token to its share of requests, so that a program that has gone wild does not take the
/// others' place.
struct RequestRate: RouterMiddleware {
  let requests: RequestsOfTokens
  let now: @Sendable () -> ContinuousClock.Instant

  @concurrent func handle(
    _ request: Request, context: APIContext,
    next: @concurrent (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    if let caller = context.caller, let wait = requests.take(caller.tokenID, now: now()) {
      throw Problem.tooManyRequests(
        "This token has asked more than it may in this time; come back later.", wait: wait)
    }
    return try await next(request, context)
  }
}

/// What tokens have asked lately, of a bounded number of tokens.
final class RequestsOfTokens: Sendable {
  /// How many tokens are kept account of.
  static let limit = 4096

  private let allowance: Allowance?
  private let usedUntil = Mutex<[TokenID: Allowance.Instant]>([:])

  /// - Parameter allowance: what each token may ask; nil for no bound.
  init(_ allowance: Allowance?) { self.allowance = allowance }

  /// Of how many tokens something is kept.
  var count: Int { usedUntil.withLock(\.count) }

  /// Takes a request of a token; says how long to wait where it may not be answered now.
  func take(_ id: TokenID, now: Allowance.Instant) -> Duration? {
    guard let allowance else { return nil }
    return usedUntil.withLock { tokens in
      let wait = allowance.take(&tokens[id, default: now], now: now)
      if tokens.count > Self.limit { Self.forget(&tokens, now) }
      return wait
    }
  }

  /// What is used up no further than now says nothing that a new entry would not say; should that
  /// not be enough, whoever has asked least begins anew.
  private static func forget(_ tokens: inout [TokenID: Allowance.Instant], _ now: Allowance.Instant)
  {
    tokens = tokens.filter { $0.value > now }
    while tokens.count > limit, let least = tokens.min(by: { $0.value < $1.value }) {
      tokens[least.key] = nil
    }
  }
}
