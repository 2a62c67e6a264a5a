internal import Charges
internal import Postgres
internal import Procedures
internal import Store

/// The rows of some cases on their way into a generation.
struct Batch {
  let projector: CurrentLines
  /// Rows of cases, in the order of the log.
  let rows: [LogRow]
  /// The position before the batch.
  let start: Int64
  /// The last position of the batch.
  let end: Int64
  /// The rules at the last position.
  let rules: RulesInForce
  let stored: GenerationRows

  /// Writes every case that the rows touch, and every case whose context they change.
  ///
  /// - Returns: the cases that the rows touch, and by how much the held positions have grown.
  func apply(_ changes: RuleChanges) throws(PostgresError) -> ([CaseFold], newlyHeld: Int64) {
    let folds = try grownFolds()
    let touched = Array(folds.keys)
    let before = try stored.sessions(of: touched)
    var after: [CaseID: LabSession] = [:]
    for (caseID, fold) in folds {
      after[caseID] = try rules.session(of: fold.state)
    }
    // On these days a session came, went or changed, so that the others of the day do.
    var changedDays: Set<PatientDay> = []
    for caseID in touched where before[caseID] != after[caseID] {
      changedDays.formUnion([before[caseID], after[caseID]].compactMap { $0?.day })
    }
    let days = changedDays.union(after.values.map(\.day))
    let others = try stored.sessions(on: days).filter { folds[$0.caseID] == nil }
    let sessions = Dictionary(grouping: others + Array(after.values), by: \.day)

    var newlyHeld = try write(folds.values, sessions)
    let affected = others.filter { changedDays.contains($0.day) }.map(\.caseID)
    newlyHeld += try rederive(affected, sessions)
    newlyHeld += try rederive(touchedBy: changes)
    return (Array(folds.values), newlyHeld)
  }

  /// The cases of the rows, grown by them.
  private func grownFolds() throws(PostgresError) -> [CaseID: CaseFold] {
    var firstVersions: [CaseID: Int64] = [:]
    for row in rows where firstVersions[row.caseID] == nil {
      firstVersions[row.caseID] = row.version
    }
    let known = firstVersions.filter { $0.value > 1 }.map(\.key)
    var folds = try projector.folds(
      of: known, in: stored.facility, through: start,
      isKnownWhole: { firstVersions[$0.state.id] == $0.version + 1 }, stored.session)
    for row in rows { folds[row.caseID, default: CaseFold(row.caseID)].add(row) }
    return folds
  }

  /// Derives and writes cases as they stand at the end of the batch.
  private func write(
    _ folds: some Collection<CaseFold>, _ sessions: [PatientDay: [LabSession]]
  ) throws(PostgresError) -> Int64 {
    var newlyHeld: Int64 = 0
    var rest = Array(folds)[...]
    while !rest.isEmpty {
      let part = rest.prefix(projector.caseLimit)
      rest = rest.dropFirst(part.count)
      newlyHeld += try stored.write(
        part.map { fold throws(PostgresError) in try derive(fold, sessions) })
    }
    return newlyHeld
  }

  private func derive(
    _ fold: CaseFold, _ sessions: [PatientDay: [LabSession]]
  ) throws(PostgresError) -> DerivedCase {
    let own = try rules.session(of: fold.state)
    let others = (own.flatMap { sessions[$0.day] } ?? []).filter { $0.caseID != fold.state.id }
    return try rules.derive(fold, otherSessions: others)
  }

  /// Derives stored cases anew with the other sessions as they are stored, and writes nothing.
  func derive(_ cases: [CaseID]) throws(PostgresError) -> [DerivedCase] {
    let folds = try projector.folds(of: cases, in: stored.facility, through: end, stored.session)
    let sessions = try sessions(for: folds.values)
    return try folds.values.map { fold throws(PostgresError) in try derive(fold, sessions) }
  }

  /// Derives cases anew that no row touches.
  private func rederive(
    _ cases: [CaseID], _ sessions: [PatientDay: [LabSession]]
  ) throws(PostgresError) -> Int64 {
    var newlyHeld: Int64 = 0
    var rest = cases[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(projector.caseLimit))
      rest = rest.dropFirst(part.count)
      let folds = try projector.folds(
        of: part, in: stored.facility, through: end, stored.session)
      newlyHeld += try write(folds.values, sessions)
    }
    return newlyHeld
  }

  /// Derives every case anew whose rules have changed, a page at a time.
  ///
  /// Another book may count other vessels, so that a case means something else to the other sessions
  /// of its day. Those that have one are therefore derived once more, when all of them say what they
  /// mean by the new book.
  private func rederive(touchedBy changes: RuleChanges) throws(PostgresError) -> Int64 {
    guard !changes.isEmpty else { return 0 }
    var newlyHeld = try rederive(touchedBy: changes, sharingDay: false)
    if changes.adoptedFrom != nil {
      newlyHeld += try rederive(touchedBy: changes, sharingDay: true)
    }
    return newlyHeld
  }

  private func rederive(
    touchedBy changes: RuleChanges, sharingDay: Bool
  ) throws(PostgresError) -> Int64 {
    var newlyHeld: Int64 = 0
    var last = CaseID.zero
    while true {
      let page = try stored.cases(
        touchedBy: changes, sharingDay: sharingDay, after: last, limit: projector.caseLimit)
      newlyHeld += try rederive(page)
      guard let end = page.last, page.count == projector.caseLimit else { return newlyHeld }
      last = end
    }
  }

  /// Derives stored cases anew with the other sessions as they are stored.
  func rederive(_ cases: [CaseID]) throws(PostgresError) -> Int64 {
    guard !cases.isEmpty else { return 0 }
    let folds = try projector.folds(of: cases, in: stored.facility, through: end, stored.session)
    return try write(folds.values, try sessions(for: folds.values))
  }

  /// The stored sessions on the days of these cases.
  private func sessions(
    for folds: some Collection<CaseFold>
  ) throws(PostgresError) -> [PatientDay: [LabSession]] {
    var days: Set<PatientDay> = []
    for fold in folds {
      if let day = try rules.session(of: fold.state)?.day { days.insert(day) }
    }
    return Dictionary(grouping: try stored.sessions(on: days), by: \.day)
  }
}
