public import Procedures

/// Up to where a case is looked at.
public enum Moment: Hashable, Sendable {
  /// Everything recorded so far.
  case now
  /// The event of this version, and those before it.
  case version(Int64)
  /// What was recorded by then.
  case recorded(Instant)
  /// What had happened by then, as far as is known today.
  case occurred(Instant)
}

extension LogReader {
  /// A case as it stands, or as it stood at a moment; its version is 0 where it has no event.
  public func caseState(
    _ caseID: CaseID, in facility: FacilityCode, at moment: Moment = .now
  ) async throws(StoreError) -> CaseState {
    let events = try await events(of: caseID, in: facility, at: moment, disclosure: .sealed)
    var state = CaseState(caseID)
    for event in events { state.evolve(event.event, version: event.version) }
    return state
  }

  /// The events of a case that make it what it was at a moment, in the order of recording.
  ///
  /// By the time of occurrence, an entry belongs to them when it happened by then as it is corrected
  /// today, and an amendment when what it amends does, whenever it was made itself: what was
  /// recorded wrongly has never happened so.
  public func events(
    of caseID: CaseID, in facility: FacilityCode, at moment: Moment, disclosure: Disclosure
  ) async throws(StoreError) -> [RecordedEvent] {
    let events = try await allEvents(of: caseID, in: facility, after: 0, disclosure, at: moment)
    if case .occurred(let time) = moment { return Self.occurred(events, by: time, in: caseID) }
    return events
  }

  /// The events of a case after a version, page by page, as long as the moment admits them.
  func allEvents(
    of caseID: CaseID, in facility: FacilityCode, after version: Int64, _ disclosure: Disclosure,
    at moment: Moment = .now
  ) async throws(StoreError) -> [RecordedEvent] {
    var events: [RecordedEvent] = []
    while true {
      let page = try await self.events(
        of: caseID, in: facility, after: events.last?.version ?? version, limit: Self.pageSize,
        disclosure: disclosure)
      let wanted = page.prefix { moment.admits($0) }
      events += wanted
      guard wanted.count == Self.pageSize else { return events }
    }
  }

  /// The events of a case that had happened by then, as far as is known from all of them.
  package static func occurred(
    _ events: [RecordedEvent], by time: Instant, in caseID: CaseID
  ) -> [RecordedEvent] {
    var today = CaseState(caseID)
    for event in events { today.evolve(event.event, version: event.version) }
    var admitted: Set<EventID> = []
    return events.filter { recorded in
      let isAdmitted =
        if let amended = recorded.event.body.amendedEntry {
          admitted.contains(amended)
        } else {
          (today.entry(recorded.event.id)?.occurredAt ?? recorded.event.occurredAt) <= time
        }
      if isAdmitted { admitted.insert(recorded.event.id) }
      return isAdmitted
    }
  }

  /// The facility as its own events make it; version 0 where it has no log.
  public func facilityState(of facility: FacilityCode) async throws(StoreError) -> FacilityState {
    var state = FacilityState()
    while true {
      let page = try await events(
        of: .zero, in: facility, after: state.version, limit: Self.pageSize, disclosure: .sealed)
      for event in page { state.evolve(event.event, version: event.version) }
      guard page.count == Self.pageSize else { return state }
    }
  }
}

extension Moment {
  /// Whether an event may belong to what is seen; where one does not, none after it does.
  fileprivate func admits(_ event: RecordedEvent) -> Bool {
    switch self {
    case .now, .occurred: true
    case .version(let version): event.version <= version
    case .recorded(let time): event.recordedAt <= time
    }
  }
}

extension EventBody {
  /// The entry that a correction or a retraction speaks of; nil of any other event.
  package var amendedEntry: EventID? {
    if case .entryCorrected(let correction) = self { return correction.entry }
    if case .entryRetracted(let retraction) = self { return retraction.entry }
    return nil
  }
}
