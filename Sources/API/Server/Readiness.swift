internal import Postgres
internal import Procedures
internal import Projectors
internal import Store
internal import Synchronization

/// Whether the service can do its work: the database answers, its schema is this edition's, and the
/// projectors keep up.
///
/// An answer is good for a moment, so that asking often, which anybody may, costs the database nothing.
final class Readiness: Sendable {
  private static let freshFor = Duration.milliseconds(250)

  /// What is found, part by part.
  struct Report: Sendable {
    /// Whether the database answers.
    var isDatabaseReachable = false
    /// The migrations that are still to be applied; nil where the schema is not this edition's.
    var pendingMigrations: [String]?
    /// Whether the log's definition is guarded from its owner too.
    ///
    /// It needs a superuser to install, so it is told and does not count.
    var isDefinitionGuarded: Bool?
    /// Whether a commit that was answered is kept; nil where that cannot be read.
    ///
    /// It is told and does not count: a service that is taken out of use records nothing at all.
    var durability: Durability?
    /// How every facility's read models stand to its log; nil where that cannot be read.
    var projectors: [FacilityCode: ProjectorStatus]?
    /// How long ago the oldest event may have been recorded that is not projected.
    var stalenessLimit: Duration
  }

  private let pool: ConnectionPool
  private let runner: ProjectorRunner
  private let stalenessLimit: Duration
  private let last = Mutex<(report: Report, at: ContinuousClock.Instant)?>(nil)

  init(pool: ConnectionPool, runner: ProjectorRunner, stalenessLimit: Duration) {
    self.pool = pool
    self.runner = runner
    self.stalenessLimit = stalenessLimit
  }

  func report() async -> Report {
    if let last = last.withLock({ $0 }), .now - last.at < Self.freshFor { return last.report }
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
      case .database: return report
      case .edited, .ahead: report.isDatabaseReachable = true
      }
    }
    report.durability = try? await pool.run { session throws(PostgresError) in
      try Durability.read(session)
    }
    // What cannot be read is not ready, whatever the reason.
    report.projectors = try? await runner.status()
    return report
  }
}

extension Readiness.Report {
  /// Whether requests can be sent here.
  var isReady: Bool {
    isDatabaseReachable && pendingMigrations?.isEmpty == true
      && projectors?.values.allSatisfy { $0.staleness <= stalenessLimit } == true
  }

  /// The report as it is shown.
  var json: JSON {
    let guarded = isDefinitionGuarded.map { $0 ? "installed" : "missing" } ?? "unknown"
    let facilities = projectors?.sorted { $0.key < $1.key }.map { $1.json(of: $0) }
    return [
      "status": isReady ? "ready" : "not-ready",
      "database": isDatabaseReachable ? "reachable" : "unreachable",
      "migrations": [
        "current": .bool(pendingMigrations?.isEmpty == true),
        "pending": .texts(pendingMigrations ?? []),
      ],
      "definitionGuard": .string(guarded),
      "durability": [
        "settingsOff": .texts(durability?.losingSettings ?? []),
        "waitsForAbsentStandby": .bool(durability?.waitsForAbsentStandby == true),
      ],
      "facilities": .array(facilities ?? []),
    ]
  }
}

extension ProjectorStatus {
  /// The status as it is shown.
  fileprivate func json(of facility: FacilityCode) -> JSON {
    [
      "facility": .string(facility.text), "position": .integer(position),
      "logEnd": .integer(logEnd), "lag": .integer(lag),
      "stalenessMilliseconds": .integer(Int64(staleness / .milliseconds(1))),
      "held": .integer(held), "heldCases": .integer(heldCaseCount),
      "ofThisEdition": .bool(isOfThisEdition), "rebuilding": .bool(isRebuilding),
    ]
  }
}
