import Procedures
import Store
import Synchronization

@testable import Postgres

/// A store that fails as databases and networks do, by a seed.
final class FaultyStore: LogStore {
  /// How often each fault happens, in percent of the calls or requests.
  struct Faults: Sendable {
    /// The connection is gone before anything was stored.
    var lostBefore = 0
    /// Everything is stored, and the answer is lost.
    var lostAfter = 0
    /// A request meets a conflict, as if another writer had been faster and then gone.
    var conflict = 0
    /// A read fails.
    var read = 0
  }

  private let store: any LogStore
  private let faults: Mutex<(Faults, Chance)>
  /// A recorder whose rows the database cannot take.
  let poison: String?

  init(_ store: any LogStore, _ faults: Faults, seed: UInt64, poison: String? = nil) {
    self.store = store
    self.faults = Mutex((faults, Chance(seed: seed)))
    self.poison = poison
  }

  /// From now on nothing fails.
  func heal() { faults.withLock { $0.0 = Faults() } }

  private func happens(_ percent: (Faults) -> Int) -> Bool {
    faults.withLock { $0.1.happens(percent($0.0)) }
  }

  private func passRead() throws(StoreError) {
    if happens({ $0.read }) { throw .database(PostgresError(.connectionFailed, "injected")) }
  }

  func append(
    _ requests: [AppendRequest], to facility: FacilityCode
  ) async throws(StoreError) -> [AppendOutcome] {
    if happens({ $0.lostBefore }) { throw .database(PostgresError(.connectionLost, "injected")) }
    if requests.contains(where: { $0.entries.contains { $0.recorder == poison } }) {
      throw .database(PostgresError(.server, "injected"))
    }
    let overtaken = requests.map { _ in happens { $0.conflict } }
    let passed = zip(requests, overtaken).filter { !$0.1 }.map(\.0)
    var outcomes = passed.isEmpty ? [] : try await store.append(passed, to: facility)[...]
    if happens({ $0.lostAfter }) { throw .database(PostgresError(.commitUnknown, "injected")) }
    return overtaken.map { $0 ? .versionConflict(current: 0) : outcomes.removeFirst() }
  }

  func head(of facility: FacilityCode) async throws(StoreError) -> LogEnd? {
    try await store.head(of: facility)
  }

  func now() async throws(StoreError) -> Instant {
    try passRead()
    return try await store.now()
  }

  func facilities() async throws(StoreError) -> [FacilityCode] { try await store.facilities() }

  func rows(
    of facility: FacilityCode, after position: Int64, limit: Int
  ) async throws(StoreError) -> [LogRow] {
    try await store.rows(of: facility, after: position, limit: limit)
  }

  func rows(
    of caseID: CaseID, in facility: FacilityCode, after version: Int64, limit: Int
  ) async throws(StoreError) -> [LogRow] {
    try passRead()
    return try await store.rows(of: caseID, in: facility, after: version, limit: limit)
  }

  func firstRows(
    of cases: [CaseID], in facility: FacilityCode
  ) async throws(StoreError) -> [LogRow] {
    try passRead()
    return try await store.firstRows(of: cases, in: facility)
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
