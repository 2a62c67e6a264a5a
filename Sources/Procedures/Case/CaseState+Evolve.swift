extension CaseState {
  /// Grows the case by its next event.
  ///
  /// - Parameters:
  ///   - event: an event that ``decide(_:in:)`` accepted, or that the log holds.
  ///   - version: its number in the case.
  public mutating func evolve(_ event: Event, version: Int64) {
    self.version = version
    let index = entries.count
    indexes[event.id] = index
    entries.append(
      Entry(
        id: event.id, version: version, original: event, body: event.body,
        occurredAt: event.occurredAt))
    move(by: event)
    switch event.body {
    case .entryCorrected(let correction): amend(correction.entry, by: index)
    case .entryRetracted(let retraction): amend(retraction.entry, by: index)
    default: break
    }
  }

  private mutating func move(by event: Event) {
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
    case .entryCorrected(let correction): unsign(unlessCoding: correction.entry)
    case .entryRetracted(let retraction): unsign(unlessCoding: retraction.entry)
    default:
      if event.type.changesUnits { countsAsSigned = false }
    }
  }

  private mutating func unsign(unlessCoding target: EventID) {
    if amendedType(target)?.category != .coding { countsAsSigned = false }
  }

  /// Settles what an entry says after an amendment, then what it amended itself, and so on back.
  private mutating func amend(_ target: EventID, by amendment: Int) {
    guard let index = indexes[target] else { return }
    entries[index].amendments.append(amendment)
    var next: Int? = index
    while let index = next {
      settle(index)
      switch entries[index].original.body {
      case .entryCorrected(let correction): next = indexes[correction.entry]
      case .entryRetracted(let retraction): next = indexes[retraction.entry]
      default: next = nil
      }
    }
  }

  private mutating func settle(_ index: Int) {
    let entry = entries[index]
    var body = entry.original.body
    var occurredAt = entry.original.occurredAt
    var isRetracted = false
    for amendment in entry.amendments where !entries[amendment].isRetracted {
      switch entries[amendment].original.body {
      case .entryCorrected(let correction):
        // Decided before it was stored: the data is of the entry's type.
        if let corrected = try? EventBody(entry.original.type, data: correction.data) {
          body = corrected
        }
        occurredAt = correction.occurredAt ?? entry.original.occurredAt
      case .entryRetracted: isRetracted = true
      default: break
      }
    }
    entries[index].body = body
    entries[index].occurredAt = occurredAt
    entries[index].isRetracted = isRetracted
  }
}
