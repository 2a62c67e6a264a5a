public import Charges
public import Postgres
public import Procedures
internal import Store

/// Holds a facility's ledger against what its log makes it enter.
///
/// Each case is walked through by itself, event by event: another way to the same entries than the
/// batches that posted them.
public struct LedgerCheck: Sendable {
  private let pool: ConnectionPool
  private let ruleBook: RuleBook

  /// Checks through connections in the role of the service, under this rule book.
  public init(pool: ConnectionPool, ruleBook: RuleBook) {
    self.pool = pool
    self.ruleBook = ruleBook
  }

  /// What was found.
  public struct Report: Hashable, Sendable {
    /// The position of the log up to which the ledger is posted.
    public var position: Int64 = 0
    /// How many entries there are.
    public var entryCount: Int64 = 0
    /// How many cases were held against their entries.
    public var caseCount: Int64 = 0
    /// How many faults were found.
    public var faultCount: Int64 = 0
    /// How many cases were posted by another edition of the program or of its rule book, which made
    /// other entries of the same log; theirs stand.
    public var otherEditionCount: Int64 = 0
  }

  /// What is wrong with a ledger.
  public struct Fault: Hashable, Sendable {
    /// The case; nil where it is the numbers that are wrong.
    public var caseID: CaseID?
    /// The number of the first entry at fault; nil where one is missing at the end.
    public var number: Int64?
    /// What is wrong, in a sentence.
    public var sentence: String
  }

  /// Makes the entries of every case anew from the log, a page of cases at a time, and compares.
  ///
  /// - Parameters:
  ///   - facility: whose ledger.
  ///   - fault: hears of each fault, at most one a case.
  /// - Returns: what was found.
  /// - Throws: ``ProjectorError/facilityUnknown`` where nothing was projected yet.
  public func run(
    _ facility: FacilityCode, fault: @Sendable (Fault) -> Void
  ) async throws(ProjectorError) -> Report {
    try await pool.checking(facility, ruleBook) {
      checkpoint, projector, session throws(PostgresError) in
      var pass = try LedgerCheckPass(checkpoint, projector, session)
      try pass.checkNumbers(fault)
      while try pass.checkPage(fault) {}
      return pass.report
    }
  }
}

/// One walk over the cases of a log and the entries of its ledger.
private struct LedgerCheckPass {
  let checkpoint: Checkpoint
  let head: LedgerHead
  let projector: CurrentLines
  let session: DatabaseSession
  /// The facility's own rows, which bear on every case.
  var facilityRows: [LogRow] = []
  var last = CaseID.zero
  var report = LedgerCheck.Report()

  init(
    _ checkpoint: Checkpoint, _ projector: CurrentLines, _ session: DatabaseSession
  ) throws(PostgresError) {
    self.checkpoint = checkpoint
    self.projector = projector
    self.session = session
    head = try LedgerHead.read(of: checkpoint.facility, session)
    report.position = head.position
    var rows: [LogRow] = []
    try session.forEachLogRow(
      of: .zero, in: checkpoint.facility, after: 0, through: head.position
    ) { rows.append($0) }
    facilityRows = rows
  }

  private mutating func note(
    _ fault: LedgerCheck.Fault, _ hear: (LedgerCheck.Fault) -> Void
  ) {
    report.faultCount += 1
    hear(fault)
  }

  /// Numbers run from 1 on without a gap, in the order of the log, each in the epoch of its number;
  /// and the ledger stands where the lines do.
  mutating func checkNumbers(_ hear: (LedgerCheck.Fault) -> Void) throws(PostgresError) {
    if head.position != checkpoint.position {
      note(
        LedgerCheck.Fault(
          sentence: "the ledger is posted up to position \(head.position), and the lines stand at "
            + "\(checkpoint.position)"), hear)
    }
    let facility = checkpoint.facility.text
    let row = try session.queryOne(
      """
      SELECT count(*), min(number) FILTER (WHERE is_wrong) FROM (
        SELECT e.number,
          e.number <> row_number() OVER (ORDER BY e.number)
          OR e.position < lag(e.position, 1, 0::bigint) OVER (ORDER BY e.number)
          OR e.position > \(head.position)
          OR e.epoch <> (
            SELECT p.epoch FROM ledger.epoch p
            WHERE p.facility = e.facility AND p.first_number <= e.number
            ORDER BY p.ordinal DESC LIMIT 1)
          OR e.recorded_at IS DISTINCT FROM (
            SELECT v.recorded_at FROM log.event v
            WHERE v.facility = e.facility AND v.position = e.position) AS is_wrong
        FROM ledger.entry e WHERE e.facility = \(facility)) checked
      """)
    report.entryCount = try row[0]
    if let number: Int64 = try row[1] {
      note(
        LedgerCheck.Fault(
          number: number, sentence: "its number, epoch, position or time is not its place's"), hear)
    }
    if report.entryCount != head.lastNumber {
      note(
        LedgerCheck.Fault(
          sentence: "the ledger has \(report.entryCount) entries, and gave \(head.lastNumber) "
            + "numbers"), hear)
    }
  }

  /// Compares the next cases; false when there are none.
  mutating func checkPage(_ hear: (LedgerCheck.Fault) -> Void) throws(PostgresError) -> Bool {
    let facility = checkpoint.facility
    let page = try session.logCases(of: facility, after: last, limit: projector.caseLimit)
    let stored = try storedEntries(after: last, through: page.last)
    let withheld = try withheldCases(among: page)
    for caseID in stored.keys.sorted() where !page.contains(caseID) || withheld.contains(caseID) {
      note(
        LedgerCheck.Fault(
          caseID: caseID, number: stored[caseID]?.first?.number,
          sentence: withheld.contains(caseID)
            ? "the case is withheld from the ledger" : "the log has no event of this case"), hear)
    }
    guard let end = page.last else { return false }
    last = end

    var rows: [CaseID: [LogRow]] = [:]
    try session.forEachLogRow(of: page, in: facility, through: head.position) {
      rows[$0.caseID, default: []].append($0)
    }
    let neighbours = try neighbours(of: page)
    let foreign = Set(neighbours.values.flatMap(\.self)).subtracting(page).sorted()
    try session.forEachLogRow(of: foreign, in: facility, through: head.position) {
      rows[$0.caseID, default: []].append($0)
    }
    for caseID in page where !withheld.contains(caseID) {
      let own = rows[caseID] ?? []
      let entries = stored[caseID] ?? []
      guard !entries.isEmpty || own.contains(where: \.isSigning) else { continue }
      report.caseCount += 1
      let others = (neighbours[caseID] ?? []).flatMap { rows[$0] ?? [] }
      let expected = try self.expected(
        caseID, (own + others + facilityRows).sorted { $0.position < $1.position })
      compare(entries, expected, caseID, hear)
    }
    return true
  }

  /// The entries that the log makes of a case.
  private func expected(
    _ caseID: CaseID, _ rows: [LogRow]
  ) throws(PostgresError) -> [ExpectedEntry] {
    var context = CaseInContext(
      caseID, projector.rules(FacilityState(), of: checkpoint.facility, session))
    var entries: [ExpectedEntry] = []
    var standing: [StandingCharge] = []
    for row in rows {
      guard try context.take(row) != nil,
        context.own.state.countsAsSigned || !standing.isEmpty
      else { continue }
      let derived = try context.derive()
      let charges = Charge.all(
        of: derived.derivation, derived.fold.state, people: context.facility.state.people)
      for posting in Posting.postings(from: standing, to: charges) {
        // Here a charge is known by its place among the case's own.
        let place = Int64(entries.count)
        switch posting {
        case .credit(let number, _): standing.removeAll { $0.number == number }
        case .charge(let charge):
          standing.append(StandingCharge(number: place, charge: charge))
        }
        entries.append(ExpectedEntry(posting: posting, position: row.position, derived: derived))
      }
    }
    return entries
  }

  private mutating func compare(
    _ stored: [StoredEntry], _ expected: [ExpectedEntry], _ caseID: CaseID,
    _ hear: (LedgerCheck.Fault) -> Void
  ) {
    for (index, pair) in zip(stored, expected).enumerated() {
      let credited: Int64? =
        if case .credit(let place, _) = pair.1.posting { stored[Int(place)].number } else { nil }
      guard pair.0 != StoredEntry(pair.1, number: pair.0.number, creditOf: credited) else {
        continue
      }
      guard pair.0.ruleBookDigest == pair.1.derived.derivation.ruleBookDigest else {
        report.otherEditionCount += 1
        return
      }
      note(
        LedgerCheck.Fault(
          caseID: caseID, number: stored[index].number,
          sentence: "it is not what the log makes the ledger enter"), hear)
      return
    }
    guard stored.count != expected.count else { return }
    note(
      LedgerCheck.Fault(
        caseID: caseID, number: stored.count > expected.count ? stored[expected.count].number : nil,
        sentence: "the ledger has \(stored.count) entries of the case, and its log makes "
          + "\(expected.count)"), hear)
  }
}

// MARK: - What is compared

private struct ExpectedEntry {
  let posting: Posting
  let position: Int64
  let derived: DerivedCase
}

private struct StoredEntry: Equatable {
  let number: Int64
  let creditOf: Int64?
  let version: Int64
  let position: Int64
  let serviceDate: CalendarDate
  let code: String
  let units: Int
  let ruleBook: String
  let ruleBookDigest: String
  let groupingPolicy: String
  let document: String
}

extension StoredEntry {
  init(_ expected: ExpectedEntry, number: Int64, creditOf: Int64?) {
    let charge = expected.posting.charge
    let derivation = expected.derived.derivation
    self.init(
      number: number, creditOf: creditOf, version: expected.derived.fold.version,
      position: expected.position, serviceDate: charge.serviceDate, code: charge.code.text,
      units: charge.units, ruleBook: derivation.ruleBook.text,
      ruleBookDigest: derivation.ruleBookDigest, groupingPolicy: derivation.groupingPolicy.text,
      document: charge.json.compactText)
  }
}

extension LogRow {
  fileprivate var isSigning: Bool { entry.type == EventType.caseSigned.rawValue }
}

extension LedgerCheckPass {
  private func storedEntries(
    after caseID: CaseID, through end: CaseID?
  ) throws(PostgresError) -> [CaseID: [StoredEntry]] {
    var entries: [CaseID: [StoredEntry]] = [:]
    try session.forEachRow(
      """
      SELECT case_id, number, credit_of, version, position, service_date - DATE '1970-01-01', code,
        units, rule_book, rule_book_digest, grouping_policy, document
      FROM ledger.entry
      WHERE facility = \(checkpoint.facility.text) AND case_id > \(caseID)
        AND (\(end) IS NULL OR case_id <= \(end))
      ORDER BY case_id, number
      """
    ) { row throws(PostgresError) in
      let caseID: CaseID = try row[0]
      entries[caseID, default: []].append(
        StoredEntry(
          number: try row[1], creditOf: try row[2], version: try row[3], position: try row[4],
          serviceDate: CalendarDate(daysSince1970: Int(try row[5, as: Int32.self])),
          code: try row[6], units: Int(try row[7, as: Int32.self]), ruleBook: try row[8],
          ruleBookDigest: try row[9], groupingPolicy: try row[10], document: try row[11]))
    }
    return entries
  }

  private func withheldCases(among cases: [CaseID]) throws(PostgresError) -> Set<CaseID> {
    Set(
      try session.query(
        """
        SELECT case_id FROM ledger.withheld_case
        WHERE facility = \(checkpoint.facility.text) AND case_id = ANY (\(cases))
        """
      ).map { row throws(PostgresError) in try row[0, as: CaseID.self] })
  }

  /// The other cases of the same day that ever named one of the same patients.
  private func neighbours(of cases: [CaseID]) throws(PostgresError) -> [CaseID: [CaseID]] {
    var neighbours: [CaseID: [CaseID]] = [:]
    let rows = try session.query(
      """
      SELECT c.case_id, o.case_id FROM projection.case c
      JOIN projection.case o ON o.facility = c.facility AND o.generation = c.generation
        AND o.service_date = c.service_date AND o.case_id <> c.case_id
        AND o.named_patients && c.named_patients
      WHERE c.facility = \(checkpoint.facility.text) AND c.generation = \(checkpoint.generation)
        AND c.case_id = ANY (\(cases))
      ORDER BY c.case_id, o.case_id
      """)
    for row in rows { neighbours[try row[0], default: []].append(try row[1]) }
    return neighbours
  }
}
