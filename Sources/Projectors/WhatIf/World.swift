internal import Charges
internal import Postgres
internal import Procedures
internal import Store

/// Two worlds at one position of a log: as it is, and as it would be.
struct World: Sendable {
  let facility: FacilityCode
  /// Up to where the log is read.
  let position: Int64
  let before: RulesInForce
  let after: RulesInForce
  /// The cases that would have other events.
  let supposed: [CaseID: Supposed]
  /// Whether only the supposed cases, and those of their patients' days, can differ.
  let isLocal: Bool

  /// A case with events that were not recorded.
  struct Supposed: Sendable {
    /// As it would be.
    let fold: CaseFold
    /// Whether it is in the log at all.
    let isRecorded: Bool
    /// What it means to the others of its day in either world.
    let sessions: Sessions
  }

  /// What a case means to the others of its day in either world.
  struct Sessions: Sendable {
    let before: LabSession?
    let after: LabSession?

    /// The days on which it is a session.
    var days: [PatientDay] { [before, after].compactMap { $0?.day } }
  }

  /// What a case of the log means to the others of its day.
  func sessions(of fold: CaseFold) -> Sessions {
    supposed[fold.state.id]?.sessions
      ?? Sessions(
        before: LabSession(fold.state, ruleBook: before.ruleBook),
        after: LabSession(fold.state, ruleBook: after.ruleBook))
  }
}

extension WhatIf {
  /// The worlds at the end of a facility's log.
  func world(
    of facility: FacilityCode, _ supposition: Supposition
  ) async throws(WhatIfError) -> World {
    guard supposition.events.count <= Supposition.eventLimit else { throw .tooManyEvents }
    let outcome: Result<World, WhatIfError>
    let ruleBook = ruleBook
    do throws(PostgresError) {
      outcome = try await pool.transaction(
        TransactionMode.readOnlyRepeatable.projecting(facility)
      ) { session throws(PostgresError) -> Result<World, WhatIfError> in
        try World.read(facility, supposition, ruleBook, session)
      }
    } catch {
      throw .database(error)
    }
    return try outcome.get()
  }
}

extension World {
  fileprivate static func read(
    _ facility: FacilityCode, _ supposition: Supposition, _ ruleBook: RuleBook,
    _ session: DatabaseSession
  ) throws(PostgresError) -> Result<World, WhatIfError> {
    let end = try session.logEnd(of: facility)
    let projected = try Checkpoint.active(of: facility, session)?.position ?? 0
    guard projected >= end else { return .failure(.projectionBehind(by: end - projected)) }
    var own = FacilityFold()
    try session.forEachLogRow(of: .zero, in: facility, after: 0, through: end) { own.add($0) }
    var recorded: [CaseID: CaseFold] = [:]
    let touched = Set(supposition.events.map(\.caseID)).subtracting([.zero])
    try session.forEachLogRow(of: touched.sorted(), in: facility, through: end) { row in
      recorded[row.caseID, default: CaseFold(row.caseID)].add(row)
    }
    var folds = recorded
    var facilityAfter = own.state
    let decision = DecisionContext(
      facility: facility, now: nil, derivedCodes: ruleBook.derivedCodes)
    for (index, event) in supposition.events.enumerated() {
      do throws(Refusal) {
        if event.caseID == .zero {
          let accepted = try facilityAfter.decide(event, in: decision)
          facilityAfter.evolve(accepted, version: facilityAfter.version + 1)
        } else {
          try folds[event.caseID, default: CaseFold(event.caseID)].suppose(event, in: decision)
        }
      } catch {
        return .failure(.refused(error, index: index))
      }
    }
    let before = RulesInForce(ruleBook: ruleBook, facility: own.state)
    let after = RulesInForce(
      ruleBook: supposition.ruleBook ?? ruleBook, facility: facilityAfter,
      chosenPolicy: supposition.policy, isBookChosen: supposition.ruleBook != nil)
    var supposed: [CaseID: Supposed] = [:]
    for (caseID, fold) in folds {
      let known = recorded[caseID]
      supposed[caseID] = Supposed(
        fold: fold, isRecorded: known != nil,
        sessions: Sessions(
          before: known.flatMap { LabSession($0.state, ruleBook: before.ruleBook) },
          after: LabSession(fold.state, ruleBook: after.ruleBook)))
    }
    return .success(
      World(
        facility: facility, position: end, before: before, after: after, supposed: supposed,
        isLocal: supposition.ruleBook == nil && supposition.policy == nil
          && facilityAfter == own.state))
  }
}
