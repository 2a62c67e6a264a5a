internal import Charges
internal import Postgres
internal import Procedures
internal import Store

extension ReconciliationReading {
  /// The cases of which no charge stands, by reason; of them, those that are not projected yet are
  /// known already.
  func unchargedCases(_ unprojected: UnchargedCases) throws(PostgresError) -> [UnchargedCases] {
    var counts: [UnchargedReason: Int] = [:]
    var cases: [UnchargedReason: [UnchargedCase]] = [:]
    let unlisted = limit == 0
    for row in try unchargedRows() {
      guard let reason = UnchargedReason(rawValue: try row[5]) else { continue }
      counts[reason] = try row.count(6)
      if !unlisted { cases[reason, default: []].append(try UnchargedCase(row, reason)) }
    }
    if let unsigned = cases[.notSigned] { cases[.notSigned] = try withGaps(unsigned) }
    return UnchargedReason.allCases.map { reason in
      reason == .notProjected
        ? unprojected
        : UnchargedCases(reason, Listing(count: counts[reason] ?? 0, cases[reason] ?? []))
    }
  }

  /// The first cases of each reason, each row with the number of them all.
  private func unchargedRows() throws(PostgresError) -> [Row] {
    try session.query(
      """
      WITH uncharged AS (
        SELECT c.*, h.reason AS fault,
          CASE WHEN w.case_id IS NOT NULL THEN 'withheld'
            WHEN c.phase = 'cancelled' THEN 'cancelled'
            WHEN h.case_id IS NOT NULL THEN 'derivation-failed'
            WHEN NOT c.counts_as_signed THEN 'not-signed'
            WHEN l.is_billable THEN 'not-posted'
            WHEN l.waits THEN 'held'
            WHEN l.is_excluded THEN 'excluded-by-edits'
            ELSE 'nothing-to-charge' END AS uncharged
        FROM projection.case c
        LEFT JOIN ledger.withheld_case w USING (facility, case_id)
        LEFT JOIN projection.held h USING (facility, generation, case_id)
        CROSS JOIN LATERAL (
          SELECT bool_or(l.status = 'billable') AS is_billable,
            bool_or(l.status = 'planned') AS waits,
            bool_or(l.status = 'not-billable') AS is_excluded
          FROM projection.line l
          WHERE l.facility = c.facility AND l.generation = c.generation
            AND l.case_id = c.case_id) l
        WHERE c.facility = \(facility.text) AND c.generation = \(generation)
          AND c.service_date BETWEEN DATE '1970-01-01' + \(firstDay)
            AND DATE '1970-01-01' + \(lastDay)
          AND NOT EXISTS (
            SELECT FROM ledger.entry e
            WHERE e.facility = c.facility AND e.case_id = c.case_id
              AND \(unescaped: LedgerEntry.stands))
      ), listed AS (
        SELECT u.*, count(*) OVER (PARTITION BY uncharged) AS cases,
          row_number() OVER (PARTITION BY uncharged ORDER BY service_date, case_id) AS place
        FROM uncharged u
      )
      SELECT \(unescaped: Self.caseColumns), c.uncharged, c.cases, c.fault,
        ARRAY(
          SELECT DISTINCT h.hold FROM projection.line l CROSS JOIN unnest(l.holds) AS h (hold)
          WHERE l.facility = c.facility AND l.generation = c.generation
            AND l.case_id = c.case_id AND h.hold <> 'case-not-signed'),
        ARRAY(
          SELECT DISTINCT f.edit ->> 'code' FROM projection.line l
          CROSS JOIN jsonb_array_elements(l.document::jsonb -> 'edits') AS f (edit)
          WHERE l.facility = c.facility AND l.generation = c.generation
            AND l.case_id = c.case_id AND l.status = 'not-billable')
      FROM listed c WHERE c.place <= \(Int64(max(1, limit)))
      ORDER BY c.uncharged, c.place
      """)
  }

  /// The same cases, with how each came to have no signature that covers it, and since when.
  private func withGaps(_ cases: [UnchargedCase]) throws(PostgresError) -> [UnchargedCase] {
    var histories: [CaseID: SignatureHistory] = [:]
    try session.forEachLogRow(
      of: cases.map(\.subject.caseID), in: facility, through: moment.linePosition
    ) { row in
      histories[row.caseID, default: SignatureHistory(row.caseID)].add(row)
    }
    return cases.map { element in
      let history = histories[element.subject.caseID]
      return UnchargedCase(
        element.subject, element.reason, holds: element.holds, gap: history?.gap,
        since: history?.since)
    }
  }

  /// The cases of the period that were recorded after the position up to which there are lines.
  func unprojectedCases() throws(PostgresError) -> UnchargedCases {
    var count = 0
    var cases: [UnchargedCase] = []
    try session.forEachRow(
      """
      SELECT \(unescaped: LogRow.columns) FROM log.event
      WHERE facility = \(facility.text) AND position > \(moment.linePosition)
        AND type = \(EventType.caseOpened.rawValue)
      ORDER BY position
      """
    ) { row throws(PostgresError) in
      let row = try LogRow(row, facility: facility)
      guard row.version == 1, let event = try? RecordedEvent(sealed: row).event,
        case .caseOpened(let opening) = event.body, opening.serviceDate >= period.first,
        opening.serviceDate <= period.last
      else { return }
      count += 1
      guard cases.count < limit else { return }
      let subject = ReconciledCase(
        caseID: row.caseID, serviceDate: opening.serviceDate,
        operatingPhysician: opening.operatingPhysician, room: opening.room, payer: opening.payer)
      cases.append(UnchargedCase(subject, .notProjected))
    }
    return UnchargedCases(.notProjected, Listing(count: count, cases))
  }
}

extension UnchargedCase {
  fileprivate init(_ row: Row, _ reason: UnchargedReason) throws(PostgresError) {
    let holds: [String] = try row[8]
    let edits: [String] = try row[9]
    let isTold = reason == .held || reason == .notSigned
    self.init(
      try ReconciledCase(row, at: 0), reason,
      holds: isTold ? HoldCode.allCases.filter { holds.contains($0.rawValue) } : [],
      edits: reason == .excluded
        ? edits.compactMap(Finding.Code.init).filter(\.excludesLine).sorted() : [],
      fault: try row[7])
  }
}

/// How a case came to be signed or not, event by event.
private struct SignatureHistory {
  private var fold: CaseFold
  private var wasSigned = false
  /// When it last changed where it stands.
  private(set) var since: Instant?

  init(_ caseID: CaseID) { fold = CaseFold(caseID) }

  mutating func add(_ row: LogRow) {
    let before = fold.state
    fold.add(row)
    let after = fold.state
    if after.countsAsSigned { wasSigned = true }
    if before.phase != after.phase || before.countsAsSigned != after.countsAsSigned {
      since = row.recordedAt
    }
  }

  var gap: UnchargedCase.SignatureGap? {
    if fold.state.countsAsSigned { return nil }
    switch fold.state.phase {
    case .signed: return .changed
    case .closed: return wasSigned ? .reopened : .closed
    case .open: return wasSigned ? .reopened : .open
    case .unknown, .cancelled: return nil
    }
  }
}
