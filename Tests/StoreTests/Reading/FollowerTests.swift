import Procedures
import Store
import Testing

@Suite struct `A follower of a log` {
  private let masterKey = MasterKey.random()

  /// How the follower learns of what is new.
  enum Waking: String, CaseIterable, CustomTestStringConvertible {
    case ticks
    case polling

    var testDescription: String { rawValue }
  }

  @Test(arguments: StoreKind.allCases, Waking.allCases)
  func `everything comes, once and in order, while many write`(
    kind: StoreKind, waking: Waking
  ) async throws {
    try await withStore(kind) { store in
      let service = Service(store, masterKey: masterKey)
      let pace = LogFollower.Pace(
        // Ticks that never come leave only the looking; an hour leaves only the ticks.
        ticks: waking == .ticks ? service.ticks : LogTicks(),
        pollInterval: waking == .ticks ? .seconds(3600) : .milliseconds(1), batchLimit: 7)
      try await service.run {
        let facility = try await service.openFacility()
        let labs = [
          try await service.openCase(in: facility), try await service.openCase(in: facility),
        ]
        try await withThrowingTaskGroup(of: Void.self) { group in
          for caller in 0..<8 {
            group.addTask {
              for _ in 0..<10 {
                try await service.append(try labs[caller % 2].note(), to: facility)
              }
            }
          }
          group.addTask {
            let log = service.reader.follow(
              facility: facility, after: 1, disclosure: .sealed, pace: pace)
            var positions: [Int64] = []
            for try await batch in log {
              #expect((1...7).contains(batch.count))
              positions += batch.map(\.position)
              if positions.count >= 82 { break }
            }
            #expect(positions == Array(2...83))
          }
          group.addTask {
            let log = service.reader.follow(
              caseID: labs[0].caseID, in: facility, after: 0, disclosure: .sealed, pace: pace)
            var versions: [Int64] = []
            for try await batch in log {
              versions += batch.map(\.version)
              if versions.count >= 41 { break }
            }
            #expect(versions == Array(1...41))
          }
          try await group.waitForAll()
        }
        #expect(service.ticks.subscriberCount == 0)
      }
    }
  }

  @Test func `a follower whose task is cancelled ends`() async throws {
    let store = MemoryLogStore(clock: TestClock().read)
    let service = Service(store, masterKey: masterKey)
    let facility = try await store.openLog()
    let pace = LogFollower.Pace(ticks: service.ticks, pollInterval: .seconds(3600))
    let log = service.reader.follow(
      facility: facility, after: 1, disclosure: .sealed, pace: pace)
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        var iterator = log.makeAsyncIterator()
        return (try? await iterator.next()) == nil
      }
      group.cancelAll()
      for await ended in group { #expect(ended) }
    }
  }
}
