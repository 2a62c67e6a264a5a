internal import Charges
internal import Postgres
internal import Procedures
internal import Store

/// Two worlds at one position of a log: as it is, and as it would be.
struct World: Sendable {
  let facility: FacilityCode
  /// Up to where the log is read.
  let position: Int64
  /// The facility as it is.
  let before: FacilityState
  /// The facility as it would be.
  let after: FacilityState
  /// The book for every case, as it would be; nil for the one in force.
  let ruleBook: RuleBook?
  /// The policy for every case, as it would be; nil for the one in force.
  let policy: GroupingPolicyName?
  /// The cases that would have other events.
  private(set) var supposed: [CaseID: Supposed] = [:]
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

  /// The rules of both, within one transaction.
  func rules(_ books: RuleBooksInSession) -> BothRules {
    BothRules(
      before: RulesInForce(books: books, facility: before),
      after: RulesInForce(
        books: books, facility: after, chosenPolicy: policy, chosenBook: ruleBook))
  }
}

/// The rules of two worlds, within one transaction.
struct BothRules {
  let before: RulesInForce
  let after: RulesInForce
}

extension WhatIf {
  /// The worlds at the end of a facility's log.
  func world(
    of facility: FacilityCode, _ supposition: Supposition
  ) async throws(WhatIfError) -> World {
    guard supposition.events.count <= Supposition.eventLimit else { throw .tooManyEvents }
    let books = books
    let outcome = try await reading(facility) { session throws(PostgresError) in
      try World.read(
        facility, supposition, RuleBooksInSession(books, of: facility, session), session)
    }
    return try outcome.get()
  }
}

extension World {
  fileprivate static func read(
    _ facility: FacilityCode, _ supposition: Supposition, _ books: RuleBooksInSession,
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
    var after = own.state
    var folds = recorded
    let decision = DecisionContext(
      facility: facility, now: nil, derivedCodes: books.shipped.derivedCodes)
    for (index, event) in supposition.events.enumerated() {
      do throws(Refusal) {
        if event.caseID == .zero {
          after.evolve(try after.decide(event, in: decision), version: after.version + 1)
        } else {
          try folds[event.caseID, default: CaseFold(event.caseID)].suppose(event, in: decision)
        }
      } catch {
        return .failure(.refused(error, index: index))
      }
    }
    var world = World(
      facility: facility, position: end, before: own.state, after: after,
      ruleBook: supposition.ruleBook, policy: supposition.policy,
      isLocal: supposition.ruleBook == nil && supposition.policy == nil && after == own.state)
    if let error = try world.policyError(books) { return .failure(error) }
    try world.suppose(folds, beside: recorded, books)
    return .success(world)
  }

  /// Why no case could follow the policy; nil where one can.
  private func policyError(_ books: RuleBooksInSession) throws(PostgresError) -> WhatIfError? {
    guard let policy else { return nil }
    var known = (ruleBook ?? books.shipped).policies
    if ruleBook == nil {
      for adopted in after.ruleBooks {
        guard let book = try books.book(adopted) else { continue }
        known += book.policies.filter { !known.contains($0) }
      }
    }
    return known.contains(policy) ? nil : .policyUnknown(policy, known: known)
  }

  /// Takes the cases that would have other events.
  private mutating func suppose(
    _ folds: [CaseID: CaseFold], beside recorded: [CaseID: CaseFold], _ books: RuleBooksInSession
  ) throws(PostgresError) {
    let rules = rules(books)
    for (caseID, fold) in folds {
      let before = try recorded[caseID].flatMap { known throws(PostgresError) in
        try rules.before.session(of: known.state)
      }
      supposed[caseID] = Supposed(
        fold: fold, isRecorded: recorded[caseID] != nil,
        sessions: Sessions(before: before, after: try rules.after.session(of: fold.state)))
    }
  }
}
