internal import Charges
internal import Postgres
internal import Procedures
internal import Store
internal import Synchronization

/// The projector of current lines and the worklist: from the rows of a log to the rows of a
/// generation.
///
/// What it writes for a case at a position depends on the log up to that position alone, and so not
/// on how the log was cut into batches. All of it runs in a transaction of the caller.
final class CurrentLines: Sendable {
  let books: RuleBookShelf
  let edition: ProjectorEdition
  private let cache: CaseCache
  private let facilities = Mutex<[FacilityCode: FacilityFold]>([:])

  /// How many cases are folded, derived and written at once where a change touches many.
  let caseLimit: Int

  init(ruleBook: RuleBook, caseLimit: Int, cachedEntryLimit: Int) {
    books = RuleBookShelf(shipped: ruleBook)
    self.caseLimit = max(1, caseLimit)
    edition = ProjectorEdition(ruleBook)
    cache = CaseCache(entryLimit: cachedEntryLimit)
  }

  /// What a batch has made; it is kept for the next one once the transaction is committed.
  struct Applied: Sendable {
    var checkpoint: Checkpoint
    fileprivate var folds: [CaseFold]
    fileprivate var facility: FacilityFold
  }

  /// Keeps what a committed batch has folded.
  func keep(_ applied: Applied) {
    let code = applied.checkpoint.facility
    cache.put(applied.folds, in: code)
    facilities.withLock { $0[code] = applied.facility }
  }

  /// Applies the next rows of the log to a generation; nil when there are none.
  ///
  /// The caller holds the lock of the checkpoint.
  func applyNext(
    to checkpoint: Checkpoint, limit: Int, _ session: DatabaseSession
  ) throws(PostgresError) -> Applied? {
    let rows = Self.stretch(
      try session.logRows(of: checkpoint.facility, after: checkpoint.position, limit: limit))
    guard let first = rows.first, let last = rows.last else { return nil }
    var facility = try facilityFold(
      of: checkpoint.facility, through: checkpoint.position, session)
    let before = facility
    let changesRules = RuleChanges.isMade(by: first)
    if changesRules { facility.add(first) }
    let changes = facility.takeChanges()

    let batch = Batch(
      projector: self, rows: rows, start: checkpoint.position, end: last.position,
      rules: rules(facility.state, of: checkpoint.facility, session),
      stored: GenerationRows(
        facility: checkpoint.facility, generation: checkpoint.generation, session: session))
    // Where another generation has come further, or the ledger less far, its batches post.
    let head = try LedgerHead.read(of: checkpoint.facility, session)
    var draft =
      head.position == checkpoint.position
      ? LedgerDraft(checkpoint.facility, from: head, through: last.position) : nil
    var folds: [CaseFold] = []
    var newlyHeld: Int64
    if changesRules {
      newlyHeld = try batch.rederive(touchedBy: changes, facility, &draft)
    } else {
      (folds, newlyHeld) = try batch.apply(&facility, &draft)
    }
    try draft?.finish(session)
    facility.position = last.position
    if facility.held > before.held { try batch.stored.writeHeld(facility) }

    var next = checkpoint
    next.position = last.position
    next.recordedAt = last.recordedAt
    let caseRowCount = Int64(rows.count { $0.caseID != .zero })
    next.account.applied += caseRowCount + facility.applied - before.applied - newlyHeld
    next.account.irrelevant += facility.irrelevant - before.irrelevant
    next.account.held += newlyHeld + facility.held - before.held
    // The database adds them up: a position that was missed or counted twice fails the batch.
    try next.update(session)
    return Applied(checkpoint: next, folds: folds, facility: facility)
  }

  /// The rows up to the next event that changes the rules; that event alone, where it is the first.
  private static func stretch(_ rows: [LogRow]) -> [LogRow] {
    guard let change = rows.firstIndex(where: RuleChanges.isMade) else { return rows }
    return Array(rows.prefix(max(1, change)))
  }

  /// The rules of a facility as it stands.
  func rules(
    _ state: FacilityState, of facility: FacilityCode, _ session: DatabaseSession
  ) -> RulesInForce {
    RulesInForce(books: RuleBooksInSession(books, of: facility, session), facility: state)
  }

  /// A facility's own fold up to a position.
  func facilityFold(
    of facility: FacilityCode, through position: Int64, _ session: DatabaseSession
  ) throws(PostgresError) -> FacilityFold {
    var fold = facilities.withLock { $0[facility] } ?? FacilityFold()
    if fold.position > position { fold = FacilityFold() }
    guard fold.position < position else { return fold }
    // Rows that an earlier fold has seen are of lower positions, not of known versions: a row that
    // cannot be read has none.
    let start = fold.position
    try session.forEachLogRow(of: .zero, in: facility, after: 0, through: position) { row in
      if row.position > start { fold.add(row) }
    }
    fold.position = position
    _ = fold.takeChanges()
    return fold
  }

  /// The folds of these cases up to a position: from the cache, or else from the log.
  ///
  /// A cached fold of which `isKnownWhole` says that no row between it and the position is missing is
  /// taken as it is; for any other the log is asked.
  func folds(
    of cases: [CaseID], in facility: FacilityCode, through position: Int64,
    isKnownWhole: (CaseFold) -> Bool = { _ in false }, _ session: DatabaseSession
  ) throws(PostgresError) -> [CaseID: CaseFold] {
    var folds: [CaseID: CaseFold] = [:]
    var unknown: [CaseID] = []
    for caseID in cases {
      guard var fold = cache.take(caseID, in: facility), fold.position <= position else {
        unknown.append(caseID)
        continue
      }
      if !isKnownWhole(fold) {
        try session.forEachLogRow(
          of: caseID, in: facility, after: fold.version, through: position
        ) { fold.add($0) }
      }
      folds[caseID] = fold
    }
    try session.forEachLogRow(of: unknown, in: facility, through: position) { row in
      folds[row.caseID, default: CaseFold(row.caseID)].add(row)
    }
    return folds
  }
}
