public import Procedures
internal import Synchronization

/// Logs in memory, to the letter of `log.append`: for tests of what stands above the store.
public final class MemoryLogStore: LogStore {
  private let clock: @Sendable () -> Instant
  private let state = Mutex(State())

  private struct State {
    var logs: [FacilityCode: MemoryLog] = [:]
    var registryKeys: [FacilityCode: WrappedKey] = [:]
    var pseudonyms: [FacilityCode: [[UInt8]: PatientPseudonym]] = [:]
  }

  /// An empty store whose events are recorded by this clock.
  public init(clock: @escaping @Sendable () -> Instant) { self.clock = clock }

  /// Appends under one lock, so that a call is one commit.
  public func append(
    _ requests: [AppendRequest], to facility: FacilityCode
  ) async throws(StoreError) -> [AppendOutcome] {
    guard let first = requests.first else { return [] }
    return try state.withLock { state throws(StoreError) in
      let opens = first.entries.first?.type == EventType.facilityOpened.rawValue
      guard opens || state.logs[facility] != nil else { throw .facilityUnknown }
      try MemoryLog.check(requests)
      return state.logs[facility, default: MemoryLog(facility)].append(requests, at: clock())
    }
  }

  /// The last row's position and time.
  public func head(of facility: FacilityCode) async throws(StoreError) -> LogEnd? {
    state.withLock { state in
      state.logs[facility].map {
        LogEnd(position: Int64($0.rows.count), recordedAt: $0.lastRecordedAt)
      }
    }
  }

  /// The clock that the store was made with.
  public func now() async throws(StoreError) -> Instant { clock() }

  /// The codes of the logs, in order.
  public func facilities() async throws(StoreError) -> [FacilityCode] {
    state.withLock { $0.logs.keys.sorted() }
  }

  /// A slice of the log.
  public func rows(
    of facility: FacilityCode, after position: Int64, limit: Int
  ) async throws(StoreError) -> [LogRow] {
    state.withLock { state in
      guard let rows = state.logs[facility]?.rows, limit > 0 else { return [] }
      return Array(rows.dropFirst(Int(clamping: max(0, position))).prefix(limit))
    }
  }

  /// A slice of the case.
  public func rows(
    of caseID: CaseID, in facility: FacilityCode, after version: Int64, limit: Int
  ) async throws(StoreError) -> [LogRow] {
    state.withLock { state in
      guard let log = state.logs[facility], let places = log.cases[caseID], limit > 0 else {
        return []
      }
      return places.dropFirst(Int(clamping: max(0, version))).prefix(limit).map { log.rows[$0] }
    }
  }

  /// The first row of each of these cases.
  public func firstRows(
    of cases: [CaseID], in facility: FacilityCode
  ) async throws(StoreError) -> [LogRow] {
    state.withLock { state in
      guard let log = state.logs[facility] else { return [] }
      return Set(cases).compactMap { log.cases[$0]?.first.map { log.rows[$0] } }
    }
  }

  /// Calls `body` with a copy of the rows, outside the lock.
  public func forEachRow(
    of facility: FacilityCode, in positions: ClosedRange<Int64>,
    _ body: @escaping @Sendable (LogRow) throws(StoreError) -> Void
  ) async throws(StoreError) {
    let rows = state.withLock { $0.logs[facility]?.rows ?? [] }
    for row in rows where positions.contains(row.position) { try body(row) }
  }

  /// The keys that were stored with the cases' first events.
  public func keys(
    of cases: [CaseID], in facility: FacilityCode
  ) async throws(StoreError) -> [CaseID: WrappedKey] {
    state.withLock { state in
      guard let keys = state.logs[facility]?.keys else { return [:] }
      return Dictionary(
        cases.compactMap { id in keys[id].map { (id, $0) } },
        uniquingKeysWith: { first, _ in first })
    }
  }

  /// The first key that was proposed.
  public func registryKey(
    of facility: FacilityCode, proposing key: WrappedKey
  ) async throws(StoreError) -> WrappedKey {
    state.withLock { state in
      let stored = state.registryKeys[facility] ?? key
      state.registryKeys[facility] = stored
      return stored
    }
  }

  /// The first pseudonym that was proposed.
  public func pseudonym(
    for identifierHash: [UInt8], in facility: FacilityCode, proposing pseudonym: PatientPseudonym
  ) async throws(StoreError) -> PatientPseudonym {
    state.withLock { state in
      let stored = state.pseudonyms[facility]?[identifierHash] ?? pseudonym
      state.pseudonyms[facility, default: [:]][identifierHash] = stored
      return stored
    }
  }

  /// Whether the registry gave out this pseudonym.
  public func knows(
    _ pseudonym: PatientPseudonym, in facility: FacilityCode
  ) async throws(StoreError) -> Bool {
    state.withLock { $0.pseudonyms[facility]?.values.contains(pseudonym) ?? false }
  }

  /// Destroys the key of a case, as the erasure of its patient does.
  func destroyKey(of caseID: CaseID, in facility: FacilityCode) {
    state.withLock { _ = $0.logs[facility]?.keys.removeValue(forKey: caseID) }
  }
}
