import Procedures
import Store
import Testing

@Suite struct `What the appender takes` {
  private let masterKey = MasterKey.random()

  private func withService(
    _ kind: StoreKind, _ body: (Service) async throws -> Void
  ) async throws {
    try await withStore(kind) { store in
      let service = Service(
        store, masterKey: masterKey, derivedCodes: Set([BillingCode("37252")].compactMap { $0 }))
      try await service.run { try await body(service) }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `a case is opened and grows, and each event has its receipt`(
    kind: StoreKind
  ) async throws {
    try await withService(kind) { service in
      let facility = try await service.openFacility()
      let lab = Lab(facility)
      let first = try await service.append(
        try lab.opened(), try lab.image(), try lab.note(), to: facility)
      #expect(first.map(\.position) == [2, 3, 4])
      #expect(first.map(\.version) == [1, 2, 3])
      let next = try await service.append(try lab.signed(), to: facility)
      #expect(next.map(\.version) == [4])
      #expect(!next[0].isRepeat)
      let state = try await service.reader.caseState(lab.caseID, in: facility)
      #expect(state.version == 4)
      #expect(state.phase == .signed)
      try await expectWhole(service.store, facility)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `a refusal names the event, and nothing of its submission is stored`(
    kind: StoreKind
  ) async throws {
    try await withService(kind) { service in
      let facility = try await service.openFacility()
      let lab = try await service.openCase(in: facility)
      let unknown = Lab(facility)
      let future = Lab.start.adding(seconds: 3600 * 24 * 3650)
      let table: [(events: [Event], code: Refusal.Code, index: Int, field: String)] = [
        ([try unknown.note()], .caseUnknown, 0, "case"),
        ([try lab.opened()], .caseAlreadyOpen, 0, "case"),
        ([try lab.note(), try lab.retracted(.fresh)], .entryUnknown, 1, "data.entry"),
        (
          [try lab.note(), try lab.event(.procedureCoded, ["code": "37252"]), try lab.note()],
          .fieldInvalid, 1, "data.code"
        ),
        ([try lab.event(.caseClosed, [:], at: future)], .occurredInFuture, 0, "occurredAt"),
        ([try lab.note(), try unknown.note()], .fieldInvalid, 1, "case"),
        ([try Lab.facilityOpened(facility)], .caseAlreadyOpen, 0, "case"),
      ]
      let before = try await service.store.head(of: facility)
      for row in table {
        let (refusal, index) = try await refusal {
          _ = try await service.append(row.events, to: facility)
        }
        #expect(refusal.code == row.code)
        #expect(refusal.field == row.field)
        #expect(index == row.index)
      }
      #expect(try await service.store.head(of: facility) == before)
      // What was refused in part has left nothing behind that later events are decided on.
      #expect(try await service.append(try lab.note(), to: facility).map(\.version) == [2])
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `no case is opened where there is no facility`(kind: StoreKind) async throws {
    try await withService(kind) { service in
      let nowhere = try Entries.facility()
      for event in [try Lab(nowhere).opened(), try Lab(nowhere).note()] {
        let (refusal, index) = try await refusal {
          try await service.append(event, to: nowhere)
        }
        #expect(refusal.code == .caseUnknown)
        #expect(refusal.field == "facility")
        #expect(index == nil)
      }
      #expect(try await service.store.head(of: nowhere) == nil)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `events of the facility are decided on the facility`(kind: StoreKind) async throws {
    try await withService(kind) { service in
      let facility = try await service.openFacility()
      let office = Lab(facility, case: .zero)
      let person = try office.event(
        .personRegistered, ["person": "dr.lee", "name": "Lee", "roles": ["physician"]])
      #expect(try await service.append(person, to: facility).map(\.version) == [2])
      #expect(try await service.append(person, to: facility).map(\.isRepeat) == [true])
      let state = try await service.reader.facilityState(of: facility)
      #expect(state.people.count == 1)
      #expect(state.version == 2)
      let elsewhere = try Entries.facility()
      let (refusal, _) = try await refusal {
        try await service.append(try Lab.facilityOpened(elsewhere), to: try Entries.facility())
      }
      #expect(refusal.field == "data.facility")
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `an expected version must be the case's, unless everything is stored already`(
    kind: StoreKind
  ) async throws {
    try await withService(kind) { service in
      let facility = try await service.openFacility()
      let lab = Lab(facility)
      let opening = try lab.opened()
      let notes = try (0..<3).map { _ in try lab.note() }
      let table: [(event: Event, expected: Int64?, version: Int64?)] = [
        (notes[0], 0, nil), (opening, 1, nil), (opening, 0, 1), (opening, 0, 1), (notes[0], 0, nil),
        (notes[0], 2, nil), (notes[0], 1, 2), (notes[1], nil, 3), (notes[2], 2, nil),
        (notes[0], 1, 2), (notes[2], 3, 4), (opening, 77, 1),
      ]
      for (step, row) in table.enumerated() {
        let place: Comment = "step \(step)"
        do {
          let receipts = try await service.append(
            row.event, expecting: row.expected, to: facility)
          #expect(receipts.map(\.version) == [row.version], place)
        } catch AppendFailure.refused(let refusal, _) {
          #expect(row.version == nil, place)
          let isOfCase = step == 0 && refusal.code == .caseUnknown
          #expect(refusal.code == .versionConflict || isOfCase, place)
        }
      }
      let (refusal, _) = try await refusal {
        try await service.append(try lab.note(), expecting: 9, to: facility)
      }
      #expect(refusal.sentence.contains("9"))
      #expect(refusal.sentence.contains("4"))
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `what comes again is a repeat, whatever happened since`(kind: StoreKind) async throws {
    try await withService(kind) { service in
      let facility = try await service.openFacility()
      let lab = Lab(facility)
      let events = [try lab.opened(encounter: "E1"), try lab.identified("MRN 1")]
      let first = try await service.append(events, to: facility)
      let correction = try lab.corrected(events[1].id, (try lab.identified("MRN 2")).body.data)
      let corrected = try await service.append(correction, to: facility)
      try await service.append(try lab.signed(), try lab.cancelled(), to: facility)
      // Also by an instance that remembers nothing.
      let other = Service(service.store, masterKey: masterKey)
      try await other.run {
        for instance in [service, other] {
          let again = try await instance.append(events, to: facility)
          #expect(again.map(\.isRepeat) == [true, true])
          #expect(again.map(\.position) == first.map(\.position))
          #expect(again.map(\.recordedAt) == first.map(\.recordedAt))
          let repeated = try await instance.append(correction, to: facility)
          #expect(repeated.map(\.position) == corrected.map(\.position))
          #expect(repeated.map(\.isRepeat) == [true])
        }
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `an id with another content is refused, wherever the content differs`(
    kind: StoreKind
  ) async throws {
    try await withService(kind) { service in
      let facility = try await service.openFacility()
      let lab = try await service.openCase(in: facility)
      let note = try lab.note("first")
      try await service.append(note, to: facility)
      var later = note
      later.occurredAt = note.occurredAt.adding(seconds: 1)
      var reasoned = note
      reasoned.reason = .clear("late")
      let elsewhere = try await service.openCase(in: facility)
      let changed = [
        try lab.note("second", id: note.id), later, reasoned,
        try elsewhere.note("first", id: note.id),
      ]
      for event in changed {
        let before = Lab(facility, case: event.caseID)
        let (refusal, index) = try await refusal {
          try await service.append(try before.note(), event, to: facility)
        }
        #expect(refusal.code == .eventIDReused)
        #expect(index == 1)
      }
      #expect(try await service.append(note, to: facility).map(\.isRepeat) == [true])
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `an event twice in one submission is one event, and two under one id are refused`(
    kind: StoreKind
  ) async throws {
    try await withService(kind) { service in
      let facility = try await service.openFacility()
      let lab = try await service.openCase(in: facility)
      let (a, b) = (try lab.note("a"), try lab.note("b"))
      let receipts = try await service.append(a, b, a, to: facility)
      #expect(receipts.map(\.version) == [2, 3, 2])
      let other = try lab.note("c", id: a.id)
      let (refusal, index) = try await refusal {
        try await service.append(a, b, other, to: facility)
      }
      #expect(refusal.code == .eventIDReused)
      #expect(index == 2)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `what another log claims stands beside what this one says`(kind: StoreKind) async throws {
    try await withService(kind) { service in
      let facility = try await service.openFacility()
      let lab = Lab(facility)
      let claim = Submission.Claim(
        recordedAt: Instant(microseconds: 5), recorder: PersonCode("old.nurse"))
      let submission = Submission(
        caseID: lab.caseID, events: [try lab.opened(), try lab.note()],
        recorder: try Lab.nurse, claims: [nil, claim])
      _ = try await service.appender.append(submission, to: facility)
      let events = try await service.reader.events(
        of: lab.caseID, in: facility, limit: 10, disclosure: .clear)
      #expect(events.map(\.claimedRecordedAt) == [nil, claim.recordedAt])
      #expect(events.map(\.claimedRecorder) == [nil, claim.recorder])
      #expect(try events.allSatisfy { try $0.recorder == Lab.nurse })
    }
  }
}
