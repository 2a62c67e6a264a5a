import Procedures
import Store
import Testing

@Suite struct `The appender's queue` {
  private let masterKey = MasterKey.random()

  /// A service over a gate, with a facility and an open case.
  private func withGate(
    _ limits: AppenderLimits = AppenderLimits(),
    _ body: (Service, GatedStore, Lab) async throws -> Void
  ) async throws {
    let gated = GatedStore(MemoryLogStore(clock: TestClock().read))
    let service = Service(gated, masterKey: masterKey, limits: limits)
    try await service.run {
      let facility = try await service.openFacility()
      let lab = try await service.openCase(in: facility)
      gated.close()
      try await body(service, gated, lab)
    }
  }

  @Test func `an idle appender sends at once, and what comes meanwhile goes together`()
    async throws
  {
    try await withGate { service, gated, lab in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await service.append(try lab.note(), to: lab.facility) }
        await gated.callWaits()
        // Started one after the other, and each queues before it first waits for anything else
        // than the appender, since its case's key is known.
        for _ in 0..<20 {
          group.addTask { try await service.append(try lab.note(), to: lab.facility) }
        }
        gated.open()
        try await group.waitForAll()
      }
      #expect(gated.calls.dropFirst(2).first == 1)
      #expect(gated.calls.reduce(0, +) == 2 + 21)
      try await expectWhole(service.store, lab.facility)
    }
  }

  @Test func `a commit holds no more than its bound, and a submission more than fits is refused`()
    async throws
  {
    var limits = AppenderLimits()
    limits.batchSubmissions = 3
    limits.batchEvents = 4
    try await withGate(limits) { service, gated, lab in
      gated.open()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<20 {
          group.addTask {
            _ = try await service.append(try lab.note(), try lab.note(), to: lab.facility)
          }
        }
        try await group.waitForAll()
      }
      #expect(gated.calls.allSatisfy { $0 <= 2 })
      let five = try (0..<5).map { _ in try lab.note() }
      let failure = await #expect(throws: AppendFailure.self) {
        try await service.append(five, to: lab.facility)
      }
      guard case .store(.misuse) = failure else {
        Issue.record("\(String(describing: failure))")
        return
      }
      #expect(try await service.append(Array(five.prefix(4)), to: lab.facility).count == 4)
    }
  }

  @Test func `a queue that is full says so, and takes more once it is emptied`() async throws {
    var limits = AppenderLimits()
    limits.queuedEvents = 3
    try await withGate(limits) { service, gated, lab in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        group.addTask {
          try await service.append(try lab.note(), try lab.note(), to: lab.facility).count == 2
        }
        await gated.callWaits()
        let failure = await #expect(throws: AppendFailure.self) {
          try await service.append(try lab.note(), try lab.note(), to: lab.facility)
        }
        guard case .overloaded = failure else {
          Issue.record("\(String(describing: failure))")
          return
        }
        gated.open()
        for try await succeeded in group { #expect(succeeded) }
      }
      let receipts = try await service.append(try lab.note(), try lab.note(), to: lab.facility)
      #expect(receipts.map(\.version) == [4, 5])
    }
  }

  @Test func `a shutdown finishes what is queued and takes nothing more`() async throws {
    let gated = GatedStore(MemoryLogStore(clock: TestClock().read))
    let service = Service(gated, masterKey: masterKey)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await service.appender.run() }
      let facility = try await service.openFacility()
      let lab = try await service.openCase(in: facility)
      gated.close()
      group.addTask { try await service.append(try lab.note(), to: facility) }
      await gated.callWaits()
      service.appender.shutdown()
      for event in [try lab.note(), try Lab(facility).opened()] {
        let failure = await #expect(throws: AppendFailure.self) {
          try await service.append(event, to: facility)
        }
        guard case .store(.closed) = failure else {
          Issue.record("\(String(describing: failure))")
          continue
        }
      }
      gated.open()
      try await group.waitForAll()
      #expect(try await gated.allRows(of: facility).count == 3)
    }
  }

  @Test func `a caller that is cancelled loses nothing and stores nothing twice`() async throws {
    try await withGate { service, gated, lab in
      let notes = try (0..<8).map { _ in try lab.note() }
      await withTaskGroup(of: Void.self) { group in
        for note in notes {
          group.addTask { _ = try? await service.append(note, to: lab.facility) }
        }
        await gated.callWaits()
        group.cancelAll()
        gated.open()
      }
      for note in notes { _ = try await service.append(note, to: lab.facility) }
      #expect(try await gated.allRows(of: lab.facility).count == 2 + notes.count)
      try await expectWhole(gated, lab.facility)
    }
  }

  @Test func `a service that is cancelled answers everyone`() async throws {
    let gated = GatedStore(MemoryLogStore(clock: TestClock().read))
    let service = Service(gated, masterKey: masterKey)
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        do {
          let facility = try await service.openFacility()
          let lab = try await service.openCase(in: facility)
          gated.close()
          try await withThrowingTaskGroup(of: Void.self) { callers in
            for _ in 0..<6 {
              callers.addTask {
                do {
                  _ = try await service.append(try lab.note(), to: facility)
                } catch AppendFailure.store(.closed) {
                }
              }
            }
            await gated.callWaits()
            try await callers.waitForAll()
          }
        } catch {
          Issue.record(error)
        }
      }
      await withTaskGroup(of: Void.self) { running in
        running.addTask { await service.appender.run() }
        await gated.callWaits()
        running.cancelAll()
        gated.open()
      }
    }
  }

  @Test func `readers are told after each commit that stored something, and only then`()
    async throws
  {
    try await withGate { service, gated, lab in
      gated.open()
      let note = try lab.note()
      // What is refused goes through the same queue: then the commit before is done with.
      func finishCommit() async throws {
        _ = try await refusal { try await service.append(try lab.opened(), to: lab.facility) }
      }
      for (event, isTold) in [(note, true), (note, false), (try lab.note(), true)] {
        try await finishCommit()
        let ticks = service.ticks.subscribe()
        try await service.append(event, to: lab.facility)
        try await finishCommit()
        #expect(await hasTick(ticks) == isTold)
      }
    }
  }

  /// Whether a tick waits: a reader that is cancelled gets what is there, and does not wait for more.
  private func hasTick(_ ticks: AsyncStream<Void>) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        for await _ in ticks { return true }
        return false
      }
      group.cancelAll()
      return await group.next() ?? false
    }
  }
}
