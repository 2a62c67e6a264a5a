public import Charges
public import Postgres
public import Procedures

/// What people order of a ledger, which enters nothing: that billing has posted so far, and that an
/// epoch begins.
public struct LedgerOrders: Sendable {
  private let pool: ConnectionPool

  /// Gives orders through connections in the role of the service.
  public init(pool: ConnectionPool) { self.pool = pool }

  /// What an acknowledgement came to.
  public enum Outcome: Hashable, Sendable {
    /// It is taken down.
    case acknowledged(LedgerAcknowledgement)
    /// Billing had said so already, as is told here.
    case repeated(LedgerAcknowledgement)
    /// Billing had said that it was further, as is told here; nothing is taken down.
    case backwards(LedgerAcknowledgement)
  }

  /// Takes down that billing has posted every entry up to this one.
  ///
  /// - Throws: ``LedgerError``; ``LedgerError/stale(_:)`` where the ledger has not this very entry.
  public func acknowledge(
    through id: EntryID, in facility: FacilityCode, by person: PersonCode
  ) async throws(LedgerError) -> Outcome {
    try await LedgerError.transaction(pool, facility, .readWrite) {
      session throws(PostgresError) in
      let row = try session.queryOne(
        """
        SELECT outcome, through_epoch, through_number, acknowledged_at, person
        FROM ledger.acknowledge(
          \(facility.text), \(id.epoch.text), \(id.number), \(person.text))
        """)
      let outcome: String = try row[0]
      if outcome == "unknown" { return .failure(try StaleCursor.read(id, in: facility, session)) }
      let stands = try LedgerAcknowledgement(
        epoch: try row[1], number: try row[2], at: try row[3], by: try row[4])
      switch outcome {
      case "acknowledged": return .success(.acknowledged(stands))
      case "repeat": return .success(.repeated(stands))
      case "backwards": return .success(.backwards(stands))
      default: throw .unreadable("an acknowledgement of the ledger had an unknown outcome")
      }
    }
  }

  /// Begins an epoch, after a restore that left the database's identity as it was.
  ///
  /// - Returns: the epoch; nil where the facility has no ledger yet, and so nothing to restart.
  /// - Throws: ``ProjectorError``.
  public func restart(
    _ facility: FacilityCode, by person: PersonCode
  ) async throws(ProjectorError) -> LedgerEpoch? {
    try await pool.transaction(in: facility, .readWrite) { session throws(PostgresError) in
      let name: String? = try session.queryOne(
        "SELECT ledger.restart(\(facility.text), \(person.text))")[0]
      return try name.map { name throws(PostgresError) in try LedgerEpoch(stored: name) }
    }
  }
}
