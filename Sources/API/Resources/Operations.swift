internal import Hummingbird
internal import NIOCore
internal import Procedures

/// What those who run the service ask it: whether it lives, whether it is ready, its metrics.
///
/// Nobody is asked for a token here, and nothing here speaks of a case or a person.
struct Operations {
  let readiness: Readiness
  let metrics: PrometheusMetrics
  let gauges: ServiceGauges

  func addRoutes(to router: some RouterMethods<APIContext>) {
    router
      .get("healthz", use: health)
      .get("readyz", use: ready)
      .get("metrics", use: page)
    for path in ["healthz", "readyz", "metrics"] as [RouterPath] {
      router.refuseMethods(but: .get, at: path)
    }
  }

  @Sendable func health(_ request: Request, context: APIContext) -> Response {
    Response(json: ["status": "alive"])
  }

  @Sendable func ready(_ request: Request, context: APIContext) async -> Response {
    let report = await readiness.report()
    return Response(status: report.isReady ? .ok : .serviceUnavailable, json: report.json)
  }

  @Sendable func page(_ request: Request, context: APIContext) -> Response {
    gauges.refresh()
    return Response(
      status: .ok,
      headers: [.contentType: PrometheusMetrics.pageMediaType, .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.page)))
  }
}
