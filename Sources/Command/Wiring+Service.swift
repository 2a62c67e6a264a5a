import API
import Logging
import Metrics
import Postgres
import Procedures
import Projectors
import ServiceLifecycle
import Settings
import Store
import Synchronization
import UnixSignals

extension Wiring {
  /// Runs the service until it is told to end; calls `onReady` once it takes requests, and then
  /// `companion`, which runs beside it and is cancelled first when the service ends.
  ///
  /// Services start from below and end from above: first no request is taken any more and those
  /// under way are answered, then the appender commits what is queued, then the projectors, then
  /// the connections. What has not ended within the time limit is cancelled.
  static func serve(
    _ settings: CathlogSettings, _ logger: Logger,
    companion: (@Sendable (Parts, String) async throws -> Void)? = nil,
    onReady: @Sendable @escaping (Parts, String) async throws -> Void
  ) async throws {
    let metrics = PrometheusMetrics()
    MetricsSystem.bootstrap(metrics)
    try await withOpenDatabase(settings, isShared: false, logger) { parts in
      let api = CathlogAPI(
        appender: parts.appender, reader: parts.reader, charges: parts.charges,
        replay: parts.replay, runner: parts.runner, tokens: parts.tokens, access: parts.access,
        ruleBooks: parts.ruleBooks, ticks: parts.ticks, pool: parts.pool, metrics: metrics,
        creditCode: settings.creditCode, logger: logger)
      var configuration = APIConfiguration(address: .host(settings.host, port: settings.port))
      configuration.limits = settings.http
      let (addresses, isReady) = AsyncStream.makeStream(
        of: String.self, bufferingPolicy: .bufferingNewest(1))
      let beside = Companion(addresses: addresses) { address in
        try await companion?(parts, address)
      }
      let application = api.application(configuration: configuration) { address in
        do {
          try await onReady(parts, address)
        } catch {
          logger.error("the start could not be completed", metadata: ["reason": "\(error)"])
        }
        isReady.yield(address)
      }
      let ticks = PostgresTicks(
        pool: parts.pool, settings: parts.settings, ticks: parts.ticks)
      let ending = Ending()
      var services = ServiceGroupConfiguration(
        services: [
          .init(service: Background { await parts.pool.run() }),
          .init(service: Background { await ticks.run() }),
          .init(service: Background { await parts.runner.run() }),
          .init(
            service: Finishing(body: { await parts.appender.run() }) { parts.appender.shutdown() }
          ),
          .init(service: ListeningService(application)),
          .init(service: beside),
          .init(service: ending),
        ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
      services.maximumGracefulShutdownDuration = settings.shutdownTimeLimit
      do {
        try await ServiceGroup(configuration: services).run()
      } catch let failure as ListenFailure {
        throw CommandFailure(failure, host: settings.host, port: settings.port)
      } catch is CancellationError {
        // What was given up, if anything was, is told below.
      }
      try ending.check(within: settings.shutdownTimeLimit)
    }
  }
}

/// A service that may be cancelled at any time.
private struct Background: Service {
  let body: @Sendable () async -> Void

  func run() async throws {
    await cancelWhenGracefulShutdown { await body() }
  }
}

/// A service that is told to end and then finishes its work.
private struct Finishing: Service {
  let body: @Sendable () async -> Void
  let shutdown: @Sendable () -> Void

  func run() async throws {
    await withGracefulShutdownHandler {
      await body()
    } onGracefulShutdown: {
      shutdown()
    }
  }
}

/// Something that goes on beside the service, once it takes requests; where it fails, all ends.
private struct Companion: Service {
  let addresses: AsyncStream<String>
  let body: @Sendable (String) async throws -> Void

  func run() async throws {
    try await cancelWhenGracefulShutdown {
      do {
        for await address in addresses { try await body(address) }
      } catch is CancellationError {
        // The service ends.
      }
    }
    try await gracefulShutdown()
  }
}

/// Notes when the service is told to end: the last in its group is told first.
private final class Ending: Service {
  private let start = Mutex<ContinuousClock.Instant?>(nil)

  func run() async throws {
    try await gracefulShutdown()
    start.withLock { $0 = .now }
  }

  /// Throws where the end took longer than it may, so that not all was finished.
  func check(within limit: Duration) throws(CommandFailure) {
    guard let start = start.withLock(\.self) else { throw .interrupted }
    guard .now - start >= limit else { return }
    throw CommandFailure(
      "shutdown-cut-short",
      "Not all that was under way had ended within shutdown.timeLimit; what was not answered is to be "
        + "sent again.", .temporary)
  }
}
