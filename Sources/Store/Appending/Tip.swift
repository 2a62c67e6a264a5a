internal import Procedures

/// What a log's events are decided on: a case, or the facility itself.
protocol LogSubject {
  /// The number of its last event.
  var version: Int64 { get }
  /// Whether one of its events has this id.
  func knows(_ id: EventID) -> Bool
  /// The type of its event of this id.
  func type(of id: EventID) -> EventType?
  /// Whether it takes the event, and in which form.
  func decide(_ event: Event, in context: DecisionContext) throws(Refusal) -> Event
  /// Grows by an event.
  mutating func evolve(_ event: Event, version: Int64)
}

extension CaseState: LogSubject {
  func knows(_ id: EventID) -> Bool { entry(id) != nil }
  func type(of id: EventID) -> EventType? { entry(id)?.original.type }
}

/// The facility's state, which does not remember the ids of its events, and those ids.
struct FacilityLedger: LogSubject {
  private var state = FacilityState()
  private var ids: Set<EventID> = []

  var version: Int64 { state.version }
  func knows(_ id: EventID) -> Bool { ids.contains(id) }
  func type(of id: EventID) -> EventType? { nil }

  func decide(_ event: Event, in context: DecisionContext) throws(Refusal) -> Event {
    try state.decide(event, in: context)
  }

  mutating func evolve(_ event: Event, version: Int64) {
    state.evolve(event, version: version)
    ids.insert(event.id)
  }
}

/// A case as it will be when the commit under way has succeeded.
///
/// A class so that it grows in place; only the worker of its facility touches it.
final class Tip {
  /// The state, the events of the commit under way among them.
  var subject: any LogSubject
  /// Whether the store was asked in this round, so that a refusal stands.
  var isConfirmed: Bool
  /// Whether it holds events that are not committed yet.
  var isSpeculative = false
  /// Whether what it holds is not what the log holds or will hold.
  var isSpoiled = false

  init(_ caseID: CaseID, isConfirmed: Bool) {
    subject = caseID == .zero ? FacilityLedger() : CaseState(caseID)
    self.isConfirmed = isConfirmed
  }

  /// Grows by what another wrote.
  func catchUp(with events: [RecordedEvent]) {
    for event in events { subject.evolve(event.event, version: event.version) }
  }
}
