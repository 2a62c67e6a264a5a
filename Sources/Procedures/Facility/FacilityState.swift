/// A facility as its own events make it: who works there, which rules hold and from when.
///
/// The fold of the events whose case is the nil UUID, grown by ``evolve(_:version:)`` alone. Since
/// these events stand in the same log as the cases, every prefix of the log has one answer.
public struct FacilityState: Hashable, Sendable {
  /// How the log began; nil before its first event.
  public internal(set) var opening: FacilityOpened?
  /// The number of its last event among the facility's own; 0 before the first.
  public internal(set) var version: Int64 = 0
  /// The rule books adopted, in the order of recording.
  public internal(set) var ruleBooks: [RuleBookAdopted] = []
  /// The policies assigned to payers, in the order of recording.
  public internal(set) var payerPolicies: [PayerPolicyAssigned] = []
  /// The people registered, each as last registered.
  public internal(set) var people: [PersonCode: PersonRegistered] = [:]

  /// A facility without an event.
  public init() {}

  /// The rule book that governs a date of service; nil where none was adopted for it.
  ///
  /// The one that begins latest on or before the date; of those that begin on one day, the one
  /// recorded last.
  public func ruleBook(on serviceDate: CalendarDate) -> RuleBookAdopted? {
    Self.inForce(ruleBooks, on: serviceDate, from: \.from)
  }

  /// The policy of grouping that a payer's cases follow on a date of service; nil where none was
  /// assigned for it.
  ///
  /// Chosen among the payer's as ``ruleBook(on:)`` chooses among the books.
  public func payerPolicy(of payer: PayerCode, on serviceDate: CalendarDate) -> PayerPolicyAssigned?
  {
    Self.inForce(payerPolicies.lazy.filter { $0.payer == payer }, on: serviceDate, from: \.from)
  }

  private static func inForce<Entries: Sequence>(
    _ entries: Entries, on date: CalendarDate, from start: (Entries.Element) -> CalendarDate
  ) -> Entries.Element? {
    var latest: Entries.Element?
    for entry in entries where start(entry) <= date {
      if let known = latest, start(entry) < start(known) { continue }
      latest = entry
    }
    return latest
  }
}

extension FacilityState {
  /// Whether the facility takes this event.
  ///
  /// - Returns: the event to store, in its canonical form.
  /// - Throws: the ``Refusal``; nothing is stored then.
  public func decide(_ event: Event, in context: DecisionContext) throws(Refusal) -> Event {
    guard event.type.category == .facility, event.caseID == .zero else { throw .wrongCase }
    if case .facilityOpened(let opened) = event.body {
      try checkOpening(opened, context)
    } else if opening == nil {
      throw Refusal(
        .caseUnknown, "The facility is not opened yet; its log begins with facility-opened.",
        field: "case")
    }
    if case .ruleBookAdopted(let adopted) = event.body { try checkAdoption(adopted, context) }
    try context.checkReached(event.occurredAt, field: "occurredAt")
    return event
  }

  /// Refuses a book that is not at hand: no case could be derived by it.
  private func checkAdoption(
    _ adopted: RuleBookAdopted, _ context: DecisionContext
  ) throws(Refusal) {
    guard let books = context.ruleBooks else { return }
    guard let edition = books[adopted.digest] else {
      throw Refusal(
        .fieldInvalid,
        "The facility has no rule book of this digest: store the book first, then adopt it.",
        field: "data.digest")
    }
    guard edition == adopted.ruleBook else {
      throw Refusal(
        .fieldInvalid, "The rule book of this digest is of another edition: \(edition).",
        field: "data.ruleBook")
    }
  }

  private func checkOpening(
    _ opened: FacilityOpened, _ context: DecisionContext
  ) throws(Refusal) {
    guard opening == nil else {
      throw Refusal(.caseAlreadyOpen, "The facility is already opened.", field: "case")
    }
    guard opened.facility.isWellFormed else {
      throw Refusal(
        .fieldInvalid, "A facility's code is 1 to 63 of a-z, 0-9 and -, and begins with none of -.",
        field: "data.facility")
    }
    try context.checkOwn(opened.facility)
  }

  /// Grows the facility by its next event.
  ///
  /// - Parameters:
  ///   - event: an event that ``decide(_:in:)`` accepted, or that the log holds.
  ///   - version: its number among the facility's own events.
  public mutating func evolve(_ event: Event, version: Int64) {
    self.version = version
    switch event.body {
    case .facilityOpened(let opened): opening = opened
    case .ruleBookAdopted(let adopted): ruleBooks.append(adopted)
    case .payerPolicyAssigned(let assigned): payerPolicies.append(assigned)
    case .personRegistered(let person): people[person.person] = person
    case .caseOpened, .caseClosed, .caseSigned, .caseReopened, .caseCancelled, .patientIdentified,
      .roomChanged, .patientStatusChanged, .personnelArrived, .personnelDeparted,
      .timeOutCompleted, .percutaneousEntry, .percutaneousClosure, .procedureActionStarted,
      .procedureActionEnded, .procedureActionSuspended, .procedureActionResumed, .deviceInserted,
      .deviceWithdrawn, .imageAcquired, .measurementRecorded, .lesionIdentified,
      .interventionPerformed, .consumableUsed, .consumableReturned, .consumableDisposed,
      .drugAdministered, .contrastAdministered, .radiationRecorded, .adverseEvent,
      .interpretationDocumented, .procedureCoded, .diagnosisCoded, .modifierApplied,
      .holdReleased, .noteRecorded, .entryCorrected, .entryRetracted:
      break
    }
  }
}
