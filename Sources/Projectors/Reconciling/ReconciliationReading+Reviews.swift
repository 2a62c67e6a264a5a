internal import Charges
internal import Postgres
internal import Procedures
internal import Store

/// What charges stand by a person's word alone.
struct ReviewedCharges {
  /// One element a kind, in the order of kinds.
  var undocumented: [UndocumentedCharges]
  /// The units over a limit, by code.
  var unitsOverLimit: [BillingCode: Int]
}

extension ReconciliationReading {
  /// How many cases are folded at once.
  private static let caseLimit = 100

  /// Looks over every charged case that can have something of the kind: the database picks out
  /// those with a release, a retraction, or without one of the entries that show a procedure.
  func reviewedCharges() throws(PostgresError) -> ReviewedCharges {
    var facilityFold = FacilityFold()
    try session.forEachLogRow(
      of: .zero, in: facility, after: 0, through: moment.linePosition
    ) { facilityFold.add($0) }
    let rules = RulesInForce(
      books: RuleBooksInSession(books, of: facility, session), facility: facilityFold.state)
    var sums = ReviewSums(limit: limit)
    var last: ReconciledCase?
    repeat {
      let page = try chargedCases(after: last)
      try review(page, by: rules, into: &sums)
      last = page.count < Self.caseLimit ? nil : page.last
    } while last != nil
    return sums.result
  }

  private func chargedCases(after last: ReconciledCase?) throws(PostgresError) -> [ReconciledCase] {
    let day = last?.serviceDate.map { Int32(clamping: $0.daysSince1970) } ?? firstDay
    return try session.query(
      """
      SELECT \(unescaped: Self.caseColumns)
      FROM projection.case c
      CROSS JOIN LATERAL (
        SELECT bool_or(v.type IN ('hold-released', 'entry-retracted')) AS is_judged,
          bool_or(v.type = 'image-acquired') AS is_imaged,
          bool_or(v.type IN ('percutaneous-entry', 'device-inserted', 'intervention-performed'))
            AS is_acted
        FROM log.event v
        WHERE v.facility = c.facility AND v.case_id = c.case_id
          AND v.position <= \(moment.linePosition)) v
      WHERE c.facility = \(facility.text) AND c.generation = \(generation)
        AND c.service_date BETWEEN DATE '1970-01-01' + \(day) AND DATE '1970-01-01' + \(lastDay)
        AND (c.service_date, c.case_id)
          > (DATE '1970-01-01' + \(day), \(last?.caseID ?? CaseID.zero))
        AND (v.is_judged OR NOT v.is_imaged OR NOT v.is_acted)
        AND EXISTS (
          SELECT FROM ledger.entry e
          WHERE e.facility = c.facility AND e.case_id = c.case_id AND \(unescaped: LedgerEntry.stands))
      ORDER BY c.service_date, c.case_id LIMIT \(Int64(Self.caseLimit))
      """
    ).map { row throws(PostgresError) in try ReconciledCase(row, at: 0) }
  }

  private func review(
    _ page: [ReconciledCase], by rules: RulesInForce, into sums: inout ReviewSums
  ) throws(PostgresError) {
    guard !page.isEmpty else { return }
    var folds: [CaseID: CaseFold] = [:]
    try session.forEachLogRow(
      of: page.map(\.caseID), in: facility, through: moment.linePosition
    ) { row in folds[row.caseID, default: CaseFold(row.caseID)].add(row) }
    var days: [CaseID: PatientDay] = [:]
    for (caseID, fold) in folds { days[caseID] = try rules.session(of: fold.state)?.day }
    let stored = GenerationRows(facility: facility, generation: generation, session: session)
    let sessions = Dictionary(grouping: try stored.sessions(on: Set(days.values)), by: \.day)
    var found: [(subject: ReconciledCase, gap: ChargeReview.Gap)] = []
    for subject in page {
      guard let fold = folds[subject.caseID] else { continue }
      let others = (days[subject.caseID].flatMap { sessions[$0] } ?? [])
        .filter { $0.caseID != subject.caseID }
      let context = try rules.derive(fold, otherSessions: others).context
      // A case that cannot be derived has no charge that stands, or the balance says so.
      guard let review = try? ChargeReview(of: fold.state, in: context) else { continue }
      found += review.gaps.map { (subject, $0) }
      for (code, units) in review.unitsOverLimit {
        sums.unitsOverLimit[code, default: 0] += units
      }
    }
    let records = try records(of: found.compactMap(\.gap.entry))
    for (subject, gap) in found {
      let record = gap.entry.flatMap { records[$0] }
      sums.add(
        UndocumentedCharge(subject, gap, person: record?.person, recordedAt: record?.time))
    }
  }

  /// Who recorded these entries, and when.
  private func records(
    of entries: [EventID]
  ) throws(PostgresError) -> [EventID: (person: PersonCode?, time: Instant)] {
    guard !entries.isEmpty else { return [:] }
    var records: [EventID: (person: PersonCode?, time: Instant)] = [:]
    let rows = try session.query(
      """
      SELECT event_id, recorder, recorded_at FROM log.event
      WHERE facility = \(facility.text) AND event_id = ANY (\(entries))
      """)
    for row in rows {
      records[try row[0]] = (PersonCode(try row[1, as: String.self]), try row[2])
    }
    return records
  }
}

/// Charges on their way into a report.
private struct ReviewSums {
  let limit: Int
  var unitsOverLimit: [BillingCode: Int] = [:]
  private var counts: [UndocumentedCharge.Kind: (charges: Int, units: Int)] = [:]
  private var charges: [UndocumentedCharge.Kind: [UndocumentedCharge]] = [:]

  init(limit: Int) { self.limit = limit }

  mutating func add(_ charge: UndocumentedCharge) {
    let before = counts[charge.kind] ?? (0, 0)
    counts[charge.kind] = (before.charges + 1, before.units + charge.units)
    if before.charges < limit { charges[charge.kind, default: []].append(charge) }
  }

  var result: ReviewedCharges {
    ReviewedCharges(
      undocumented: UndocumentedCharge.Kind.allCases.map { kind in
        UndocumentedCharges(
          kind, units: counts[kind]?.units ?? 0,
          Listing(count: counts[kind]?.charges ?? 0, charges[kind] ?? []))
      }, unitsOverLimit: unitsOverLimit)
  }
}
