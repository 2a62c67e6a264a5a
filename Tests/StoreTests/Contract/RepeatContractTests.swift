import Procedures
import Store
import Testing

@Suite struct `Every log store knows an event again` {
  @Test(arguments: StoreKind.allCases)
  func `the same request gets the first receipts again, whatever happened since`(
    kind: StoreKind
  ) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      let (caseID, key) = (CaseID.fresh, Entries.key())
      let request = Entries.request(
        caseID, version: 0, [Entries.entry(), Entries.entry()], key: key)
      let first = try #require(try await store.append(request, to: facility).receipts)
      let later = Entries.request(caseID, version: 2, [Entries.entry()], key: key)
      _ = try await store.append(later, to: facility)

      let again = try #require(try await store.append(request, to: facility).receipts)
      #expect(again.map(\.isRepeat) == [true, true])
      #expect(again.map(\.position) == first.map(\.position))
      #expect(again.map(\.version) == first.map(\.version))
      #expect(again.map(\.recordedAt) == first.map(\.recordedAt))
      #expect(try await store.allRows(of: facility).count == 4)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `a request that is stored in part goes in with the rest, at the right version`(
    kind: StoreKind
  ) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      let (caseID, key) = (CaseID.fresh, Entries.key())
      let (known, new) = (Entries.entry(), Entries.entry())
      _ = try await store.append(
        Entries.request(caseID, version: 0, [known], key: key), to: facility)

      let stale = Entries.request(caseID, version: 0, [known, new], key: key)
      #expect(try await store.append(stale, to: facility) == .versionConflict(current: 1))
      let current = Entries.request(caseID, version: 1, [new, known], key: key)
      let receipts = try #require(try await store.append(current, to: facility).receipts)
      #expect(receipts.map(\.version) == [2, 1])
      #expect(receipts.map(\.isRepeat) == [false, true])
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `an id with another content is reused, and nothing of its request is stored`(
    kind: StoreKind
  ) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      let (caseID, key) = (CaseID.fresh, Entries.key())
      let id = EventID.fresh
      _ = try await store.append(
        Entries.request(caseID, version: 0, [Entries.entry(id)], key: key), to: facility)

      let changed = Entries.request(
        caseID, version: 1, [Entries.entry(), Entries.entry(id, digest: 2)], key: key)
      let outcomes = try await store.append(
        [changed, Entries.request(.fresh, version: 0, [Entries.entry()], key: Entries.key())],
        to: facility)
      #expect(outcomes[0] == .eventIDReused(index: 1))
      #expect(outcomes[1].versions == [1])
      #expect(try await store.allRows(of: facility).count == 3)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `an id of another case is reused, also with the same content`(
    kind: StoreKind
  ) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      let id = EventID.fresh
      _ = try await store.append(
        Entries.request(.fresh, version: 0, [Entries.entry(id)], key: Entries.key()),
        to: facility)
      let elsewhere = Entries.request(
        .fresh, version: 0, [Entries.entry(id)], key: Entries.key())
      #expect(try await store.append(elsewhere, to: facility) == .eventIDReused(index: 0))
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `a reused id is told before a version that does not fit`(kind: StoreKind) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      let (caseID, key) = (CaseID.fresh, Entries.key())
      let id = EventID.fresh
      _ = try await store.append(
        Entries.request(caseID, version: 0, [Entries.entry(id)], key: key), to: facility)
      let both = Entries.request(caseID, version: 9, [Entries.entry(id, digest: 2)], key: key)
      #expect(try await store.append(both, to: facility) == .eventIDReused(index: 0))
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `an id that stands twice in one call fails the call`(kind: StoreKind) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      let entry = Entries.entry()
      let requests = (0..<2).map { _ in
        Entries.request(.fresh, version: 0, [entry], key: Entries.key())
      }
      await #expect(throws: StoreError.self) { try await store.append(requests, to: facility) }
      #expect(try await store.allRows(of: facility).count == 1)
    }
  }
}
