public import Procedures

/// Files of several cases, folded in order, each derived with the others as its context.
///
/// This is `cathlog derive` without its reading and writing: pure, and without a clock.
public struct CaseCollection: Sendable {
  /// One case: its events in order and their fold.
  private struct Record {
    var events: [Event] = []
    var state: CaseState
  }

  /// An event's id within its facility's log.
  private struct Key: Hashable {
    let facility: FacilityCode?
    let id: EventID
  }

  /// An event of a facility, and the facility where the file tells it.
  private struct Scoped<Value: Sendable>: Sendable {
    let facility: FacilityCode?
    let value: Value
  }

  private let ruleBook: RuleBook
  private let decision: DecisionContext
  private var records: [Record] = []
  private var places: [CaseID: Int] = [:]
  private var events: [Key: Event] = [:]
  private var facility: FacilityCode?
  private var facilityVersions: [FacilityCode?: Int64] = [:]
  private var assignments: [Scoped<PayerPolicyAssigned>] = []
  private var adoptions: [Scoped<RuleBookAdopted>] = []

  /// Whether a rule book that the files adopt must be the one at hand; false where a person chose
  /// the book.
  public var heedsAdoptions = true

  /// An empty collection under this book.
  public init(ruleBook: RuleBook) {
    self.ruleBook = ruleBook
    decision = DecisionContext(facility: nil, now: nil, derivedCodes: ruleBook.derivedCodes)
  }

  /// Takes the next line of the files.
  ///
  /// - Throws: the refusal with the line's number, as the log itself would refuse the event; the
  ///   collection is as it was before.
  public mutating func add(_ line: EventFile.Line) throws(EventFile.Fault) {
    do throws(Refusal) {
      if line.submitted.event.type.category == .facility {
        try addToFacility(line.submitted)
      } else {
        try addToCase(line.submitted)
      }
    } catch {
      throw EventFile.Fault(line: line.number, refusal: error)
    }
  }

  private mutating func addToCase(_ submitted: SubmittedEvent) throws(Refusal) {
    let event = submitted.event
    let place = places[event.caseID]
    var state = place.map { records[$0].state } ?? CaseState(event.caseID)
    let key = Key(facility: facility(of: event, state), id: event.id)
    if try isRepeat(event, key) { return }
    let accepted = try state.decide(event, in: decision)
    try checkOrder(submitted.annotations.version, after: state.version)
    if let place {
      // The fold must own the state alone, or every event would copy the case.
      records[place].state = CaseState(event.caseID)
      state.evolve(accepted, version: state.version + 1)
      records[place].state = state
      records[place].events.append(accepted)
    } else {
      state.evolve(accepted, version: 1)
      places[event.caseID] = records.count
      records.append(Record(events: [accepted], state: state))
    }
    events[key] = event
  }

  private mutating func addToFacility(_ submitted: SubmittedEvent) throws(Refusal) {
    let event = submitted.event
    var scope = submitted.annotations.facility ?? facility
    if case .facilityOpened(let opened) = event.body { scope = opened.facility }
    let key = Key(facility: scope, id: event.id)
    if try isRepeat(event, key) { return }
    let version = facilityVersions[scope] ?? 0
    try checkOrder(submitted.annotations.version, after: version)
    facilityVersions[scope] = version + 1
    facility = scope
    switch event.body {
    case .payerPolicyAssigned(let assigned):
      assignments.append(Scoped(facility: scope, value: assigned))
    case .ruleBookAdopted(let adopted): adoptions.append(Scoped(facility: scope, value: adopted))
    default: break
    }
    events[key] = event
  }

  private func facility(of event: Event, _ state: CaseState) -> FacilityCode? {
    if let opening = state.opening { return opening.facility }
    if case .caseOpened(let opened) = event.body { return opened.facility }
    return nil
  }

  /// Whether the event was taken before; another event under its id is refused.
  private func isRepeat(_ event: Event, _ key: Key) throws(Refusal) -> Bool {
    guard let before = events[key] else { return false }
    guard before == event || isSameCorrection(before, event) else {
      throw Refusal(
        .eventIDReused, "Another event of the facility already has this id.", field: "id")
    }
    return true
  }

  /// Whether two corrections are equal once their data is read in the form of what they correct.
  private func isSameCorrection(_ left: Event, _ right: Event) -> Bool {
    guard case .entryCorrected(let a) = left.body, case .entryCorrected(let b) = right.body,
      let place = places[left.caseID],
      let type = records[place].state.entry(a.entry)?.original.type,
      let before = try? EventBody(type, data: a.data),
      let after = try? EventBody(type, data: b.data)
    else { return false }
    var twin = right
    twin.body = left.body
    return twin == left && a.entry == b.entry && a.reason == b.reason
      && a.occurredAt == b.occurredAt && before == after
  }

  private func checkOrder(_ given: Int64?, after version: Int64) throws(Refusal) {
    guard let given, given != version + 1 else { return }
    throw Refusal(
      .versionConflict, "This event is version \(given); version \(version + 1) comes next.",
      field: "version")
  }
}

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
