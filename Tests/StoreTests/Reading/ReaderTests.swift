import Procedures
import Testing

@testable import Store

@Suite struct `The reader of a log` {
  private let masterKey = MasterKey.random()

  private func withCase(
    _ kind: StoreKind, _ body: (Service, Lab) async throws -> Void
  ) async throws {
    try await withStore(kind) { store in
      let service = Service(store, masterKey: masterKey)
      try await service.run {
        let facility = try await service.openFacility()
        try await body(service, Lab(facility))
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `a case is seen as it stood at any version and any time of recording`(
    kind: StoreKind
  ) async throws {
    try await withCase(kind) { service, lab in
      let events = [
        try lab.opened(), try lab.image(), try lab.note(), try lab.signed(), try lab.cancelled(),
      ]
      var states = [CaseState(lab.caseID)]
      var receipts: [Receipt] = []
      for event in events {
        receipts += try await service.append(event, to: lab.facility)
        states.append(try await service.reader.caseState(lab.caseID, in: lab.facility))
      }
      #expect(states.map(\.phase) == [.unknown, .open, .open, .open, .signed, .cancelled])
      for (version, state) in states.enumerated() {
        let seen = try await service.reader.caseState(
          lab.caseID, in: lab.facility, at: .version(Int64(version)))
        #expect(seen == state)
      }
      let beyond = try await service.reader.caseState(
        lab.caseID, in: lab.facility, at: .version(99))
      #expect(beyond == states[5])
      for receipt in receipts {
        let seen = try await service.reader.caseState(
          lab.caseID, in: lab.facility, at: .recorded(receipt.recordedAt))
        let known = receipts.filter { $0.recordedAt <= receipt.recordedAt }.count
        #expect(seen == states[known])
      }
      let before = Instant(microseconds: receipts[0].recordedAt.microseconds - 1)
      let unseen = try await service.reader.caseState(
        lab.caseID, in: lab.facility, at: .recorded(before))
      #expect(unseen == states[0])
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `by occurrence a case is seen as it had gone by then, by what is known today`(
    kind: StoreKind
  ) async throws {
    try await withCase(kind) { service, lab in
      func time(_ minute: Int64) -> Instant { Lab.start.adding(seconds: 60 * minute - 7200) }
      func image(_ minute: Int64) throws -> Event {
        try lab.event(.imageAcquired, try lab.image().body.data, at: time(minute))
      }
      var opened = try lab.opened()
      opened.occurredAt = time(0)
      let (early, wrong, late) = (try image(10), try image(20), try image(30))
      // Recorded at the end of the case: the second image was taken at minute 40.
      let moved = try lab.event(
        .entryCorrected,
        [
          "entry": .string(wrong.id.description), "data": wrong.body.data,
          "reason": "clock", "occurredAt": .string(time(40).description),
        ], at: time(90))
      let retracted = try lab.event(
        .entryRetracted, ["entry": .string(early.id.description), "reason": "twice"],
        at: time(91))
      let events = [opened, early, wrong, late, moved, retracted]
      _ = try await service.append(events, to: lab.facility)
      let table: [(minute: Int64, versions: [Int64])] = [
        (-1, []), (0, [1]), (10, [1, 2, 6]), (20, [1, 2, 6]), (30, [1, 2, 4, 6]),
        (40, [1, 2, 3, 4, 5, 6]), (99, [1, 2, 3, 4, 5, 6]),
      ]
      for row in table {
        let seen = try await service.reader.events(
          of: lab.caseID, in: lab.facility, at: .occurred(time(row.minute)), disclosure: .sealed)
        #expect(seen.map(\.version) == row.versions, "minute \(row.minute)")
        let state = try await service.reader.caseState(
          lab.caseID, in: lab.facility, at: .occurred(time(row.minute)))
        #expect(state.unreadable.isEmpty)
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `a long case is read page by page`(kind: StoreKind) async throws {
    try await withCase(kind) { service, lab in
      try await service.append(try lab.opened(), to: lab.facility)
      let notes = try (0..<(2 * LogReader.pageSize)).map { _ in try lab.note() }
      for start in stride(from: 0, to: notes.count, by: 1_000) {
        _ = try await service.append(
          Array(notes[start..<start + 1_000]), to: lab.facility)
      }
      let state = try await service.reader.caseState(lab.caseID, in: lab.facility)
      #expect(state.version == Int64(notes.count + 1))
      let whole = try await service.reader.events(
        of: lab.caseID, in: lab.facility, at: .now, disclosure: .sealed)
      #expect(whole.map(\.version) == Array(1...Int64(notes.count + 1)))
    }
  }

  @Test(arguments: [
    ("a-type-of-tomorrow", 1, "{}", "type"), ("case-closed", 2, "{}", "form"),
    ("case-closed", 1, "{", "JSON"), ("note-recorded", 1, "{}", "data"),
  ])
  func `a row that this edition cannot read is named by its position`(
    type: String, form: Int, payload: String, word: String
  ) async throws {
    let store = MemoryLogStore(clock: TestClock().read)
    let facility = try await store.openLog()
    var entry = Entries.entry(type: type)
    entry.form = Int16(form)
    entry.payload = Array(payload.utf8)
    let caseID = CaseID.fresh
    _ = try await store.append(
      Entries.request(caseID, version: 0, [entry], key: Entries.key()), to: facility)
    let vault = Vault(store: store, masterKeys: [masterKey])
    let reader = LogReader(store: store, vault: vault)
    let error = await #expect(throws: StoreError.self) {
      try await reader.caseState(caseID, in: facility)
    }
    guard case .unreadable(let sentence) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(sentence.contains("position 2"))
    #expect(sentence.contains(word))
  }
}
