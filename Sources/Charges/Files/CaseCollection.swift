public import Procedures

/// Files of several cases, folded in order, each derived with the others as its context.
///
/// This is `cathlog derive` without its reading and writing: pure, and without a clock.
public struct CaseCollection: Sendable {
  /// One case: its events in order and their fold.
  struct Record {
    var events: [Event] = []
    var state: CaseState
  }

  /// An event's id within its facility's log.
  private struct Key: Hashable {
    let facility: FacilityCode?
    let id: EventID
  }

  /// An event of a facility, and the facility where the file tells it.
  struct Scoped<Value: Sendable>: Sendable {
    let facility: FacilityCode?
    let value: Value
  }

  let ruleBook: RuleBook
  private let decision: DecisionContext
  private(set) var records: [Record] = []
  private var places: [CaseID: Int] = [:]
  private var events: [Key: Event] = [:]
  private var facility: FacilityCode?
  private var facilityVersions: [FacilityCode?: Int64] = [:]
  private(set) var assignments: [Scoped<PayerPolicyAssigned>] = []
  private(set) var adoptions: [Scoped<RuleBookAdopted>] = []

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
