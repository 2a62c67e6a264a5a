public import Charges
public import Postgres
public import Procedures

/// Holds a facility's current rows against what its log derives to.
public struct ProjectionCheck: Sendable {
  private let pool: ConnectionPool
  private let ruleBook: RuleBook

  /// Checks through connections in the role of the service, under this rule book.
  public init(pool: ConnectionPool, ruleBook: RuleBook) {
    self.pool = pool
    self.ruleBook = ruleBook
  }

  /// What was found.
  public struct Report: Hashable, Sendable {
    /// The position of the log at which the rows stand.
    public var position: Int64
    /// How many cases were derived and compared.
    public var caseCount: Int64
    /// How many of them differ.
    public var faultCount: Int64
  }

  /// A case whose rows are not what its log derives to.
  public struct Fault: Hashable, Sendable {
    /// The case.
    public var caseID: CaseID
    /// What differs, in a sentence.
    public var sentence: String
  }

  /// Derives every case from the log as it stands at the projection's position, a page at a time,
  /// and compares; the rows do not move meanwhile.
  ///
  /// - Parameters:
  ///   - facility: whose log.
  ///   - fault: hears of each case that differs.
  /// - Returns: what was found.
  /// - Throws: ``ProjectorError/facilityUnknown`` where nothing was projected yet.
  public func run(
    _ facility: FacilityCode, fault: @Sendable (Fault) -> Void
  ) async throws(ProjectorError) -> Report {
    try await pool.checking(facility, ruleBook) {
      checkpoint, projector, session throws(PostgresError) in
      var pass = try CheckPass(checkpoint, projector, session)
      while try pass.comparePage(fault) {}
      try pass.compareAccount(fault)
      return pass.report
    }
  }
}

extension ConnectionPool {
  /// Calls `body` with a facility's rows as readers see them, and with what derives them anew; they do
  /// not move meanwhile.
  func checking<Report: Sendable>(
    _ facility: FacilityCode, _ ruleBook: RuleBook,
    _ body: @Sendable (Checkpoint, CurrentLines, DatabaseSession) throws(PostgresError) -> Report
  ) async throws(ProjectorError) -> Report {
    let projector = CurrentLines(
      ruleBook: ruleBook, caseLimit: ProjectorSettings().caseLimit, cachedEntryLimit: 0)
    let report = try await transaction(in: facility, .readOnlyRepeatable) {
      session throws(PostgresError) -> Report? in
      guard let checkpoint = try Checkpoint.active(of: facility, session) else { return nil }
      return try body(checkpoint, projector, session)
    }
    guard let report else { throw .facilityUnknown }
    return report
  }
}

/// One walk over the cases of a log and the rows of a generation.
private struct CheckPass {
  let checkpoint: Checkpoint
  let projector: CurrentLines
  let stored: GenerationRows
  let facility: FacilityFold
  var last = CaseID.zero
  var account: Checkpoint.Account
  var report: ProjectionCheck.Report

  init(
    _ checkpoint: Checkpoint, _ projector: CurrentLines, _ session: DatabaseSession
  ) throws(PostgresError) {
    self.checkpoint = checkpoint
    self.projector = projector
    stored = GenerationRows(
      facility: checkpoint.facility, generation: checkpoint.generation, session: session)
    facility = try projector.facilityFold(
      of: checkpoint.facility, through: checkpoint.position, session)
    account = Checkpoint.Account(
      applied: facility.applied, irrelevant: facility.irrelevant, held: facility.held)
    report = ProjectionCheck.Report(
      position: checkpoint.position, caseCount: 0, faultCount: 0)
  }

  /// Compares the next cases; false when there are none.
  mutating func comparePage(
    _ fault: (ProjectionCheck.Fault) -> Void
  ) throws(PostgresError) -> Bool {
    let page = try stored.session.logCases(
      of: checkpoint.facility, after: last, limit: projector.caseLimit)
    try compareSurplus(upTo: page.last, page, fault)
    guard let end = page.last else { return false }
    let batch = Batch(
      projector: projector, rows: [], start: checkpoint.position, end: checkpoint.position,
      rules: projector.rules(facility.state, of: checkpoint.facility, stored.session),
      stored: stored)
    let expected = try batch.derive(page)
    let found = try stored.current(page)
    for derived in expected {
      let caseID = derived.fold.state.id
      report.caseCount += 1
      if derived.heldBecause == nil {
        account.applied += derived.fold.version
      } else {
        account.held += derived.fold.version
      }
      guard let sentence = Self.difference(derived, found[caseID]) else { continue }
      report.faultCount += 1
      fault(ProjectionCheck.Fault(caseID: caseID, sentence: sentence))
    }
    last = end
    return true
  }

  /// Rows of cases that the log does not have.
  private mutating func compareSurplus(
    upTo end: CaseID?, _ page: [CaseID], _ fault: (ProjectionCheck.Fault) -> Void
  ) throws(PostgresError) {
    for caseID in try stored.cases(after: last, through: end, except: page) {
      report.faultCount += 1
      fault(
        ProjectionCheck.Fault(caseID: caseID, sentence: "the log has no event of this case"))
    }
  }

  mutating func compareAccount(
    _ fault: (ProjectionCheck.Fault) -> Void
  ) throws(PostgresError) {
    guard account != checkpoint.account else { return }
    report.faultCount += 1
    fault(
      ProjectionCheck.Fault(
        caseID: .zero, sentence: "the account of positions is not what the log adds up to"))
  }

  private static func difference(_ derived: DerivedCase, _ found: StoredCase?) -> String? {
    guard let found else { return "it has no row" }
    guard found.document == derived.derivation.json.compactText else {
      return "its document is not what its log derives to"
    }
    guard found.lines == derived.derivation.lines.map(\.json.compactText) else {
      return "its lines are not those of its document"
    }
    guard found.entry == WorklistEntry(derived) else {
      return "its row is not what its log says"
    }
    let families = Set((derived.session?.families ?? []).map(\.name))
    guard Set(found.families) == families,
      Set(found.namedPatients) == Set(derived.fold.namedPatients.map(\.text))
    else { return "its row says something else to other sessions than its log" }
    guard found.heldBecause == derived.heldBecause else {
      return "whether it is held is not what its log says"
    }
    return nil
  }
}

/// The rows of a case.
private struct StoredCase {
  let entry: WorklistEntry
  let document: String
  let families: [String]
  let namedPatients: [String]
  let heldBecause: String?
  var lines: [String] = []
}

extension GenerationRows {
  fileprivate func current(_ cases: [CaseID]) throws(PostgresError) -> [CaseID: StoredCase] {
    var found: [CaseID: StoredCase] = [:]
    let rows = try session.query(
      """
      SELECT \(unescaped: WorklistEntry.columns), c.document, c.families, c.named_patients, h.reason
      FROM projection.case c
      LEFT JOIN projection.held h USING (facility, generation, case_id)
      WHERE facility = \(facility.text) AND generation = \(generation)
        AND case_id = ANY (\(cases))
      """)
    for row in rows {
      let entry = try WorklistEntry(row)
      found[entry.caseID] = StoredCase(
        entry: entry, document: try row[15], families: try row[16], namedPatients: try row[17],
        heldBecause: try row[18])
    }
    let lines = try session.query(
      """
      SELECT case_id, document FROM projection.line
      WHERE facility = \(facility.text) AND generation = \(generation)
        AND case_id = ANY (\(cases))
      ORDER BY case_id, number
      """)
    for row in lines { found[try row[0]]?.lines.append(try row[1]) }
    return found
  }

  /// Stored cases in a range of ids that are not among these.
  fileprivate func cases(
    after caseID: CaseID, through end: CaseID?, except known: [CaseID]
  ) throws(PostgresError) -> [CaseID] {
    try session.query(
      """
      SELECT case_id FROM projection.case
      WHERE facility = \(facility.text) AND generation = \(generation) AND case_id > \(caseID)
        AND (\(end) IS NULL OR case_id <= \(end)) AND case_id <> ALL (\(known))
      ORDER BY case_id LIMIT 1000
      """
    ).map { row throws(PostgresError) in try row[0] }
  }
}

extension WorklistEntry {
  /// What the worklist is to show of a case.
  fileprivate init(_ derived: DerivedCase) {
    let fold = derived.fold
    let opening = fold.state.opening
    self.init(
      caseID: fold.state.id, version: fold.version, position: fold.position,
      recordedAt: fold.recordedAt, firstRecordedAt: fold.firstRecordedAt, phase: fold.state.phase,
      countsAsSigned: fold.state.countsAsSigned, serviceDate: opening?.serviceDate,
      openedAt: fold.state.openedAt, room: fold.state.room,
      operatingPhysician: opening?.operatingPhysician, payer: opening?.payer,
      plannedProcedure: opening?.plannedProcedure, patient: fold.state.patient,
      groupingPolicy: derived.derivation.groupingPolicy)
  }
}
