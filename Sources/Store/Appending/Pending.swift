internal import Procedures

/// A submission on its way into the log, with all that is needed to try it again.
struct Pending: Sendable {
  let caseID: CaseID
  /// The events, each id once.
  let events: [Event]
  let claims: [Submission.Claim?]
  let recorder: PersonCode
  let expectedVersion: Int64?
  /// For each event as it was submitted, its place among ``events``.
  let places: [Int]
  let pseudonyms: [PatientReference: PatientPseudonym]
  /// The key under which the events are sealed.
  private(set) var key: CaseKey
  /// The events in stored form, as far as that is known: a correction waits for its case's state.
  private(set) var sealed: [SealedEvent?]
  /// The bytes of the payloads, roughly.
  let byteCount: Int
  let answer: Answer

  /// How often it was decided on a state that turned out old.
  var decisions = 0
  /// How often the database failed before it could be decided.
  var failures = 0
  /// Whether it must be decided on what the store says now, not on what is remembered.
  var needsConfirmedState = false
  /// Whether it must not share a commit, because a commit with it failed.
  var isAlone = false

  typealias Answer = CheckedContinuation<Result<[Receipt], AppendFailure>, Never>

  init(_ prepared: Prepared, answer: Answer) {
    caseID = prepared.caseID
    events = prepared.events
    claims = prepared.claims
    recorder = prepared.recorder
    expectedVersion = prepared.expectedVersion
    places = prepared.places
    pseudonyms = prepared.pseudonyms
    key = prepared.key
    sealed = prepared.sealed
    byteCount = prepared.byteCount
    self.answer = answer
  }
}

extension Pending {
  /// Whether it begins a case, or the facility itself.
  var isOpening: Bool { events.first.map { $0.type == .caseOpened || opensFacility } ?? false }

  /// Whether it begins the facility's log.
  var opensFacility: Bool { events.first?.type == .facilityOpened }

  /// Goes on under another key.
  mutating func take(_ key: CaseKey) {
    guard key.wrapped.id != self.key.wrapped.id else { return }
    self.key = key
    sealed = Array(repeating: nil, count: events.count)
  }

  /// The event at a place in stored form, given as the case takes it and, of a correction, with the
  /// type of what it corrects.
  mutating func seal(
    _ index: Int, as decided: Event, correcting subject: EventType?, in facility: FacilityCode
  ) throws(StoreError) -> SealedEvent {
    if let known = sealed[index] { return known }
    let sealer = EventSealer(
      facility: facility, key: key, pseudonyms: pseudonyms, recorder: recorder)
    let event = try sealer.seal(decided, correcting: subject, claim: claims[index])
    sealed[index] = event
    return event
  }

  /// Answers the caller with a receipt for each event that was submitted.
  func succeed(_ receipts: [Receipt]) {
    answer.resume(returning: .success(places.map { receipts[$0] }))
  }

  /// Answers the caller that it was refused, for the event at a place among ``events``.
  func refuse(_ refusal: Refusal, index: Int?) {
    let submitted = index.flatMap { places.firstIndex(of: $0) }
    answer.resume(returning: .failure(.refused(refusal, index: submitted)))
  }

  /// Answers the caller that it was not appended.
  func fail(_ failure: AppendFailure) { answer.resume(returning: .failure(failure)) }
}
