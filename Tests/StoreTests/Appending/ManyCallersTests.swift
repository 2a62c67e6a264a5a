import Procedures
import Store
import Synchronization
import Testing

@Suite struct `Many callers at once` {
  private let masterKey = MasterKey.random()

  @Test(arguments: StoreKind.allCases, [1, 64])
  func `each of 64 is answered, on one hot case and on many`(
    kind: StoreKind, caseCount: Int
  ) async throws {
    try await withStore(kind) { store in
      let service = Service(store, masterKey: masterKey)
      try await service.run {
        let facility = try await service.openFacility()
        var labs: [Lab] = []
        for _ in 0..<caseCount { labs.append(try await service.openCase(in: facility)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
          for caller in 0..<64 {
            let lab = labs[caller % caseCount]
            group.addTask {
              var last: Int64 = 0
              for _ in 0..<10 {
                let receipt = try await service.append(try lab.image(), to: facility)[0]
                #expect(!receipt.isRepeat)
                #expect(receipt.position > last, "a caller's own events keep their order")
                last = receipt.position
              }
            }
          }
          try await group.waitForAll()
        }
        #expect(try await store.allRows(of: facility).count == 1 + caseCount + 640)
        try await expectWhole(store, facility)
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `one submission sent by many at once is stored once, and all get its receipts`(
    kind: StoreKind
  ) async throws {
    try await withStore(kind) { store in
      let service = Service(store, masterKey: masterKey)
      try await service.run {
        let facility = try await service.openFacility()
        let lab = Lab(facility)
        let events = [try lab.opened(), try lab.note()]
        let answers = try await withThrowingTaskGroup(of: [Receipt].self) { group in
          for _ in 0..<16 {
            group.addTask { try await service.append(events, to: facility) }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(answers.map { $0.map(\.position) }) == [[2, 3]])
        #expect(answers.filter { !$0[0].isRepeat }.count == 1)
        #expect(try await store.allRows(of: facility).count == 3)
      }
    }
  }

  /// 16 callers on each of two instances, that open the same cases and send everything twice, the
  /// second time to the other instance.
  @Test(arguments: StoreKind.allCases)
  func `two instances on one log lose nothing, store nothing twice and refuse nothing`(
    kind: StoreKind
  ) async throws {
    try await withStore(kind) { store in
      let services = (0..<2).map { _ in Service(store, masterKey: masterKey) }
      try await services[0].run {
        try await services[1].run {
          let facility = try await services[0].openFacility()
          let cases = try (0..<4).map { _ in
            let lab = Lab(facility)
            return (lab, try lab.opened(patient: "MRN 7", encounter: "E 9"))
          }
          let firsts = Firsts()
          try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<32 {
              let (lab, opening) = cases[caller % 4]
              let (own, other) = (services[caller / 16], services[1 - caller / 16])
              group.addTask {
                let opened = try await firsts.send(opening, own, facility)
                #expect(opened.version == 1)
                for step in 0..<6 {
                  let note = try lab.note("caller \(caller), step \(step)")
                  let first = try await firsts.send(note, own, facility)
                  let second = try await firsts.send(note, other, facility)
                  #expect(first.position == second.position)
                  #expect(second.isRepeat)
                }
              }
            }
            try await group.waitForAll()
          }
          #expect(firsts.counts.count == 4 + 32 * 6)
          #expect(firsts.counts.values.allSatisfy { $0 == 1 })
          #expect(try await store.allRows(of: facility).count == 1 + 4 + 32 * 6)
          try await expectWhole(store, facility)
        }
      }
    }
  }
}

/// Counts, by event, the answers that say it was stored just now.
private final class Firsts: Sendable {
  private let counted = Mutex<[EventID: Int]>([:])

  var counts: [EventID: Int] { counted.withLock { $0 } }

  func send(
    _ event: Event, _ service: Service, _ facility: FacilityCode
  ) async throws -> Receipt {
    let receipt = try await service.append(event, to: facility)[0]
    if !receipt.isRepeat { counted.withLock { $0[event.id, default: 0] += 1 } }
    return receipt
  }
}
