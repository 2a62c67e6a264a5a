import Evidence
import Procedures
import Store
import Synchronization
import Testing

@Suite struct `Every log store gives back what it holds` {
  /// Entries that have every column and none, and texts of every width of UTF-8.
  private static var entries: [LogEntry] {
    var full = Entries.entry()
    full.type = "a-type-of-a-later-edition"
    full.form = 7
    full.occurredAt = Instant(microseconds: -2_208_988_800_000_000)
    full.timeQualifier = "estimated"
    full.performer = "Dr. Þór 🫀"
    full.reason = Array(0...255)
    full.payload = Array(#"{"text":"é 漢 🫀 \" \\"}"#.utf8)
    full.recorder = "小川"
    full.claimedRecordedAt = Instant(microseconds: 1)
    full.claimedRecorder = "nurse 🩺"
    full.hot.vessel = "external-iliac-vein"
    full.hot.side = "left"
    full.hot.modality = "IVUS"
    full.hot.imagesStored = true
    full.hot.lesion = "𝐋1"
    full.hot.entryID = .fresh
    var erased = Entries.entry()
    erased.reason = []
    erased.payload = []
    erased.hot.imagesStored = false
    return [Entries.entry(), full, erased]
  }

  @Test(arguments: StoreKind.allCases)
  func `every column comes back as it went in, and the leaf is that of the row`(
    kind: StoreKind
  ) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      let (caseID, entries) = (CaseID.fresh, Self.entries)
      let outcome = try await store.append(
        Entries.request(caseID, version: 0, entries, key: Entries.key()), to: facility)
      let receipts = try #require(outcome.receipts)
      let rows = try await store.rows(of: caseID, in: facility, after: 0, limit: 10)
      #expect(rows.map(\.entry) == entries)
      #expect(rows.map(\.position) == receipts.map(\.position))
      #expect(rows.map(\.recordedAt) == receipts.map(\.recordedAt))
      #expect(rows.allSatisfy { $0.facility == facility && $0.caseID == caseID })
      for row in try await store.allRows(of: facility) {
        #expect(row.leafHash == row.computedLeafHash.bytes)
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `rows are read after a place and up to a limit`(kind: StoreKind) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      let (a, b) = (CaseID.fresh, CaseID.fresh)
      for (caseID, key) in [(a, Entries.key()), (b, Entries.key())] {
        let entries = (0..<5).map { _ in Entries.entry() }
        _ = try await store.append(
          Entries.request(caseID, version: 0, entries, key: key), to: facility)
      }
      let table: [(after: Int64, limit: Int, positions: [Int64])] = [
        (0, 3, [1, 2, 3]), (3, 3, [4, 5, 6]), (9, 100, [10, 11]), (11, 5, []), (99, 5, []),
        (0, 0, []),
      ]
      for (after, limit, positions) in table {
        let rows = try await store.rows(of: facility, after: after, limit: limit)
        #expect(rows.map(\.position) == positions)
      }
      let ofCase = try await store.rows(of: b, in: facility, after: 1, limit: 3)
      #expect(ofCase.map(\.version) == [2, 3, 4])
      #expect(ofCase.map(\.position) == [8, 9, 10])
      #expect(try await store.rows(of: b, in: facility, after: 5, limit: 3).isEmpty)
      #expect(try await store.rows(of: .fresh, in: facility, after: 0, limit: 3).isEmpty)
      let elsewhere = try Entries.facility()
      #expect(try await store.rows(of: b, in: elsewhere, after: 0, limit: 3).isEmpty)
      #expect(try await store.allRows(of: elsewhere).isEmpty)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `a range of the log passes by in order, and an error ends it`(
    kind: StoreKind
  ) async throws {
    try await withStore(kind) { store in
      let facility = try await store.openLog()
      let entries = (0..<9).map { _ in Entries.entry() }
      _ = try await store.append(
        Entries.request(.fresh, version: 0, entries, key: Entries.key()), to: facility)
      for range: ClosedRange<Int64> in [1...10, 3...3, 4...7, 9...500, 11...20] {
        let seen = Mutex<[LogRow]>([])
        try await store.forEachRow(of: facility, in: range) { row in
          seen.withLock { $0.append(row) }
        }
        let expected = try await store.allRows(of: facility).filter { range.contains($0.position) }
        #expect(seen.withLock { $0 } == expected)
      }
      let count = Mutex(0)
      await #expect(throws: StoreError.self) {
        try await store.forEachRow(of: facility, in: 1...10) { row throws(StoreError) in
          count.withLock { $0 += 1 }
          if row.position == 4 { throw .unreadable("position 4") }
        }
      }
      #expect(count.withLock { $0 } == 4)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `the clock is the one by which events are recorded`(kind: StoreKind) async throws {
    try await withStore(kind) { store in
      let before = try await store.now()
      let facility = try await store.openLog()
      let after = try await store.now()
      let recordedAt = try #require(try await store.head(of: facility)).recordedAt
      #expect((before...after).contains(recordedAt))
    }
  }
}
