internal import Charges
internal import Postgres
internal import Procedures
internal import Store

/// The rows of some cases on their way into a generation.
struct Batch {
  let projector: CurrentLines
  /// In the order of the log; an event that changes the rules is a batch of its own.
  let rows: [LogRow]
  /// The position before the batch.
  let start: Int64
  /// The last position of the batch.
  let end: Int64
  /// The rules at the last position.
  let rules: RulesInForce
  let stored: GenerationRows
}

extension Batch {
  /// Writes every case that the rows touch, and every case whose context they change.
  ///
  /// The facility is grown by its own rows; the draft takes what the rows make the ledger enter, and
  /// is nil where that is posted already. What is returned are the cases that the rows touch, and by
  /// how much the held positions have grown.
  func apply(
    _ facility: inout FacilityFold, _ draft: inout LedgerDraft?
  ) throws(PostgresError) -> ([CaseFold], newlyHeld: Int64) {
    var walk = try BatchWalk(self, facility, draft)
    for row in rows { try walk.take(row) }
    facility = walk.facility
    draft = walk.draft
    let newlyHeld = try write(try walk.derivedCases())
    return (Array(walk.folds.values), newlyHeld)
  }

  /// Derives stored cases anew with the other sessions as they are stored, in the order of ids, and
  /// writes nothing.
  func derive(_ cases: [CaseID]) throws(PostgresError) -> [DerivedCase] {
    guard !cases.isEmpty else { return [] }
    let folds = try projector.folds(of: cases, in: stored.facility, through: end, stored.session)
    var sessions = DaySessions(of: [], as: [:], stored)
    var days: Set<PatientDay> = []
    for fold in folds.values {
      if let day = try rules.session(of: fold.state)?.day { days.insert(day) }
    }
    try sessions.load(days)
    var derived: [DerivedCase] = []
    for fold in folds.values.sorted(by: { $0.state.id < $1.state.id }) {
      derived.append(try derive(fold, &sessions))
    }
    return derived
  }

  /// Derives a case beside the sessions of its day.
  func derive(
    _ fold: CaseFold, _ sessions: inout DaySessions
  ) throws(PostgresError) -> DerivedCase {
    guard let day = try rules.session(of: fold.state)?.day else {
      return try rules.derive(fold, otherSessions: [])
    }
    try sessions.load([day])
    let others = sessions.on(day).filter { $0.caseID != fold.state.id }
    return try rules.derive(fold, otherSessions: others)
  }

  /// Derives stored cases anew and writes them.
  func rederive(_ cases: [CaseID]) throws(PostgresError) -> Int64 {
    try write(try derive(cases))
  }

  /// Writes cases, at most ``CurrentLines/caseLimit`` at once.
  private func write(_ cases: [DerivedCase]) throws(PostgresError) -> Int64 {
    var newlyHeld: Int64 = 0
    var rest = cases[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(projector.caseLimit))
      rest = rest.dropFirst(part.count)
      newlyHeld += try stored.write(part)
    }
    return newlyHeld
  }
}

// MARK: - Other rules

extension Batch {
  /// Derives every case anew whose rules an event of the facility has changed, a page at a time, and
  /// posts what that makes of charges.
  ///
  /// Another book may count other vessels, so that a case means something else to the other sessions
  /// of its day. Those that have one are therefore derived once more, when all of them say what they
  /// mean by the new book; and only then posted.
  func rederive(
    touchedBy changes: RuleChanges, _ facility: FacilityFold, _ draft: inout LedgerDraft?
  ) throws(PostgresError) -> Int64 {
    guard !changes.isEmpty else { return 0 }
    var newlyHeld: Int64 = 0
    for isSecond in changes.adoptedFrom == nil ? [false] : [false, true] {
      var last = CaseID.zero
      while true {
        let page = try stored.cases(
          touchedBy: changes, sharingDay: isSecond, after: last, limit: projector.caseLimit)
        let derived = try derive(page.map(\.caseID))
        newlyHeld += try stored.write(derived)
        let isFinal = changes.adoptedFrom == nil || isSecond
        let waiting = isFinal ? [] : Set(page.lazy.filter(\.sharesDay).map(\.caseID))
        try post(derived.filter { !waiting.contains($0.fold.state.id) }, facility, &draft)
        guard let end = page.last, page.count == projector.caseLimit else { break }
        last = end.caseID
      }
    }
    return newlyHeld
  }

  private func post(
    _ cases: [DerivedCase], _ facility: FacilityFold, _ draft: inout LedgerDraft?
  ) throws(PostgresError) {
    guard draft != nil else { return }
    try draft?.look(up: cases.map(\.fold.state.id), stored.session)
    for derived in cases where draft?.concerns(derived.fold.state) == true {
      draft?.post(derived, at: end, people: facility.state.people)
    }
    draft?.forget(cases.map(\.fold.state.id))
    try draft?.flush(stored.session)
  }
}
