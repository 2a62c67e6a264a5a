public import Procedures

extension CaseCollection {
  /// The cases, in order of first appearance, as they stand at a version or at their end.
  public func states(through version: Int64? = nil) -> [CaseState] {
    records.map { record in
      guard let version, version < record.state.version else { return record.state }
      var state = CaseState(record.state.id)
      for event in record.events.prefix(Int(clamping: max(0, version))) {
        state.evolve(event, version: state.version + 1)
      }
      return state
    }
  }

  /// The charges of each case, in order of first appearance.
  ///
  /// - Parameters:
  ///   - policy: the policy for all cases; nil takes each case's own, by its payer and date.
  ///   - version: the version through which each case is read; nil, or beyond the end, is the end.
  /// - Returns: one a case; that of a case that cannot be derived holds `derivation-failed`.
  public func derivations(
    policy: GroupingPolicyName? = nil, through version: Int64? = nil
  ) -> [Derivation] {
    let states = states(through: version)
    let sessions = sessions(of: states)
    return states.map { state in
      let context = context(of: state, policy: policy, sessions: sessions)
      do throws(DerivationError) {
        if heedsAdoptions { try checkAdoption(state) }
        return try Derivation(of: state, in: context)
      } catch {
        return .failed(state, in: context, because: error)
      }
    }
  }

  /// The context of one case of the collection.
  public func context(
    of state: CaseState, policy: GroupingPolicyName? = nil, through version: Int64? = nil
  ) -> DerivationContext {
    context(of: state, policy: policy, sessions: sessions(of: states(through: version)))
  }

  private struct Day: Hashable {
    let facility: FacilityCode?
    let patient: PatientReference
    let date: CalendarDate
  }

  private func sessions(of states: [CaseState]) -> [Day: [Session]] {
    var sessions: [Day: [Session]] = [:]
    for state in states {
      guard let session = Session(state, ruleBook: ruleBook) else { continue }
      let day = Day(
        facility: state.opening?.facility, patient: session.patient, date: session.serviceDate)
      sessions[day, default: []].append(session)
    }
    return sessions
  }

  private func context(
    of state: CaseState, policy: GroupingPolicyName?, sessions: [Day: [Session]]
  ) -> DerivationContext {
    guard let opening = state.opening else {
      return DerivationContext(ruleBook: ruleBook, policy: policy ?? RuleBook.defaultPolicy)
    }
    let own = assignments.filter { $0.facility.map { $0 == opening.facility } ?? true }
    let day = state.patient.map {
      Day(facility: opening.facility, patient: $0, date: opening.serviceDate)
    }
    return DerivationContext(
      ruleBook: ruleBook,
      policy: policy
        ?? ruleBook.policy(
          for: opening.payer, on: opening.serviceDate, assignments: own.map(\.value)),
      otherSessions: day.flatMap { sessions[$0] }?.filter { $0.caseID != state.id } ?? [])
  }

  /// Refuses a case whose facility adopted another book for its date.
  private func checkAdoption(_ state: CaseState) throws(DerivationError) {
    guard let opening = state.opening else { return }
    var adopted: RuleBookAdopted?
    for adoption in adoptions
    where adoption.facility.map({ $0 == opening.facility }) ?? true
      && adoption.value.from <= opening.serviceDate
    {
      if let adopted, adoption.value.from < adopted.from { continue }
      adopted = adoption.value
    }
    guard let adopted else { return }
    guard adopted.ruleBook == ruleBook.edition, adopted.digest == ruleBook.digest else {
      throw .ruleBookUnknown(adopted.ruleBook, digest: adopted.digest)
    }
  }
}
