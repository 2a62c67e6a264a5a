import Procedures
import Store
import Testing

@Suite struct `Every log store keeps the order of commits` {
  @Test(arguments: StoreKind.allCases)
  func `a log begins with the opening of its facility`(kind: StoreKind) async throws {
    try await withStore(kind) { store in
      let facility = try Entries.facility()
      let early = Entries.request(.fresh, version: 0, [Entries.entry()], key: Entries.key())
      await #expect(throws: StoreError.self) { try await store.append(early, to: facility) }
      #expect(try await store.head(of: facility) == nil)
      #expect(try await store.allRows(of: facility).isEmpty)

      let outcome = try await store.append(Entries.opening(), to: facility)
      let receipt = try #require(outcome.receipts?.first)
      #expect(receipt.position == 1)
      #expect(receipt.version == 1)
      #expect(!receipt.isRepeat)
      #expect(
        try await store.head(of: facility)
          == LogEnd(position: 1, recordedAt: receipt.recordedAt))
      #expect(try await store.facilities().contains(facility))
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `what throws for want of a log says so`(kind: StoreKind) async throws {
    try await withStore(kind) { store in
      let request = Entries.request(.fresh, version: 0, [Entries.entry()], key: Entries.key())
      let facility = try Entries.facility()
      let error = await #expect(throws: StoreError.self) {
        try await store.append([request], to: facility)
      }
      guard case .facilityUnknown = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `many callers at once leave no gap in positions or versions`(
    kind: StoreKind
  ) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      let shared = (id: CaseID.fresh, key: Entries.key())
      try await withThrowingTaskGroup(of: Void.self) { group in
        for caller in 0..<16 {
          group.addTask {
            let own = (id: CaseID.fresh, key: Entries.key())
            for step in 0..<10 {
              let requests = [
                Entries.request(own.id, version: Int64(step), [Entries.entry()], key: own.key),
                // Conflicts most of the time: that must cost no position.
                Entries.request(
                  shared.id, version: Int64(caller + step), [Entries.entry()], key: shared.key),
              ]
              let outcomes = try await store.append(requests, to: facility)
              #expect(outcomes.first?.versions == [Int64(step) + 1])
            }
          }
        }
        try await group.waitForAll()
      }
      let rows = try await store.allRows(of: facility)
      #expect(rows.count >= 161)
      #expect(rows.map(\.position) == Array(1...Int64(rows.count)))
      #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.recordedAt <= $1.recordedAt })
      for (_, rows) in Dictionary(grouping: rows, by: \.caseID) {
        #expect(rows.map(\.version) == Array(1...Int64(rows.count)))
      }
      let head = try #require(try await store.head(of: facility))
      #expect(head.position == Int64(rows.count))
      #expect(head.recordedAt == rows.last?.recordedAt)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `requests of one call see what the ones before them did`(kind: StoreKind) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      let (caseID, key) = (CaseID.fresh, Entries.key())
      let outcomes = try await store.append(
        [
          Entries.request(caseID, version: 0, [Entries.entry(), Entries.entry()], key: key),
          Entries.request(caseID, version: 2, [Entries.entry()], key: key),
          Entries.request(caseID, version: 2, [Entries.entry()], key: key),
        ], to: facility)
      #expect(outcomes.map(\.versions) == [[1, 2], [3], nil])
      #expect(outcomes[2] == .versionConflict(current: 3))
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `a request that was decided on what did not come about conflicts, whatever its version`(
    kind: StoreKind
  ) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      let (key, other) = (Entries.key(), CaseID.fresh)
      let taken = Entries.entry()
      _ = try await store.append(
        Entries.request(other, version: 0, [taken], key: key), to: facility)
      for fails in ["conflict", "reused id"] {
        let caseID = CaseID.fresh
        let known = Entries.entry()
        _ = try await store.append(
          Entries.request(caseID, version: 0, [known, Entries.entry()], key: key), to: facility)
        // The first was decided when the case had one event; the second, on what the first would do.
        let first = fails == "conflict" ? Entries.entry() : taken
        let outcomes = try await store.append(
          [
            Entries.request(caseID, version: 1, [first], key: key),
            Entries.request(caseID, version: 2, [Entries.entry()], key: key),
            Entries.request(caseID, version: 3, [known], key: key),
          ], to: facility)
        #expect(
          outcomes[0]
            == (fails == "conflict" ? .versionConflict(current: 2) : .eventIDReused(index: 0)))
        #expect(outcomes[1] == .versionConflict(current: 2))
        #expect(outcomes[2].receipts?.map(\.isRepeat) == [true])
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `a conflict stores nothing and fails no neighbour`(kind: StoreKind) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      let (late, fine) = (CaseID.fresh, CaseID.fresh)
      let key = Entries.key()
      _ = try await store.append(
        Entries.request(late, version: 0, [Entries.entry()], key: key), to: facility)
      let outcomes = try await store.append(
        [
          Entries.request(late, version: 0, [Entries.entry(), Entries.entry()], key: key),
          Entries.request(fine, version: 0, [Entries.entry()], key: Entries.key()),
          Entries.request(.fresh, version: 5, [Entries.entry()], key: Entries.key()),
        ], to: facility)
      #expect(outcomes[0] == .versionConflict(current: 1))
      #expect(outcomes[1].receipts?.map(\.position) == [3])
      #expect(outcomes[2] == .versionConflict(current: 0))
      #expect(try await store.allRows(of: facility).count == 3)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `a row that the log cannot hold fails its call, and nothing of it is stored`(
    kind: StoreKind
  ) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      var bad = Entries.entry()
      bad.digest = [1]
      let requests = [Entries.entry(), bad].map {
        Entries.request(.fresh, version: 0, [$0], key: Entries.key())
      }
      await #expect(throws: StoreError.self) { try await store.append(requests, to: facility) }
      #expect(try await store.allRows(of: facility).count == 1)
      let outcome = try await store.append(requests[0], to: facility)
      #expect(outcome.receipts?.map(\.position) == [2])
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `a call without a request does nothing, and a request without an entry makes no sense`(
    kind: StoreKind
  ) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      #expect(try await store.append([], to: facility).isEmpty)
      let empty = Entries.request(.fresh, version: 0, [], key: Entries.key())
      let error = await #expect(throws: StoreError.self) {
        try await store.append([empty], to: facility)
      }
      guard case .misuse = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `facilities have logs of their own`(kind: StoreKind) async throws {
    try await withStore(kind) { store in
      let (one, other) = (try await store.openLog(), try await store.openLog())
      let (caseID, id) = (CaseID.fresh, EventID.fresh)
      for (place, facility) in [one, other].enumerated() {
        let request = Entries.request(
          caseID, version: 0, [Entries.entry(id, digest: UInt8(place + 1))], key: Entries.key())
        let outcome = try await store.append(request, to: facility)
        #expect(outcome.receipts?.map(\.position) == [2])
        #expect(outcome.receipts?.map(\.isRepeat) == [false])
      }
    }
  }

  @Test func `the clock of a log never runs backwards`() async throws {
    let clock = TestClock()
    let store = MemoryLogStore(clock: clock.read)
    let facility = try await store.openLog()
    let before = try #require(try await store.head(of: facility)).recordedAt
    clock.set(Instant(microseconds: 0))
    let outcome = try await store.append(
      Entries.request(.fresh, version: 0, [Entries.entry()], key: Entries.key()), to: facility)
    #expect(outcome.receipts?.map(\.recordedAt) == [before])
    #expect(try await store.now() < before)
  }
}
