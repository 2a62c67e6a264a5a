public import Postgres
public import Procedures

/// The cases that a facility keeps out of its ledger: imported ones, which were billed where they
/// come from.
public struct WithheldCases: Sendable {
  private let pool: ConnectionPool

  /// Reads and writes through connections in the role of the service.
  public init(pool: ConnectionPool) { self.pool = pool }

  /// Withholds cases that are about to be imported, for good.
  ///
  /// - Parameters:
  ///   - cases: the cases; those withheld before stay so.
  ///   - facility: in whose log they will be.
  ///   - person: who imports them.
  /// - Returns: those for which it is too late, in order: they are in the log and are posted.
  /// - Throws: ``ProjectorError``.
  public func withhold(
    _ cases: [CaseID], in facility: FacilityCode, by person: PersonCode
  ) async throws(ProjectorError) -> [CaseID] {
    try await pool.transaction(in: facility, .readWrite) { session throws(PostgresError) in
      try session.query(
        "SELECT ledger.withhold(\(facility.text), \(cases), \(person.text))"
      ).map { row throws(PostgresError) in try row[0, as: CaseID.self] }.sorted()
    }
  }

  /// Those of these cases that are withheld, in order.
  ///
  /// - Throws: ``ProjectorError``.
  public func withheld(
    among cases: [CaseID], in facility: FacilityCode
  ) async throws(ProjectorError) -> [CaseID] {
    try await pool.transaction(in: facility, .readOnly) { session throws(PostgresError) in
      try session.query(
        """
        SELECT case_id FROM ledger.withheld_case
        WHERE facility = \(facility.text) AND case_id = ANY (\(cases)) ORDER BY case_id
        """
      ).map { row throws(PostgresError) in try row[0] }
    }
  }
}
