internal import CoreMetrics
internal import Postgres

/// Values that are looked at when the page is read, not when they change.
struct ServiceGauges: Sendable {
  private let pool: ConnectionPool
  private let connections: Meter
  private let waiters: Meter

  init(pool: ConnectionPool, metrics: PrometheusMetrics) {
    self.pool = pool
    connections = Meter(label: "cathlog_database_connections", factory: metrics)
    waiters = Meter(label: "cathlog_database_waiters", factory: metrics)
  }

  func refresh() {
    connections.set(pool.connectionCount)
    waiters.set(pool.waiterCount)
  }
}
