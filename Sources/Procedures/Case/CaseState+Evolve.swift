extension CaseState {
  /// Grows the case by its next event.
  ///
  /// Costs the same however long the case is; only an amendment costs as much as it has to undo.
  ///
  /// - Parameters:
  ///   - event: an event that ``decide(_:in:)`` accepted, or that the log holds.
  ///   - version: its number in the case.
  public mutating func evolve(_ event: Event, version: Int64) {
    self.version = version
    let index = entries.count
    let target = event.body.amended.flatMap { indexes[$0] }
    let subject = event.body.amended == nil ? event.type : target.flatMap { entries[$0].subject }
    entries.append(
      Entry(
        id: event.id, version: version, original: event, body: event.body,
        occurredAt: event.occurredAt, subject: subject))
    indexes[event.id] = index
    move(by: event, about: subject)
    count(event.body, by: 1)
    if event.body.amended != nil { amend(target, by: index) }
  }

  private mutating func move(by event: Event, about subject: EventType?) {
    switch event.body {
    case .caseOpened(let opened):
      phase = .open
      opening = opened
      openedAt = event.occurredAt
    case .caseClosed: phase = .closed
    case .caseSigned:
      phase = .signed
      countsAsSigned = true
    case .caseReopened:
      phase = .open
      countsAsSigned = false
    case .caseCancelled: phase = .cancelled
    case .entryCorrected, .entryRetracted:
      if subject?.category != .coding { countsAsSigned = false }
    case .patientIdentified, .roomChanged, .patientStatusChanged, .personnelArrived,
      .personnelDeparted, .timeOutCompleted, .percutaneousEntry, .percutaneousClosure,
      .procedureActionStarted, .procedureActionEnded, .procedureActionSuspended,
      .procedureActionResumed, .deviceInserted, .deviceWithdrawn, .imageAcquired,
      .measurementRecorded, .lesionIdentified, .interventionPerformed, .consumableUsed,
      .consumableReturned, .consumableDisposed, .drugAdministered, .contrastAdministered,
      .radiationRecorded, .adverseEvent, .interpretationDocumented, .procedureCoded,
      .diagnosisCoded, .modifierApplied, .holdReleased, .noteRecorded, .facilityOpened,
      .ruleBookAdopted, .payerPolicyAssigned, .personRegistered:
      if event.type.changesUnits { countsAsSigned = false }
    }
  }
}
