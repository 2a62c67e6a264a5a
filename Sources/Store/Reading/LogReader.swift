public import Procedures

/// Whether a reader sees what identifies patients.
public enum Disclosure: Sendable {
  /// Sealed fields are opened; where the key is gone they read as erased.
  case clear
  /// Sealed fields stay sealed: for folds, which do not look at them.
  case sealed
}

/// Reads a facility's log as events.
public struct LogReader: Sendable {
  let store: any LogStore
  let vault: Vault

  /// How many rows are read at once by a fold.
  static let pageSize = 1_000

  /// A reader of a store's logs.
  public init(store: any LogStore, vault: Vault) {
    self.store = store
    self.vault = vault
  }

  /// Events of a case after a version, in order, at most `limit`.
  public func events(
    of caseID: CaseID, in facility: FacilityCode, after version: Int64 = 0, limit: Int,
    disclosure: Disclosure
  ) async throws(StoreError) -> [RecordedEvent] {
    try await read(
      try await store.rows(of: caseID, in: facility, after: version, limit: limit), disclosure)
  }

  /// Events of a facility's log after a position, in order, at most `limit`.
  public func events(
    of facility: FacilityCode, after position: Int64 = 0, limit: Int, disclosure: Disclosure
  ) async throws(StoreError) -> [RecordedEvent] {
    try await read(
      try await store.rows(of: facility, after: position, limit: limit), disclosure)
  }

  /// How these cases were opened, without those that were not; at most as many as a page has events.
  ///
  /// A case's first event is its opening, which nothing corrects. So all of them are one query.
  public func openings(
    of cases: [CaseID], in facility: FacilityCode, disclosure: Disclosure
  ) async throws(StoreError) -> [CaseID: CaseOpened] {
    let rows = try await store.firstRows(of: cases, in: facility)
    var openings: [CaseID: CaseOpened] = [:]
    openings.reserveCapacity(rows.count)
    for event in try await read(rows, disclosure) {
      if case .caseOpened(let opening) = event.event.body { openings[event.event.caseID] = opening }
    }
    return openings
  }

  /// The rows of one facility as events.
  private func read(
    _ rows: [LogRow], _ disclosure: Disclosure
  ) async throws(StoreError) -> [RecordedEvent] {
    guard let facility = rows.first?.facility else { return [] }
    var keys: [CaseID: CaseKey]?
    if disclosure == .clear {
      keys = try await vault.storedKeys(of: Array(Set(rows.map(\.caseID))), in: facility)
    }
    var events: [RecordedEvent] = []
    events.reserveCapacity(rows.count)
    for row in rows { events.append(try RecordedEvent(row, openingWith: keys)) }
    return events
  }
}
