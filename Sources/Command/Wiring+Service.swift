import API
import Logging
import Metrics
import Postgres
import Procedures
import Projectors
import ServiceLifecycle
import Store
import UnixSignals

extension Wiring {
  /// Runs the service until it is told to end; calls `onReady` once it takes requests.
  ///
  /// Services start from below and end from above: first no request is taken any more and those
  /// under way are answered, then the appender commits what is queued, then the projectors, then
  /// the connections.
  static func serve(
    _ place: DatabasePlace, _ listening: ListeningOptions, _ logger: Logger,
    onReady: @Sendable @escaping (Parts, String) async throws -> Void
  ) async throws {
    let (host, port) = try listening.address
    let metrics = PrometheusMetrics()
    MetricsSystem.bootstrap(metrics)
    try await withOpenDatabase(place, isShared: false, logger) { parts in
      let api = CathlogAPI(
        appender: parts.appender, reader: parts.reader, charges: parts.charges,
        replay: parts.replay, runner: parts.runner, tokens: parts.tokens, access: parts.access,
        ticks: parts.ticks, pool: parts.pool, metrics: metrics, logger: logger)
      let configuration = APIConfiguration(address: .host(host, port: port))
      let application = api.application(configuration: configuration) { address in
        do {
          try await onReady(parts, address)
        } catch {
          logger.error("the start could not be completed", metadata: ["reason": "\(error)"])
        }
      }
      let ticks = PostgresTicks(
        pool: parts.pool, settings: parts.settings, ticks: parts.ticks)
      let group = ServiceGroup(
        configuration: ServiceGroupConfiguration(
          services: [
            .init(service: Background { await parts.pool.run() }),
            .init(service: Background { await ticks.run() }),
            .init(service: Background { await parts.runner.run() }),
            .init(
              service: Finishing(body: { await parts.appender.run() }) { parts.appender.shutdown() }
            ),
            .init(service: ListeningService(application)),
          ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
      do {
        try await group.run()
      } catch let failure as ListenFailure {
        throw CommandFailure(failure, host: host, port: port)
      }
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
