import Procedures
import Store
import Testing

@Suite struct `Every log store keeps the first key` {
  @Test(arguments: StoreKind.allCases)
  func `a case keeps the key of its first commit, and another is a conflict`(
    kind: StoreKind
  ) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      let (caseID, key) = (CaseID.fresh, Entries.key())
      #expect(try await store.keys(of: [caseID], in: facility).isEmpty)
      let request = Entries.request(caseID, version: 0, [Entries.entry()], key: key)
      _ = try await store.append(request, to: facility)
      #expect(try await store.keys(of: [caseID, .fresh], in: facility) == [caseID: key])

      // Also for a repeat: under another key its digest says nothing.
      var other = request
      other.key = Entries.key()
      let neighbour = Entries.request(.fresh, version: 0, [Entries.entry()], key: Entries.key())
      let outcomes = try await store.append([other, neighbour], to: facility)
      #expect(outcomes[0] == .keyConflict)
      #expect(outcomes[1].versions == [1])
      #expect(try await store.keys(of: [caseID], in: facility) == [caseID: key])
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `a request that stores nothing leaves no key`(kind: StoreKind) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      let caseID = CaseID.fresh
      let late = Entries.request(caseID, version: 3, [Entries.entry()], key: Entries.key())
      #expect(try await store.append(late, to: facility) == .versionConflict(current: 0))
      #expect(try await store.keys(of: [caseID], in: facility).isEmpty)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `of callers that race to begin a case one wins, and the rest learn of its key`(
    kind: StoreKind
  ) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      let caseID = CaseID.fresh
      let outcomes = try await withThrowingTaskGroup(of: (WrappedKey, AppendOutcome).self) {
        group in
        for _ in 0..<8 {
          group.addTask {
            let key = Entries.key()
            let request = Entries.request(caseID, version: 0, [Entries.entry()], key: key)
            return (key, try await store.append(request, to: facility))
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let winners = outcomes.filter { $0.1.versions == [1] }
      #expect(winners.count == 1)
      #expect(outcomes.filter { $0.1 == .keyConflict }.count == 7)
      #expect(try await store.keys(of: [caseID], in: facility)[caseID] == winners.first?.0)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `of callers that race to open a facility one wins`(kind: StoreKind) async throws {
    try await withStore(kind) { store in
      let facility = try Entries.facility()
      let key = Entries.key()
      let outcomes = try await withThrowingTaskGroup(of: AppendOutcome.self) { group in
        for _ in 0..<8 {
          group.addTask { try await store.append(Entries.opening(key: key), to: facility) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(outcomes.filter { $0.versions == [1] }.count == 1)
      #expect(outcomes.filter { $0 == .versionConflict(current: 1) }.count == 7)
      #expect(try await store.allRows(of: facility).count == 1)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `the first registry key stays, whoever proposes`(kind: StoreKind) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      let keys = try await withThrowingTaskGroup(of: WrappedKey.self) { group in
        for caller in 0..<8 {
          group.addTask {
            let proposal = WrappedKey(
              id: .zero, masterKey: Array(1...8), bytes: Array(repeating: UInt8(caller), count: 60))
            return try await store.registryKey(of: facility, proposing: proposal)
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(Set(keys.map(\.bytes)).count == 1)
      #expect(keys.allSatisfy { $0.masterKey == Array(1...8) })
      let other = try await store.registryKey(of: try Entries.facility(), proposing: Entries.key())
      #expect(other.bytes == Entries.key().bytes)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `the first pseudonym of a patient stays, in each facility by itself`(
    kind: StoreKind
  ) async throws {
    try await withStore(kind) { store in
      let (facility, other) = (try await store.openLog(), try await store.openLog())
      let hash = (0..<32).map { _ in UInt8.random(in: 0...255) }
      let pseudonyms = try await withThrowingTaskGroup(of: PatientPseudonym.self) { group in
        for _ in 0..<8 {
          group.addTask {
            try await store.pseudonym(for: hash, in: facility, proposing: .fresh)
          }
        }
        return try await group.reduce(into: Set()) { $0.insert($1) }
      }
      #expect(pseudonyms.count == 1)
      let proposal = PatientPseudonym.fresh
      #expect(try await store.pseudonym(for: hash, in: other, proposing: proposal) == proposal)
      let another = Array(repeating: UInt8(0), count: 32)
      let own = try await store.pseudonym(for: another, in: facility, proposing: .fresh)
      #expect(!pseudonyms.contains(own))
      #expect(try await store.knows(own, in: facility))
      #expect(try await !store.knows(own, in: other))
      #expect(try await store.knows(proposal, in: other))
      #expect(try await !store.knows(.fresh, in: facility))
    }
  }
}
