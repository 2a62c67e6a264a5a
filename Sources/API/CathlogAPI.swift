public import Hummingbird
public import Postgres
public import Store

/// JSON over HTTP for the lab, its billing and its auditors (contract, "Over HTTP").
///
/// A struct of its parts: whoever builds them starts and stops them; the API only calls.
public struct CathlogAPI: Sendable {
  /// The floors below that the API stands on.
  public struct Parts: Sendable {
    /// Where tokens, readiness and the record of access are looked up.
    public var pool: ConnectionPool
    /// Takes events.
    public var appender: Appender
    /// Reads events.
    public var reader: LogReader
    /// Wakes who follows a case.
    public var ticks: LogTicks
    /// Knows who may come in.
    public var tokens: TokenStore
    /// Records who read what.
    public var accessRecorder: AccessRecorder
    /// Collects metrics, also those of other parts that were made with it.
    public var metrics: PrometheusMetrics

    /// These parts.
    public init(
      pool: ConnectionPool, appender: Appender, reader: LogReader, ticks: LogTicks,
      tokens: TokenStore, accessRecorder: AccessRecorder, metrics: PrometheusMetrics
    ) {
      self.pool = pool
      self.appender = appender
      self.reader = reader
      self.ticks = ticks
      self.tokens = tokens
      self.accessRecorder = accessRecorder
      self.metrics = metrics
    }
  }

  let parts: Parts
  let limits: APIConfiguration.Limits

  /// The API on these parts, within these bounds.
  public init(_ parts: Parts, limits: APIConfiguration.Limits = APIConfiguration.Limits()) {
    self.parts = parts
    self.limits = limits
  }

  /// Every address, with what stands before it: observation around all, a token before `/v1`.
  public func router() -> Router<APIContext> {
    let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: RequestObserver(metrics: RequestMetrics(parts.metrics)))
    operations.addRoutes(to: router)
    let open = router.group("v1")
      .add(middleware: Authentication(tokens: parts.tokens, recorder: parts.accessRecorder))
      .group(context: CallerContext.self)
    caseEvents.addRoutes(to: open.group("cases"))
    FacilityEvents(appender: parts.appender, limits: limits).addRoutes(to: open.group("facility"))
    return router
  }

  private var operations: Operations {
    Operations(
      readiness: Readiness(pool: parts.pool, stalenessLimit: limits.staleness) { .zero },
      metrics: parts.metrics, gauges: ServiceGauges(pool: parts.pool, metrics: parts.metrics))
  }

  private var caseEvents: CaseEvents {
    CaseEvents(
      appender: parts.appender, reader: parts.reader, accessRecorder: parts.accessRecorder,
      tokens: parts.tokens, ticks: parts.ticks,
      places: StreamPlaces(limit: limits.streams, metrics: parts.metrics), limits: limits)
  }
}
