import Procedures
import Store
import Testing

@Suite struct `The appender among faults` {
  private let masterKey = MasterKey.random()

  private var impatient: AppenderLimits {
    var limits = AppenderLimits()
    limits.firstPause = .zero
    limits.attempts = 4
    return limits
  }

  /// What a careful caller does: sends the same again until it knows.
  private func insist(
    _ event: Event, _ service: Service, _ facility: FacilityCode
  ) async throws
    -> Receipt
  {
    for _ in 0..<200 {
      do {
        return try await service.append(event, to: facility)[0]
      } catch AppendFailure.commitUnknown, AppendFailure.overloaded {
      } catch AppendFailure.store(.database) {
      }
    }
    throw NeverAnswered()
  }

  private struct NeverAnswered: Error {}

  @Test(arguments: StoreKind.allCases)
  func `lost answers, lost connections, conflicts and failed reads change nothing in the end`(
    kind: StoreKind
  ) async throws {
    let chance = Chance()
    try await withStore(kind) { store in
      let faulty = FaultyStore(
        store, FaultyStore.Faults(lostBefore: 15, lostAfter: 15, conflict: 10, read: 10),
        seed: chance.seed)
      let services = (0..<2).map { _ in Service(faulty, masterKey: masterKey, limits: impatient) }
      try await services[0].run {
        try await services[1].run {
          let facility = try Entries.facility()
          let opening = try Lab.facilityOpened(facility)
          _ = try await insist(opening, services[0], facility)
          let cases = try (0..<3).map { _ in
            let lab = Lab(facility)
            return (lab, try lab.opened(patient: "MRN 3"))
          }
          try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<16 {
              let (lab, opening) = cases[caller % 3]
              let service = services[caller % 2]
              group.addTask {
                _ = try await insist(opening, service, facility)
                for _ in 0..<8 {
                  let note = try lab.note()
                  let first = try await insist(note, service, facility)
                  let again = try await insist(note, service, facility)
                  #expect(first.position == again.position, "seed \(chance.seed)")
                }
              }
            }
            try await group.waitForAll()
          }
          #expect(
            try await store.allRows(of: facility).count == 1 + 3 + 16 * 8, "seed \(chance.seed)")
          try await expectWhole(store, facility, "seed \(chance.seed)")
        }
      }
    }
  }

  @Test func `a lost answer is found again by the appender itself`() async throws {
    let store = FaultyStore(
      MemoryLogStore(clock: TestClock().read), FaultyStore.Faults(lostAfter: 50), seed: 5)
    var limits = impatient
    limits.attempts = 60
    let service = Service(store, masterKey: masterKey, limits: limits)
    try await service.run {
      let facility = try await service.openFacility()
      let lab = try await service.openCase(in: facility)
      for version: Int64 in 2...40 {
        let receipts = try await service.append(try lab.note(), to: facility)
        #expect(receipts.map(\.version) == [version])
      }
    }
  }

  @Test func `when no answer comes at all, the caller is told that nobody knows`() async throws {
    let memory = MemoryLogStore(clock: TestClock().read)
    let steady = Service(memory, masterKey: masterKey)
    let facility = try await steady.run { try await steady.openFacility() }
    for (faults, isUnknown) in [
      (FaultyStore.Faults(lostAfter: 100), true), (FaultyStore.Faults(lostBefore: 100), true),
      (FaultyStore.Faults(read: 100), false),
    ] {
      let store = FaultyStore(memory, faults, seed: 1)
      let service = Service(store, masterKey: masterKey, limits: impatient)
      try await service.run {
        let lab = Lab(facility)
        let event = try lab.opened()
        let failure = await #expect(throws: AppendFailure.self) {
          try await service.append(event, to: facility)
        }
        switch failure {
        case .commitUnknown: #expect(isUnknown)
        case .store(.database): #expect(!isUnknown)
        default: Issue.record("\(String(describing: failure))")
        }
        store.heal()
        try await service.append(event, to: facility)
        let rows = try await memory.rows(of: lab.caseID, in: facility, after: 0, limit: 10)
        #expect(rows.count == 1)
      }
    }
  }

  @Test func `what the database cannot take fails alone`() async throws {
    let gated = GatedStore(MemoryLogStore(clock: TestClock().read))
    let store = FaultyStore(gated, FaultyStore.Faults(), seed: 1, poison: "poison")
    let service = Service(store, masterKey: masterKey, limits: impatient)
    try await service.run {
      let facility = try await service.openFacility()
      let lab = try await service.openCase(in: facility)
      gated.close()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { _ = try await service.append(try lab.note(), to: facility) }
        await gated.callWaits()
        for number in 0..<9 {
          let recorder = try #require(PersonCode(number == 4 ? "poison" : "nurse.\(number)"))
          group.addTask {
            let submission = Submission(
              caseID: lab.caseID, events: [try lab.note()], recorder: recorder)
            do {
              _ = try await service.appender.append(submission, to: facility)
              #expect(number != 4)
            } catch AppendFailure.store(.database) {
              #expect(number == 4)
            }
          }
        }
        gated.open()
        try await group.waitForAll()
      }
      #expect(try await store.allRows(of: facility).count == 2 + 1 + 8)
      try await expectWhole(store, facility)
    }
  }

  @Test func `without the master key nothing is stored under another one`() async throws {
    let store = MemoryLogStore(clock: TestClock().read)
    let service = Service(store, masterKey: masterKey)
    let stranger = Service(store, masterKey: .random())
    try await service.run {
      try await stranger.run {
        let facility = try await service.openFacility()
        let lab = Lab(facility)
        let opening = try lab.opened(patient: "MRN 1")
        try await service.append(opening, to: facility)
        let events = [try lab.note(), opening, try Lab(facility).opened(patient: "MRN 1")]
        for event in events {
          let failure = await #expect(throws: AppendFailure.self) {
            try await stranger.append(event, to: facility)
          }
          guard case .store(.masterKeyMissing) = failure else {
            Issue.record("\(String(describing: failure))")
            continue
          }
        }
        #expect(try await store.allRows(of: facility).count == 2)
        #expect(try await service.append(opening, to: facility).map(\.isRepeat) == [true])
      }
    }
  }
}
