public import Charges
public import Postgres
public import Procedures
internal import Store

/// Holds what was charged against what was done: reads the report of a period in one snapshot.
public struct Reconciler: Sendable {
  /// The most elements of one list of a report.
  public static let listLimit = 1_000

  private let pool: ConnectionPool
  private let books: RuleBookShelf

  /// Reads through connections in the role of the service.
  ///
  /// - Parameters:
  ///   - pool: the connections.
  ///   - ruleBooks: the books by which cases are derived.
  public init(pool: ConnectionPool, ruleBooks: RuleBookLibrary) {
    self.pool = pool
    books = ruleBooks.shelf
  }

  /// The database's clock, for whoever has no other reason to choose a time.
  ///
  /// - Throws: the database's error.
  public func now() async throws(ReconciliationError) -> Instant {
    do throws(PostgresError) {
      return try await pool.transaction(.readOnly) { session throws(PostgresError) in
        try session.queryOne("SELECT clock_timestamp()")[0]
      }
    } catch {
      throw .projection(.database(error))
    }
  }

  /// The report of a period, all of it of one moment.
  ///
  /// Memory is bounded by the lists' limit and a page of cases, however much is counted.
  ///
  /// - Parameters:
  ///   - facility: whose cases.
  ///   - first: the first date of service; nil as `ServicePeriod` says.
  ///   - last: the last date of service; nil likewise.
  ///   - now: the time by which days are counted.
  ///   - limit: how many elements a list has at most, up to ``listLimit``.
  /// - Returns: the report.
  /// - Throws: ``ReconciliationError``.
  public func report(
    on facility: FacilityCode, from first: CalendarDate? = nil, to last: CalendarDate? = nil,
    at now: Instant, listing limit: Int = 100
  ) async throws(ReconciliationError) -> Reconciliation {
    let limit = min(max(limit, 0), Self.listLimit)
    let books = books
    let outcome: Result<Reconciliation, ReconciliationError>
    do throws(PostgresError) {
      outcome = try await pool.transaction(
        TransactionMode.readOnlyRepeatable.projecting(facility)
      ) { session throws(PostgresError) in
        let positions = try Positions.read(of: facility, session)
        var fold = FacilityFold()
        try session.forEachLogRow(of: .zero, in: facility, after: 0, through: positions.log) {
          fold.add($0)
        }
        guard let opening = fold.state.opening else {
          return .failure(.projection(.facilityUnknown))
        }
        let moment = ReconciledMoment(
          time: now, timeZone: opening.timeZone, logPosition: positions.log,
          linePosition: positions.lines, ledgerPosition: positions.ledger)
        let period: ServicePeriod
        do throws(ServicePeriod.Fault) {
          period = try ServicePeriod(from: first, to: last, today: moment.today)
        } catch {
          return .failure(.period(error))
        }
        return .success(
          try ReconciliationReading(
            facility: facility, period: period, moment: moment,
            generation: positions.generation, limit: limit, books: books, session: session
          ).report())
      }
    } catch {
      throw .projection(.database(error))
    }
    return try outcome.get()
  }
}

/// Why there is no report.
public enum ReconciliationError: Error {
  /// The dates make no period.
  case period(ServicePeriod.Fault)
  /// What it is made of could not be read.
  case projection(ProjectorError)
}

/// How far the log, the lines and the ledger of a facility have come.
private struct Positions {
  let log: Int64
  let lines: Int64
  let ledger: Int64
  /// The generation of lines that readers see; 0, which none has, before the first.
  let generation: Int64

  static func read(
    of facility: FacilityCode, _ session: DatabaseSession
  ) throws(PostgresError) -> Positions {
    let checkpoint = try Checkpoint.active(of: facility, session)
    return Positions(
      log: try session.logEnd(of: facility), lines: checkpoint?.position ?? 0,
      ledger: try LedgerHead.read(of: facility, session).position,
      generation: checkpoint?.generation ?? 0)
  }
}
