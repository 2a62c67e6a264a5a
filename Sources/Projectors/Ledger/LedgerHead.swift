internal import Postgres
internal import Procedures

/// Where a facility's ledger stands.
struct LedgerHead: Hashable, Sendable {
  /// Up to where the log is posted; 0 before anything was.
  var position: Int64 = 0
  /// The last number given; 0 before the first.
  var lastNumber: Int64 = 0

  /// Reads it in the transaction's view.
  static func read(
    of facility: FacilityCode, _ session: DatabaseSession
  ) throws(PostgresError) -> LedgerHead {
    try session.query(
      "SELECT position, last_number FROM ledger.head WHERE facility = \(facility.text)"
    ).first.map { row throws(PostgresError) in
      LedgerHead(position: try row[0], lastNumber: try row[1])
    } ?? LedgerHead()
  }
}
