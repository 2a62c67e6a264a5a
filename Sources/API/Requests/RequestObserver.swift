internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Projectors
internal import Store

/// The outermost layer: turns what went wrong into a problem, and logs, counts and times requests.
///
/// A request is known by its pattern. The path itself names a case, and stays out of logs and metrics.
struct RequestObserver: RouterMiddleware {
  let metrics: RequestMetrics

  @concurrent func handle(
    _ request: Request, context: APIContext,
    next: @concurrent (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    let response: Response
    var code: String?
    do {
      response = try await next(request, context)
    } catch {
      let problem = Self.problem(error, request)
      if problem.status.kind == .serverError { log(error, context) }
      code = problem.code.text
      response = Response(problem)
    }
    let duration = ContinuousClock.now - start
    let route = Self.route(context)
    metrics.record(request.method, route: route, status: response.status, duration)
    var metadata: Logger.Metadata = [
      "method": "\(request.method.rawValue.prefix(16))", "route": "\(route)",
      "status": "\(response.status.code)",
      "microseconds": "\(Int64(duration / .microseconds(1)))",
    ]
    if let id = context.notes.tokenID { metadata["token"] = "\(id)" }
    if let code { metadata["code"] = "\(code)" }
    context.logger.info("request", metadata: metadata)
    return response
  }

  private static func problem(_ error: any Error, _ request: Request) -> Problem {
    let problem = Problem(catching: error)
    guard problem.code == .notFound, !KnownMethods.all.contains(request.method) else {
      return problem
    }
    return Problem(.methodUnknown, "No address here knows this method.")
  }

  /// The pattern; what matches none shares one name, so that nobody can make a label of his own.
  private static func route(_ context: APIContext) -> String {
    guard let path = context.endpointPath, path.hasPrefix("/") else { return "none" }
    return path
  }

  /// The floors below keep content out of what their errors say; of any other, only the type is told.
  private func log(_ error: any Error, _ context: APIContext) {
    let isSafe =
      error is StoreError || error is AccessRecordError || error is ProjectorError
      || error is LedgerError || error is ReplayError || error is Problem
    let said = isSafe ? "\(error)" : String(reflecting: type(of: error))
    context.logger.error("request failed", metadata: ["error": "\(said)"])
  }
}

/// The methods of HTTP that addresses may allow or refuse.
enum KnownMethods {
  static let all: [HTTPRequest.Method] = [
    .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect, query,
  ].compactMap(\.self)

  /// A reading with a body, which HTTPTypes does not know.
  private static let query = HTTPRequest.Method("QUERY")
}

extension RouterMethods {
  /// Refuses every other method at this path, and says which there are.
  func refuseMethods(but allowed: HTTPRequest.Method..., at path: RouterPath = "") {
    for method in KnownMethods.all where !allowed.contains(method) {
      // Whatever can be got can be asked for its head.
      if method == .head, allowed.contains(.get) { continue }
      on(path, method: method) { _, _ -> Response in
        var problem = Problem(
          .methodNotAllowed,
          "This address takes \(allowed.map(\.rawValue).joined(separator: " and ")).")
        problem.headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
        throw problem
      }
    }
  }
}
