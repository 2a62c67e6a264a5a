internal import Hummingbird

/// Serves the description of the API.
///
/// Nobody is asked for a token: a client is written before it has one, and the document is the same
/// in every installation of this edition, and holds no data of any.
struct Description {
  let document: OpenAPIDocument

  func addRoutes(to router: some RouterMethods<APIContext>) {
    router.get("v1/openapi.json", use: read)
    router.refuseMethods(but: .get, at: "v1/openapi.json")
  }

  @Sendable func read(_ request: Request, context: APIContext) -> Response {
    Response(json: document.bytes)
  }
}
