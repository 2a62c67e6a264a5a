extension CaseState {
  /// Whether the case takes this event, and in which canonical form.
  ///
  /// - Returns: the event to store: the one given, a correction's data brought to the form of the
  ///   entry that it corrects.
  /// - Throws: the ``Refusal``; nothing is stored then.
  public func decide(_ event: Event, in context: DecisionContext) throws(Refusal) -> Event {
    guard event.type.category != .facility, event.caseID == id else { throw .wrongCase }
    try checkLife(event)
    try checkTime(event.occurredAt, field: "occurredAt", context)
    if case .caseOpened(let opened) = event.body { try context.checkOwn(opened.facility) }
    try check(event.body, context)
    guard case .entryCorrected(let correction) = event.body else {
      if case .entryRetracted(let retraction) = event.body { try checkRetraction(retraction) }
      return event
    }
    return try corrected(event, correction, context)
  }

  /// What the case accepts at this point of its life.
  private func checkLife(_ event: Event) throws(Refusal) {
    switch phase {
    case .unknown:
      guard event.type == .caseOpened else {
        throw Refusal(.caseUnknown, "There is no such case; open it first.", field: "case")
      }
    case .open, .closed:
      guard event.type != .caseOpened else { throw Self.alreadyOpen }
      guard event.type != .caseReopened || phase == .closed else { throw Self.alreadyOpen }
    case .signed:
      guard event.type != .caseOpened else { throw Self.alreadyOpen }
      try checkAfterSigning(event)
    case .cancelled:
      guard event.type.category == .note else {
        throw Refusal(
          .caseCancelled, "This case was cancelled; only notes can be added.", field: "case")
      }
    }
  }

  private static var alreadyOpen: Refusal {
    Refusal(.caseAlreadyOpen, "This case is already open.", field: "case")
  }

  private func checkAfterSigning(_ event: Event) throws(Refusal) {
    switch event.type.category {
    case .coding, .reading, .note, .amendment: break
    case .lifecycle:
      guard event.type != .caseClosed else {
        throw Refusal(
          .caseNotOpen, "This case is signed; reopen it to close it again.", field: "case")
      }
    case .clinical:
      guard event.reason != nil else {
        throw Refusal(
          .fieldMissing, "This case is signed; a late entry needs a reason.", field: "reason")
      }
    case .facility: throw .wrongCase
    }
  }

  private func checkTime(
    _ time: Instant, field: String, _ context: DecisionContext
  ) throws(Refusal) {
    try context.checkReached(time, field: field)
    if let openedAt, time < openedAt.adding(seconds: -DecisionContext.secondsBeforeCase) {
      throw Refusal(
        .occurredBeforeCase, "This time is more than 24 hours before the case was opened.",
        field: field)
    }
  }

  /// What a body may refer to.
  private func check(_ body: EventBody, _ context: DecisionContext) throws(Refusal) {
    switch body {
    case .imageAcquired(let image): try check(image.lesion)
    case .interventionPerformed(let intervention): try check(intervention.lesion)
    case .procedureCoded(let coded):
      guard !context.derivedCodes.contains(coded.code) else {
        throw Refusal(
          .fieldInvalid, "\(coded.code) is counted from the imaged vessels; it cannot be stated.",
          field: "data.code")
      }
    default: break
    }
  }

  private func check(_ lesion: LesionCode?) throws(Refusal) {
    guard let lesion, !knows(lesion) else { return }
    throw Refusal(
      .lesionUnknown, "No lesion of this name is identified in the case.", field: "data.lesion")
  }

  private func target(_ id: EventID) throws(Refusal) -> Entry {
    guard let entry = entry(id) else {
      throw Refusal(.entryUnknown, "There is no such entry in this case.", field: "data.entry")
    }
    return entry
  }

  private func checkRetraction(_ retraction: EntryRetracted) throws(Refusal) {
    let entry = try target(retraction.entry)
    guard entry.original.type.category != .lifecycle else {
      throw Refusal(
        .fieldInvalid, "The opening, closing, signing or cancelling of a case cannot be retracted.",
        field: "data.entry")
    }
    guard !entry.isRetracted else {
      throw Refusal(
        .entryAlreadyRetracted, "This entry is already retracted.", field: "data.entry")
    }
  }

  private func corrected(
    _ event: Event, _ correction: EntryCorrected, _ context: DecisionContext
  ) throws(Refusal) -> Event {
    let entry = try target(correction.entry)
    switch entry.original.type.category {
    case .lifecycle, .amendment:
      throw Refusal(
        .fieldInvalid, "This kind of entry cannot be corrected; retract it or record anew.",
        field: "data.entry")
    case .clinical, .reading, .coding, .note, .facility: break
    }
    if let occurredAt = correction.occurredAt {
      try checkTime(occurredAt, field: "data.occurredAt", context)
    }
    let body = try EventBody(entry.original.type, data: correction.data, at: "data.data")
    do {
      try check(body, context)
    } catch {
      throw Refusal(
        error.code, error.sentence,
        field: error.field.map { "data." + $0 }, nearest: error.nearest)
    }
    return event.correcting(correction, to: body)
  }

  /// The event with the data of a correction in the one form of the type of the entry corrected.
  ///
  /// So that two requests that mean the same have the same ``Event/contentBytes``, whether or not
  /// they spell a default out. Any other event, and a correction that ``decide(_:in:)`` refuses, is
  /// returned as it is.
  public func canonical(_ event: Event) -> Event {
    guard case .entryCorrected(let correction) = event.body, let entry = entry(correction.entry)
    else { return event }
    do {
      return event.correcting(
        correction, to: try EventBody(entry.original.type, data: correction.data))
    } catch {
      return event
    }
  }
}

extension Event {
  fileprivate func correcting(_ correction: EntryCorrected, to body: EventBody) -> Event {
    var canonical = self
    canonical.body = .entryCorrected(EntryCorrected(correction, data: body.data))
    return canonical
  }
}
