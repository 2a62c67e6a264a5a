public import Exchange
public import Hummingbird
public import Logging
public import Postgres
public import Projectors
public import Store

/// JSON over HTTP for the lab, its billing and its auditors (contract, "Over HTTP").
///
/// A struct of its parts: whoever builds them starts and stops them; the API only calls.
public struct CathlogAPI: Sendable {
  let appender: Appender
  let reader: LogReader
  let charges: CurrentCharges
  let replay: Replay
  let runner: ProjectorRunner
  let tokens: TokenStore
  let access: AccessRecorder
  let ruleBooks: RuleBookLibrary
  let ticks: LogTicks
  let pool: ConnectionPool
  let metrics: PrometheusMetrics
  let creditCode: CreditCode
  let logger: Logger
  /// A clock that only goes forward.
  var now: @Sendable () -> ContinuousClock.Instant = { .now }

  /// The API on these parts.
  ///
  /// - Parameters:
  ///   - appender: takes events.
  ///   - reader: reads events.
  ///   - charges: reads current lines and the worklist.
  ///   - replay: shows cases as they were.
  ///   - runner: knows how far the read models are.
  ///   - tokens: knows who may come in.
  ///   - access: records who read what.
  ///   - ruleBooks: knows the rule books and keeps those of facilities.
  ///   - ticks: wakes who follows a case.
  ///   - pool: is looked at for readiness.
  ///   - metrics: are shown, with whatever else was measured with them.
  ///   - creditCode: what HL7 messages call a credit.
  ///   - logger: of requests and failures.
  public init(
    appender: Appender, reader: LogReader, charges: CurrentCharges, replay: Replay,
    runner: ProjectorRunner, tokens: TokenStore, access: AccessRecorder, ruleBooks: RuleBookLibrary,
    ticks: LogTicks, pool: ConnectionPool, metrics: PrometheusMetrics,
    creditCode: CreditCode = .credit, logger: Logger
  ) {
    self.appender = appender
    self.reader = reader
    self.charges = charges
    self.replay = replay
    self.runner = runner
    self.tokens = tokens
    self.access = access
    self.ruleBooks = ruleBooks
    self.ticks = ticks
    self.pool = pool
    self.metrics = metrics
    self.creditCode = creditCode
    self.logger = logger
  }

  /// Every address, with what stands before it: observation around all, a token before `/v1`.
  ///
  /// - Parameter limits: the bounds of what is taken.
  /// - Returns: the router, as a test can call it without a socket.
  public func router(
    limits: APIConfiguration.Limits = APIConfiguration.Limits()
  ) -> Router<APIContext> {
    let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: RequestObserver(metrics: RequestMetrics(metrics)))
    router.add(middleware: AddressBound(limit: limits.addressBytes))
    operations(limits).addRoutes(to: router)
    Description(document: .standard).addRoutes(to: router)
    let inside = router.group("v1")
      .add(middleware: authentication(limits))
      .add(middleware: requestRate(limits))
      .group(context: CallerContext.self)
    cases.addRoutes(to: inside.group("cases"))
    caseEvents(limits).addRoutes(to: inside.group("cases"))
    Explanations(reader: reader, replay: replay, access: access)
      .addRoutes(to: inside.group("cases"))
    LineItems(charges: charges, access: access).addRoutes(to: inside.group("line-items"))
    ChargeAcknowledgements(ledger: ledger, orders: LedgerOrders(pool: pool), access: access)
      .addRoutes(to: inside.group("charges"))
    ChargeEntries(ledger: ledger, access: access, tokens: tokens, creditCode: creditCode)
      .addRoutes(to: inside.group("charges"))
    ReconciliationReports(
      reconciler: Reconciler(pool: pool, ruleBooks: ruleBooks), access: access
    ).addRoutes(to: inside.group("reconciliation"))
    RuleBooks(books: ruleBooks, access: access, limits: limits)
      .addRoutes(to: inside.group("rule-books"))
    FacilityEvents(appender: appender, limits: limits).addRoutes(to: inside.group("facility"))
    return router
  }

  private func operations(_ limits: APIConfiguration.Limits) -> Operations {
    Operations(
      readiness: Readiness(pool: pool, runner: runner, stalenessLimit: limits.staleness),
      metrics: metrics, gauges: ServiceGauges(pool: pool, metrics: metrics))
  }

  private var ledger: LedgerReader { LedgerReader(pool: pool, log: reader) }

  private func authentication(_ limits: APIConfiguration.Limits) -> Authentication {
    let allowance = Allowance(limits.wrongCredentialsPerMinute, in: .seconds(60))
    return Authentication(
      tokens: tokens, access: access, wrong: WrongCredentials(allowance, start: now()), now: now)
  }

  private func requestRate(_ limits: APIConfiguration.Limits) -> RequestRate {
    let allowance = Allowance(limits.requestsPerSecond, in: .seconds(1))
    return RequestRate(requests: RequestsOfTokens(allowance), now: now)
  }

  private var cases: Cases {
    Cases(reader: reader, charges: charges, runner: runner, replay: replay, access: access)
  }

  private func caseEvents(_ limits: APIConfiguration.Limits) -> CaseEvents {
    CaseEvents(
      appender: appender, reader: reader, access: access, tokens: tokens, ticks: ticks,
      places: StreamPlaces(limit: limits.streams, metrics: metrics), limits: limits)
  }
}
