internal import Charges
internal import Postgres
internal import Procedures
internal import Store

/// A report's reading within its snapshot.
struct ReconciliationReading {
  let facility: FacilityCode
  let period: ServicePeriod
  let moment: ReconciledMoment
  /// Of the lines that readers see.
  let generation: Int64
  /// How many elements a list has at most.
  let limit: Int
  let books: RuleBookShelf
  let session: DatabaseSession

  var firstDay: Int32 { Int32(clamping: period.first.daysSince1970) }
  var lastDay: Int32 { Int32(clamping: period.last.daysSince1970) }

  /// Of `projection.case c`, what ``ReconciledCase/init(_:at:)`` reads.
  static let caseColumns = """
    c.case_id, c.service_date - DATE '1970-01-01', c.operator, c.room, c.payer
    """

  func report() throws(PostgresError) -> Reconciliation {
    let unprojected = try unprojectedCases()
    let reviewed = try reviewedCharges()
    return Reconciliation(
      facility: facility, period: period, moment: moment,
      balance: try balance(unprojectedCount: unprojected.cases.count),
      uncharged: try unchargedCases(unprojected), undocumented: reviewed.undocumented,
      differing: moment.isSettled ? try differingCharges() : Listing(count: 0, []),
      holds: try heldLines(), lag: try chargeLag(),
      codes: try codeUnits(overLimit: reviewed.unitsOverLimit), ledger: try ledgerStanding())
  }
}

// MARK: - The balance

extension ReconciliationReading {
  private func balance(unprojectedCount: Int) throws(PostgresError) -> ReconciledBalance {
    let ledger = try session.queryOne(
      """
      SELECT count(DISTINCT e.case_id) FILTER (WHERE \(unescaped: LedgerEntry.stands)),
        coalesce(sum(CASE WHEN e.credit_of IS NULL THEN e.units ELSE -e.units END), 0)::bigint
      FROM ledger.entry e
      WHERE e.facility = \(facility.text)
        AND e.service_date BETWEEN DATE '1970-01-01' + \(firstDay) AND DATE '1970-01-01' + \(lastDay)
      """)
    let lines = try session.queryOne(
      """
      SELECT count(*), coalesce(sum(l.billable) FILTER (WHERE w.case_id IS NULL), 0)::bigint,
        count(*) FILTER (WHERE l.waits AND EXISTS (
          SELECT FROM ledger.entry e
          WHERE e.facility = c.facility AND e.case_id = c.case_id AND \(unescaped: LedgerEntry.stands)))
      FROM projection.case c
      LEFT JOIN ledger.withheld_case w USING (facility, case_id)
      CROSS JOIN LATERAL (
        SELECT sum(l.units) FILTER (WHERE l.status = 'billable') AS billable,
          bool_or(l.status = 'planned') AS waits
        FROM projection.line l
        WHERE l.facility = c.facility AND l.generation = c.generation
          AND l.case_id = c.case_id) l
      WHERE c.facility = \(facility.text) AND c.generation = \(generation)
        AND c.service_date BETWEEN DATE '1970-01-01' + \(firstDay) AND DATE '1970-01-01' + \(lastDay)
      """)
    let undated = try session.queryOne(
      """
      SELECT count(*) FROM projection.case c
      WHERE c.facility = \(facility.text) AND c.generation = \(generation)
        AND c.service_date IS NULL
      """)
    return ReconciledBalance(
      caseCount: try lines.count(0) + unprojectedCount, chargedCaseCount: try ledger.count(0),
      partlyHeldCaseCount: try lines.count(2), ledgerUnits: try ledger.count(1),
      lineUnits: try lines.count(1), undatedCaseCount: try undated.count(0))
  }

  /// Where the charges that stand are not, code by code and case by case, the lines.
  private func differingCharges() throws(PostgresError) -> Listing<DifferingCharge> {
    let rows = try session.query(
      """
      WITH charged AS (
        SELECT e.case_id, e.code, sum(e.units) AS units, coalesce((
            SELECT string_agg(m.text, ',' ORDER BY m.place)
            FROM jsonb_array_elements_text(e.document::jsonb -> 'modifiers')
              WITH ORDINALITY AS m (text, place)), '') AS modifiers
        FROM ledger.entry e
        WHERE e.facility = \(facility.text) AND \(unescaped: LedgerEntry.stands)
          AND e.service_date BETWEEN DATE '1970-01-01' + \(firstDay)
            AND DATE '1970-01-01' + \(lastDay)
        GROUP BY 1, 2, 4
      ), billable AS (
        SELECT l.case_id, l.code, sum(l.units) AS units,
          array_to_string(l.modifiers, ',') AS modifiers
        FROM projection.case c
        JOIN projection.line l USING (facility, generation, case_id)
        LEFT JOIN ledger.withheld_case w USING (facility, case_id)
        WHERE c.facility = \(facility.text) AND c.generation = \(generation)
          AND c.service_date BETWEEN DATE '1970-01-01' + \(firstDay)
            AND DATE '1970-01-01' + \(lastDay)
          AND l.status = 'billable' AND w.case_id IS NULL
        GROUP BY 1, 2, 4
      )
      SELECT d.case_id, c.service_date - DATE '1970-01-01', c.operator, c.room, c.payer, d.code,
        d.modifiers, coalesce(d.charged, 0)::bigint, coalesce(d.billable, 0)::bigint,
        count(*) OVER ()
      FROM (
        SELECT case_id, code, modifiers, a.units AS charged, b.units AS billable
        FROM charged a FULL JOIN billable b USING (case_id, code, modifiers)
        WHERE a.units IS DISTINCT FROM b.units) d
      LEFT JOIN projection.case c ON c.facility = \(facility.text)
        AND c.generation = \(generation) AND c.case_id = d.case_id
      ORDER BY d.case_id, d.code, d.modifiers LIMIT \(Int64(max(1, limit)))
      """)
    var charges: [DifferingCharge] = []
    for row in rows.prefix(limit) {
      guard let code = BillingCode(try row[5]) else { continue }
      let modifiers: String = try row[6]
      charges.append(
        DifferingCharge(
          try ReconciledCase(row, at: 0), code: code,
          modifiers: modifiers.split(separator: ",").compactMap { Modifier(String($0)) },
          ledgerUnits: try row.count(7), lineUnits: try row.count(8)))
    }
    return Listing(count: try rows.first?.count(9) ?? 0, charges)
  }
}

extension Row {
  /// A `bigint` as a number.
  func count(_ column: Int) throws(PostgresError) -> Int { Int(try self[column, as: Int64.self]) }
}

extension ReconciledCase {
  /// Reads five columns of a row from one on.
  init(_ row: Row, at column: Int) throws(PostgresError) {
    let day: Int32? = try row[column + 1]
    self.init(
      caseID: try row[column],
      serviceDate: day.map { CalendarDate(daysSince1970: Int($0)) },
      operatingPhysician: try row[column + 2, as: String?.self].flatMap { PersonCode($0) },
      room: try row[column + 3, as: String?.self].flatMap { RoomName($0) },
      payer: try row[column + 4, as: String?.self].flatMap { PayerCode($0) })
  }
}
