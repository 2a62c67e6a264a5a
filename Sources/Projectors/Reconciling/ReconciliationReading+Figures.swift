internal import Charges
internal import Postgres
internal import Procedures

extension ReconciliationReading {
  /// What waits of all dates of service up to the period's last, by hold; but for cases that are
  /// withheld from the ledger, for which nobody waits.
  func heldLines() throws(PostgresError) -> [HeldLines] {
    var held: [HoldCode: HeldLines] = [:]
    try session.forEachRow(
      """
      SELECT w.hold, w.service_date - DATE '1970-01-01', count(w.number),
        count(DISTINCT w.case_id), coalesce(sum(w.units), 0)::bigint
      FROM (\(unescaped: Self.waiting)) w
      WHERE w.facility = \(facility.text) AND w.generation = \(generation)
        AND w.service_date <= DATE '1970-01-01' + \(lastDay)
      GROUP BY 1, 2
      """
    ) { row throws(PostgresError) in
      guard let hold = HoldCode(rawValue: try row[0]) else { return }
      let date = CalendarDate(daysSince1970: Int(try row[1, as: Int32.self]))
      held[hold, default: HeldLines(hold)].add(
        HeldLines.Count(
          lines: try row.count(2), cases: try row.count(3), units: try row.count(4)),
        of: date, at: moment)
    }
    let oldest = try session.query(
      """
      SELECT DISTINCT ON (w.hold) w.case_id, w.service_date - DATE '1970-01-01', w.operator,
        w.room, w.payer, w.hold
      FROM (\(unescaped: Self.waiting)) w
      WHERE w.facility = \(facility.text) AND w.generation = \(generation)
        AND w.service_date <= DATE '1970-01-01' + \(lastDay)
      ORDER BY w.hold, w.service_date, w.case_id
      """)
    for row in oldest {
      guard let hold = HoldCode(rawValue: try row[5]) else { continue }
      held[hold]?.note(oldest: try ReconciledCase(row, at: 0), at: moment)
    }
    return HoldCode.allCases.compactMap { held[$0] }
  }

  /// One row a hold of a line, and one a case that cannot be derived and so has no line.
  private static let waiting = """
    SELECT c.facility, c.generation, c.case_id, c.service_date, c.operator, c.room, c.payer,
      l.number, l.units, h.hold
    FROM projection.line l
    JOIN projection.case c USING (facility, generation, case_id)
    CROSS JOIN unnest(l.holds) AS h (hold)
    WHERE l.status = 'planned' AND NOT EXISTS (
      SELECT FROM ledger.withheld_case w
      WHERE w.facility = l.facility AND w.case_id = l.case_id)
    UNION ALL
    SELECT c.facility, c.generation, c.case_id, c.service_date, c.operator, c.room, c.payer,
      NULL, NULL, 'derivation-failed'
    FROM projection.held f
    JOIN projection.case c USING (facility, generation, case_id)
    WHERE NOT EXISTS (
      SELECT FROM ledger.withheld_case w
      WHERE w.facility = f.facility AND w.case_id = f.case_id)
    """

  /// How long the first charge of each case took.
  func chargeLag() throws(PostgresError) -> ChargeLag {
    var lag = ChargeLag()
    try session.forEachRow(
      """
      SELECT f.case_id, f.service_date - DATE '1970-01-01', c.operator, c.room, c.payer,
        f.posted_at
      FROM (
        SELECT DISTINCT ON (e.case_id) e.case_id, e.service_date, e.posted_at
        FROM ledger.entry e
        WHERE e.facility = \(facility.text) AND e.credit_of IS NULL
          AND e.service_date BETWEEN DATE '1970-01-01' + \(firstDay)
            AND DATE '1970-01-01' + \(lastDay)
        ORDER BY e.case_id, e.number) f
      LEFT JOIN projection.case c ON c.facility = \(facility.text)
        AND c.generation = \(generation) AND c.case_id = f.case_id
      ORDER BY f.case_id
      """
    ) { row throws(PostgresError) in
      let subject = try ReconciledCase(row, at: 0)
      let posted = moment.timeZone.date(of: try row[5])
      let date = subject.serviceDate ?? posted
      lag.add(subject, days: posted.daysSince1970 - date.daysSince1970)
    }
    lag.signing = try signingLag()
    return lag
  }

  private func signingLag() throws(PostgresError) -> ChargeLag.Signing? {
    let row = try session.queryOne(
      """
      WITH first AS (
        SELECT DISTINCT ON (e.case_id) e.case_id, e.posted_at, e.position
        FROM ledger.entry e
        WHERE e.facility = \(facility.text) AND e.credit_of IS NULL
          AND e.service_date BETWEEN DATE '1970-01-01' + \(firstDay)
            AND DATE '1970-01-01' + \(lastDay)
        ORDER BY e.case_id, e.number
      ), took AS (
        SELECT greatest(0, extract(epoch FROM f.posted_at - s.recorded_at))::bigint AS seconds
        FROM first f
        CROSS JOIN LATERAL (
          SELECT v.recorded_at FROM log.event v
          WHERE v.facility = \(facility.text) AND v.case_id = f.case_id
            AND v.type = \(EventType.caseSigned.rawValue) AND v.position <= f.position
          ORDER BY v.version DESC LIMIT 1) s
      )
      SELECT count(*), coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds), 0),
        coalesce(percentile_disc(0.9) WITHIN GROUP (ORDER BY seconds), 0),
        coalesce(max(seconds), 0)
      FROM took
      """)
    let caseCount = try row.count(0)
    guard caseCount > 0 else { return nil }
    return ChargeLag.Signing(
      caseCount: caseCount, medianSeconds: try row.count(1),
      ninetiethPercentileSeconds: try row.count(2), longestSeconds: try row.count(3))
  }

  /// What the ledger has of each code.
  func codeUnits(overLimit: [BillingCode: Int]) throws(PostgresError) -> [CodeUnits] {
    let rows = try session.query(
      """
      SELECT e.code, coalesce(sum(e.units) FILTER (WHERE e.credit_of IS NULL), 0)::bigint,
        coalesce(sum(e.units) FILTER (WHERE e.credit_of IS NOT NULL), 0)::bigint,
        count(DISTINCT e.case_id) FILTER (WHERE \(unescaped: LedgerEntry.stands))
      FROM ledger.entry e
      WHERE e.facility = \(facility.text)
        AND e.service_date BETWEEN DATE '1970-01-01' + \(firstDay) AND DATE '1970-01-01' + \(lastDay)
      GROUP BY 1 ORDER BY 1
      """)
    var codes: [CodeUnits] = []
    for row in rows {
      guard let code = BillingCode(try row[0]) else { continue }
      codes.append(
        CodeUnits(
          code, chargedUnits: try row.count(1), creditedUnits: try row.count(2),
          unitsOverLimit: overLimit[code] ?? 0, caseCount: try row.count(3)))
    }
    return codes
  }

  /// How far billing says to be.
  func ledgerStanding() throws(PostgresError) -> ReconciledLedger {
    let epoch = try session.query(
      """
      SELECT epoch FROM ledger.epoch WHERE facility = \(facility.text)
      ORDER BY ordinal DESC LIMIT 1
      """
    ).first.flatMap { row throws(PostgresError) in LedgerEpoch(try row[0]) }
    let said = try session.query(
      """
      SELECT epoch, through_number, person, acknowledged_at FROM ledger.acknowledgement
      WHERE facility = \(facility.text) ORDER BY ordinal DESC LIMIT 1
      """
    ).first
    let acknowledged: Int64 = try said?[1] ?? 0
    let outstanding = try session.queryOne(
      """
      SELECT count(*), coalesce(sum(units) FILTER (WHERE credit_of IS NULL), 0)::bigint,
        coalesce(sum(units) FILTER (WHERE credit_of IS NOT NULL), 0)::bigint
      FROM ledger.entry WHERE facility = \(facility.text) AND number > \(acknowledged)
      """)
    return ReconciledLedger(
      epoch: epoch, last: try posted("ORDER BY number DESC", after: 0),
      acknowledgement: try said.flatMap { row throws(PostgresError) in
        guard let epoch = LedgerEpoch(try row[0]), let person = PersonCode(try row[2]) else {
          return nil
        }
        return ReconciledLedger.Acknowledgement(
          through: EntryID(epoch: epoch, number: acknowledged), person: person, time: try row[3])
      }, outstandingEntryCount: try outstanding.count(0),
      outstandingChargedUnits: try outstanding.count(1),
      outstandingCreditedUnits: try outstanding.count(2),
      oldestOutstanding: try posted("ORDER BY number", after: acknowledged))
  }

  private func posted(
    _ order: String, after number: Int64
  ) throws(PostgresError) -> ReconciledLedger.Posted? {
    try session.query(
      """
      SELECT epoch, number, posted_at FROM ledger.entry
      WHERE facility = \(facility.text) AND number > \(number) \(unescaped: order) LIMIT 1
      """
    ).first.flatMap { row throws(PostgresError) in
      guard let epoch = LedgerEpoch(try row[0]) else { return nil }
      return ReconciledLedger.Posted(
        EntryID(epoch: epoch, number: try row[1]), at: try row[2])
    }
  }
}
