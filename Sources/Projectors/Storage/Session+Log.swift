internal import Postgres
internal import Procedures
internal import Store

// The log within a transaction of the projector, whose own rows must fit what it reads here. Every
// read names the position up to which it looks, so that a later commit changes no answer.

extension DatabaseSession {
  /// Where the log ends; 0 where there is none.
  func logEnd(of facility: FacilityCode) throws(PostgresError) -> Int64 {
    try query("SELECT position FROM log.head WHERE facility = \(facility.text)")
      .first.map { row throws(PostgresError) in try row[0] } ?? 0
  }

  /// Rows of the log after a position, in order.
  func logRows(
    of facility: FacilityCode, after position: Int64, limit: Int
  ) throws(PostgresError) -> [LogRow] {
    try query(
      """
      SELECT \(unescaped: LogRow.columns) FROM log.event
      WHERE facility = \(facility.text) AND position > \(position)
      ORDER BY position LIMIT \(Int64(limit))
      """
    ).map { row throws(PostgresError) in try LogRow(row, facility: facility) }
  }

  /// Calls `body` with each row of a case after a version and up to a position, in order.
  func forEachLogRow(
    of caseID: CaseID, in facility: FacilityCode, after version: Int64, through position: Int64,
    _ body: (LogRow) -> Void
  ) throws(PostgresError) {
    try forEachRow(
      """
      SELECT \(unescaped: LogRow.columns) FROM log.event
      WHERE facility = \(facility.text) AND case_id = \(caseID) AND version > \(version)
        AND position <= \(position)
      ORDER BY version
      """
    ) { row throws(PostgresError) in body(try LogRow(row, facility: facility)) }
  }

  /// Calls `body` with each row of these cases up to a position, case by case and in order.
  func forEachLogRow(
    of cases: [CaseID], in facility: FacilityCode, through position: Int64,
    _ body: (LogRow) -> Void
  ) throws(PostgresError) {
    guard !cases.isEmpty else { return }
    // A COPY takes no parameters: ids are hexadecimal, and a code is letters, digits and hyphens.
    let wanted = cases.map(\.description).joined(separator: ",")
    try copyRowsOut(
      """
      COPY (
        SELECT \(LogRow.columns) FROM unnest('{\(wanted)}'::uuid[]) AS wanted (id)
        JOIN log.event ON facility = '\(facility.text)' AND case_id = wanted.id
          AND position <= \(position)
        ORDER BY case_id, version
      ) TO STDOUT (FORMAT binary)
      """
    ) { row throws(PostgresError) in body(try LogRow(&row, facility: facility)) }
  }

  /// The next cases of the log after one, by id.
  func logCases(
    of facility: FacilityCode, after caseID: CaseID, limit: Int
  ) throws(PostgresError) -> [CaseID] {
    // Jumps from case to case along the index instead of reading every row of each.
    try query(
      """
      WITH RECURSIVE found (id, number) AS (
        (SELECT case_id, 1 FROM log.event
         WHERE facility = \(facility.text) AND case_id > \(caseID)
         ORDER BY case_id LIMIT 1)
        UNION ALL
        SELECT (SELECT case_id FROM log.event
                WHERE facility = \(facility.text) AND case_id > found.id
                ORDER BY case_id LIMIT 1), number + 1
        FROM found WHERE found.id IS NOT NULL AND number < \(Int32(limit))
      )
      SELECT id FROM found WHERE id IS NOT NULL ORDER BY id
      """
    ).map { row throws(PostgresError) in try row[0] }
  }
}
