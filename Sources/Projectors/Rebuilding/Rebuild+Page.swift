internal import Postgres
internal import Procedures
internal import Store

extension CurrentLines {
  /// Begins the next generation; the caller holds no lock but gets the rebuild's.
  ///
  /// Its cases are built as they stand where the ledger does: what the ledger has not posted yet is
  /// then applied, and posted, event by event.
  func begin(
    _ facility: FacilityCode, _ session: DatabaseSession
  ) throws(PostgresError) -> Rebuild {
    // The first generation is the runner's, which may begin it at this moment, too.
    try firstCheckpoint(of: facility).insert(session)
    let newest = try Checkpoint.all(of: facility, session).last
    let target = try LedgerHead.read(of: facility, session).position
    var own = FacilityFold()
    try session.forEachLogRow(of: .zero, in: facility, after: 0, through: target) { own.add($0) }
    let rebuild = Rebuild(
      facility: facility, generation: (newest?.generation ?? 0) + 1, edition: edition,
      target: target, stage: .cases, lastCase: .zero,
      account: Checkpoint.Account(
        applied: own.applied, irrelevant: own.irrelevant, held: own.held))
    // Somebody else may have begun it just now; then it goes on where they are.
    if try rebuild.insert(session) { try rows(of: rebuild, session).writeHeld(own) }
    return rebuild
  }

  /// Builds the next cases of a rebuild, or ends its stage; nil when its checkpoint is in place.
  func advance(
    _ rebuild: Rebuild, _ session: DatabaseSession
  ) throws(PostgresError) -> Rebuild? {
    switch rebuild.stage {
    case .cases: try buildCases(rebuild, session)
    case .sessions: try deriveWithSessions(rebuild, session)
    }
  }

  private func buildCases(
    _ rebuild: Rebuild, _ session: DatabaseSession
  ) throws(PostgresError) -> Rebuild {
    var next = rebuild
    let page = try session.logCases(
      of: rebuild.facility, after: rebuild.lastCase, limit: caseLimit)
    guard let last = page.last else {
      next.stage = .sessions
      next.lastCase = .zero
      try next.update(session)
      return next
    }
    // Not through the cache, which is the runner's.
    var folds: [CaseID: CaseFold] = [:]
    try session.forEachLogRow(of: page, in: rebuild.facility, through: rebuild.target) { row in
      folds[row.caseID, default: CaseFold(row.caseID)].add(row)
    }
    let rules = try rules(of: rebuild, session)
    let held = try rows(of: rebuild, session).write(
      folds.values.map { fold throws(PostgresError) in
        try rules.derive(fold, otherSessions: [])
      })
    next.account.applied += folds.values.reduce(0) { $0 + $1.version } - held
    next.account.held += held
    next.lastCase = last
    try next.update(session)
    return next
  }

  private func deriveWithSessions(
    _ rebuild: Rebuild, _ session: DatabaseSession
  ) throws(PostgresError) -> Rebuild? {
    let stored = rows(of: rebuild, session)
    let page = try stored.casesWithSessions(after: rebuild.lastCase, limit: caseLimit)
    guard let last = page.last else {
      try finish(rebuild, session)
      return nil
    }
    let batch = Batch(
      projector: self, rows: [], start: rebuild.target, end: rebuild.target,
      rules: try rules(of: rebuild, session), stored: stored)
    let held = try batch.rederive(page.filter(\.hasOthers).map(\.caseID))
    var next = rebuild
    next.account.applied -= held
    next.account.held += held
    next.lastCase = last.caseID
    try next.update(session)
    return next
  }

  /// Gives the generation its checkpoint: the database refuses it unless every position up to the
  /// target was counted once.
  private func finish(_ rebuild: Rebuild, _ session: DatabaseSession) throws(PostgresError) {
    let end = try session.logRows(
      of: rebuild.facility, after: max(0, rebuild.target - 1), limit: 1
    ).first
    try rebuild.delete(session)
    try Checkpoint(
      facility: rebuild.facility, generation: rebuild.generation, edition: rebuild.edition,
      isActive: false, position: rebuild.target,
      recordedAt: rebuild.target > 0 ? end?.recordedAt : nil, account: rebuild.account
    ).insert(session)
  }

  private func rules(
    of rebuild: Rebuild, _ session: DatabaseSession
  ) throws(PostgresError) -> RulesInForce {
    var own = FacilityFold()
    try session.forEachLogRow(
      of: .zero, in: rebuild.facility, after: 0, through: rebuild.target
    ) { own.add($0) }
    return self.rules(own.state, of: rebuild.facility, session)
  }

  private func rows(of rebuild: Rebuild, _ session: DatabaseSession) -> GenerationRows {
    GenerationRows(
      facility: rebuild.facility, generation: rebuild.generation, session: session)
  }
}

extension GenerationRows {
  /// The next stored cases after one, and whether each has another session of its patient's day.
  func casesWithSessions(
    after caseID: CaseID, limit: Int
  ) throws(PostgresError) -> [(caseID: CaseID, hasOthers: Bool)] {
    try session.query(
      """
      SELECT p.case_id, p.families <> '{}' AND EXISTS (
        SELECT FROM projection.case o
        WHERE o.facility = \(facility.text) AND o.generation = \(generation)
          AND o.service_date = p.service_date AND o.patient = p.patient
          AND o.case_id <> p.case_id AND o.families <> '{}')
      FROM (
        SELECT case_id, patient, service_date, families FROM projection.case
        WHERE facility = \(facility.text) AND generation = \(generation)
          AND case_id > \(caseID)
        ORDER BY case_id LIMIT \(Int64(limit))) p
      ORDER BY p.case_id
      """
    ).map { row throws(PostgresError) in (try row[0], try row[1]) }
  }

  /// Removes some of the generation's rows; false when none are left.
  func removeSome(limit: Int) throws(PostgresError) -> Bool {
    let cases: [CaseID] = try session.query(
      """
      SELECT case_id FROM projection.case
      WHERE facility = \(facility.text) AND generation = \(generation)
      ORDER BY case_id LIMIT \(Int64(limit))
      """
    ).map { row throws(PostgresError) in try row[0] }
    for table in ["line", "held", "case"] {
      try session.execute(
        """
        DELETE FROM projection.\(unescaped: table)
        WHERE facility = \(facility.text) AND generation = \(generation)
          AND case_id = ANY (\(cases))
        """)
    }
    guard cases.isEmpty else { return true }
    try session.execute(
      """
      DELETE FROM projection.held
      WHERE facility = \(facility.text) AND generation = \(generation)
      """)
    for table in ["checkpoint", "rebuild"] {
      try session.execute(
        """
        DELETE FROM projection.\(unescaped: table)
        WHERE facility = \(facility.text) AND projector = \(ProjectorEdition.projector)
          AND generation = \(generation)
        """)
    }
    return false
  }
}
