internal import Postgres
internal import Procedures
internal import Store
internal import Synchronization

/// Whether the service can do its work: the database answers, its schema is this edition's, and the
/// projectors keep up.
///
/// An answer is good for a second, so that asking often, which anybody may, costs the database nothing.
final class Readiness: Sendable {
  /// What is found, part by part.
  struct Report: Sendable {
    /// Whether the database answers.
    var isDatabaseReachable = false
    /// The migrations that are still to be applied; nil where the schema cannot be read.
    var pendingMigrations: [String]?
    /// Whether the log's definition is guarded from its owner too. It needs a superuser to install, so
    /// it is told and does not count.
    var isDefinitionGuarded: Bool?
    /// How long ago the oldest event was recorded that is not projected.
    var staleness: Duration?
    /// The longest that it may be.
    var stalenessLimit: Duration
  }

  private let pool: ConnectionPool
  private let staleness: @Sendable () async -> Duration?
  private let stalenessLimit: Duration
  private let last = Mutex<(report: Report, at: ContinuousClock.Instant)?>(nil)

  /// - Parameter staleness: of the projectors; nil while they have not begun.
  init(
    pool: ConnectionPool, stalenessLimit: Duration,
    staleness: @escaping @Sendable () async -> Duration?
  ) {
    self.pool = pool
    self.stalenessLimit = stalenessLimit
    self.staleness = staleness
  }

  func report() async -> Report {
    if let last = last.withLock({ $0 }), .now - last.at < .seconds(1) { return last.report }
    let report = await look()
    last.withLock { $0 = (report, .now) }
    return report
  }

  private func look() async -> Report {
    var report = Report(stalenessLimit: stalenessLimit)
    do throws(MigrationError) {
      let status = try await Migrator().status(pool)
      report.isDatabaseReachable = true
      report.pendingMigrations = status.pending
      report.isDefinitionGuarded = status.isDefinitionGuarded
    } catch {
      switch error {
      case .database: break
      case .edited, .ahead: report.isDatabaseReachable = true
      }
    }
    report.staleness = await staleness()
    return report
  }
}

extension Readiness.Report {
  /// Whether requests can be sent here.
  var isReady: Bool {
    isDatabaseReachable && pendingMigrations?.isEmpty == true && isKeepingUp
  }

  private var isKeepingUp: Bool { staleness.map { $0 <= stalenessLimit } ?? false }

  /// The report as it is shown.
  var json: JSON {
    let guarded = isDefinitionGuarded.map { $0 ? "installed" : "missing" } ?? "unknown"
    let milliseconds = staleness.map { JSON.integer(Int64($0 / .milliseconds(1))) }
    return [
      "status": isReady ? "ready" : "not-ready",
      "database": isDatabaseReachable ? "reachable" : "unreachable",
      "migrations": [
        "current": .bool(pendingMigrations?.isEmpty == true),
        "pending": .texts(pendingMigrations ?? []),
      ],
      "projectors": [
        "keepingUp": .bool(isKeepingUp), "stalenessMilliseconds": milliseconds ?? .null,
      ],
      "definitionGuard": .string(guarded),
    ]
  }
}
