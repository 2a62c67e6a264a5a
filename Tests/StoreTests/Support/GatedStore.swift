import Procedures
import Store
import Synchronization

/// A store whose appends wait until the gate is opened, so that a test can act while a commit is
/// under way.
final class GatedStore: LogStore {
  private let store: any LogStore
  private let gate = Mutex(Gate())

  private struct Gate {
    var isOpen = true
    var waiting: [CheckedContinuation<Void, Never>] = []
    var watchers: [CheckedContinuation<Void, Never>] = []
    var calls: [Int] = []
  }

  init(_ store: any LogStore) { self.store = store }

  func close() { gate.withLock { $0.isOpen = false } }

  func open() {
    let waiting = gate.withLock { gate in
      gate.isOpen = true
      defer { gate.waiting = [] }
      return gate.waiting
    }
    for call in waiting { call.resume() }
  }

  /// Returns once an append waits at the gate.
  func callWaits() async {
    await withCheckedContinuation { watcher in
      let waits = gate.withLock { gate in
        if gate.waiting.isEmpty { gate.watchers.append(watcher) }
        return !gate.waiting.isEmpty
      }
      if waits { watcher.resume() }
    }
  }

  /// How many requests each append had.
  var calls: [Int] { gate.withLock { $0.calls } }

  private func pass() async {
    await withCheckedContinuation { call in
      let (isOpen, watchers) = gate.withLock { gate in
        guard !gate.isOpen else { return (true, [CheckedContinuation<Void, Never>]()) }
        gate.waiting.append(call)
        defer { gate.watchers = [] }
        return (false, gate.watchers)
      }
      if isOpen { call.resume() }
      for watcher in watchers { watcher.resume() }
    }
  }

  func append(
    _ requests: [AppendRequest], to facility: FacilityCode
  ) async throws(StoreError) -> [AppendOutcome] {
    gate.withLock { $0.calls.append(requests.count) }
    await pass()
    return try await store.append(requests, to: facility)
  }

  func head(of facility: FacilityCode) async throws(StoreError) -> LogEnd? {
    try await store.head(of: facility)
  }

  func now() async throws(StoreError) -> Instant { try await store.now() }

  func facilities() async throws(StoreError) -> [FacilityCode] { try await store.facilities() }

  func rows(
    of facility: FacilityCode, after position: Int64, limit: Int
  ) async throws(StoreError) -> [LogRow] {
    try await store.rows(of: facility, after: position, limit: limit)
  }

  func rows(
    of caseID: CaseID, in facility: FacilityCode, after version: Int64, limit: Int
  ) async throws(StoreError) -> [LogRow] {
    try await store.rows(of: caseID, in: facility, after: version, limit: limit)
  }

  func firstRows(
    of cases: [CaseID], in facility: FacilityCode
  ) async throws(StoreError) -> [LogRow] {
    try await store.firstRows(of: cases, in: facility)
  }

  func forEachRow(
    of facility: FacilityCode, in positions: ClosedRange<Int64>,
    _ body: @escaping @Sendable (LogRow) throws(StoreError) -> Void
  ) async throws(StoreError) {
    try await store.forEachRow(of: facility, in: positions, body)
  }

  func keys(
    of cases: [CaseID], in facility: FacilityCode
  ) async throws(StoreError) -> [CaseID: WrappedKey] {
    try await store.keys(of: cases, in: facility)
  }

  func registryKey(
    of facility: FacilityCode, proposing key: WrappedKey
  ) async throws(StoreError) -> WrappedKey {
    try await store.registryKey(of: facility, proposing: key)
  }

  func pseudonym(
    for identifierHash: [UInt8], in facility: FacilityCode, proposing pseudonym: PatientPseudonym
  ) async throws(StoreError) -> PatientPseudonym {
    try await store.pseudonym(for: identifierHash, in: facility, proposing: pseudonym)
  }

  func knows(
    _ pseudonym: PatientPseudonym, in facility: FacilityCode
  ) async throws(StoreError) -> Bool {
    try await store.knows(pseudonym, in: facility)
  }
}
