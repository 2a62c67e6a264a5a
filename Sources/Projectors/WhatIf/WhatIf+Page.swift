internal import Charges
internal import Postgres
internal import Procedures
internal import Store

/// What some cases come to.
struct PageResult: Sendable {
  /// In order of their ids.
  var comparisons: [DerivationComparison] = []
  /// How many events were replayed for them.
  var eventCount: Int64 = 0
}

extension WhatIf {
  /// Derives some cases in both worlds.
  func compare(_ page: [CaseID], in world: World) async throws(WhatIfError) -> PageResult {
    let books = books
    return try await reading(world.facility) { session throws(PostgresError) in
      try PageComparison(
        world: world,
        rules: world.rules(RuleBooksInSession(books, of: world.facility, session)),
        session: session
      ).run(page)
    }
  }
}

/// A page of cases between the log and its result.
private struct PageComparison {
  let world: World
  let rules: BothRules
  let session: DatabaseSession

  func run(_ page: [CaseID]) throws(PostgresError) -> PageResult {
    let folds = try folds(of: page)
    let sessions = try sessions(beside: page, folds)
    var result = PageResult()
    for caseID in page {
      let supposed = world.supposed[caseID]
      let recorded = folds[caseID]
      result.eventCount += recorded?.version ?? 0
      // Opened only after the position up to which the log is read.
      guard let fold = supposed?.fold ?? recorded else { continue }
      let own = try own(fold)
      let before = try recorded.map { recorded throws(PostgresError) in
        try rules.before.derive(recorded, otherSessions: others(own.before, sessions.before))
      }
      let after = try rules.after.derive(fold, otherSessions: others(own.after, sessions.after))
      result.comparisons.append(
        DerivationComparison(
          before?.derivation, after.derivation, setting: fold.state.opening?.setting,
          ruleBooks: (
            before?.context.ruleBook ?? after.context.ruleBook, after.context.ruleBook
          )))
    }
    return result
  }

  private func folds(of cases: [CaseID]) throws(PostgresError) -> [CaseID: CaseFold] {
    var folds: [CaseID: CaseFold] = [:]
    try session.forEachLogRow(of: cases, in: world.facility, through: world.position) { row in
      folds[row.caseID, default: CaseFold(row.caseID)].add(row)
    }
    return folds
  }

  /// The sessions of both worlds on the days of these cases, the cases' own among them.
  private func sessions(
    beside page: [CaseID], _ folds: [CaseID: CaseFold]
  ) throws(PostgresError) -> (
    before: [PatientDay: [LabSession]], after: [PatientDay: [LabSession]]
  ) {
    // Supposed cases may be of any day, so that all of them are looked at.
    var all = world.supposed.mapValues(\.sessions)
    for (caseID, fold) in folds where all[caseID] == nil { all[caseID] = try own(fold) }
    let days = Set(page.flatMap { all[$0]?.days ?? [] })
    if let rows = try GenerationRows.active(of: world.facility, session) {
      let others = try rows.cases(naming: days).filter { all[$0] == nil }
      for (caseID, fold) in try self.folds(of: others) {
        all[caseID] = try own(fold)
      }
    }
    var before: [PatientDay: [LabSession]] = [:]
    var after: [PatientDay: [LabSession]] = [:]
    for sessions in all.values {
      if let session = sessions.before { before[session.day, default: []].append(session) }
      if let session = sessions.after { after[session.day, default: []].append(session) }
    }
    return (before, after)
  }

  /// What a case of the log means to the others of its day.
  private func own(_ fold: CaseFold) throws(PostgresError) -> World.Sessions {
    if let supposed = world.supposed[fold.state.id] { return supposed.sessions }
    return World.Sessions(
      before: try rules.before.session(of: fold.state),
      after: try rules.after.session(of: fold.state))
  }

  private func others(
    _ own: LabSession?, _ sessions: [PatientDay: [LabSession]]
  ) -> [LabSession] {
    guard let own else { return [] }
    return (sessions[own.day] ?? []).filter { $0.caseID != own.caseID }
  }
}
