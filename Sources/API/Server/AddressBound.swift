internal import Hummingbird

/// Refuses an address that is longer than any of this API's could be.
///
/// One that is longer than all headers together may be never comes here: it is told that the
/// headers are too large.
struct AddressBound: RouterMiddleware {
  let limit: Int

  @concurrent func handle(
    _ request: Request, context: APIContext,
    next: @concurrent (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    guard request.uri.string.utf8.count <= limit else {
      throw Problem(.addressTooLong, "The address is longer than is taken.")
    }
    return try await next(request, context)
  }
}
