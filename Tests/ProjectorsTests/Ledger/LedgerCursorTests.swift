import Charges
import Postgres
import Procedures
import Testing

@testable import Projectors

/// A ledger that was restored three times: epoch `cccc` lost all its entries again.
///
/// | epoch | first | entries |
/// |---|---|---|
/// | bbbb | 1 | 1, 2, 3 |
/// | cccc | 4 | none |
/// | dddd | 4 | 4, 5 |
/// | ffff | 6 | 6, 7, 8 |
private let epochs: [(String, Int)] = [("bbbb", 1), ("cccc", 4), ("dddd", 4), ("ffff", 6)]
private let entries = [
  ("bbbb", 1...3), ("dddd", 4...5), ("ffff", 6...8),
].flatMap { epoch, numbers in numbers.map { Entered(epoch: epoch, number: $0) } }

/// One row a cursor that the ledger has not: the cause, and the last entry in common.
private let stale: [(String, StaleCursor.Cause, String?)] = [
  ("bbbb-4", .lost, "bbbb-3"), ("bbbb-5", .lost, "bbbb-3"), ("bbbb-900", .lost, "bbbb-3"),
  ("cccc-4", .lost, "bbbb-3"), ("cccc-7", .lost, "bbbb-3"),
  ("dddd-6", .lost, "dddd-5"), ("dddd-8", .lost, "dddd-5"),
  ("ffff-9", .lost, "ffff-8"), ("ffff-9223372036854775807", .lost, "ffff-8"),
  ("cccc-3", .neverGiven, nil), ("dddd-1", .neverGiven, nil), ("ffff-5", .neverGiven, nil),
  ("gggg-2", .epochUnknown, nil), ("gggg-9", .epochUnknown, nil),
]

@Suite struct `A cursor` {
  @Test func `is good where the ledger has that very entry, and else tells why not`() async throws {
    try await Lab.open { lab in
      try await lab.enter(entries, epochs: epochs)
      for entry in entries {
        let pull = try await lab.ledger.pull(after: try entry.id, in: lab.facility)
        #expect(try await lab.entries(of: pull).count == 8 - entry.number)
      }
      for (text, cause, common) in stale {
        let cursor = try #require(EntryID(text))
        let expected = StaleCursor(
          cursor: cursor, cause: cause, epoch: LedgerEpoch("ffff"), firstNumber: 6,
          last: EntryID("ffff-8"), lastCommon: common.flatMap { EntryID($0) })
        #expect(await lab.staleness(of: cursor) == expected, "\(text)")
        #expect(await lab.acknowledgementStaleness(of: cursor) == expected, "\(text)")
        #expect(try await lab.ledger.entry(cursor, in: lab.facility) == nil)
        #expect(try await lab.ledger.absence(of: cursor, in: lab.facility) == expected)
        #expect(expected.sentence.contains(text) || cause == .epochUnknown)
        if let common { #expect(expected.sentence.hasSuffix("from after=\(common).")) }
      }
      #expect(try await lab.ledger.standing(of: lab.facility).acknowledgement == nil)
    }
  }

  @Test func `of a ledger that was restored to nothing leads to the beginning`() async throws {
    try await Lab.open { lab in
      let cursor = try #require(EntryID("bbbb-3"))
      let none = await lab.staleness(of: cursor)
      #expect(none?.cause == .epochUnknown)
      #expect(none?.sentence.contains("It has no entry.") == true)
      try await lab.enter([], epochs: [("bbbb", 1), ("cccc", 1)])
      let lost = await lab.staleness(of: cursor)
      #expect(lost?.cause == .lost)
      #expect(lost?.lastCommon == nil)
      #expect(lost?.sentence.hasSuffix("from the beginning.") == true)
    }
  }

  @Test func `of what a new epoch gave again is refused, and the new one is taken`() async throws {
    try await Lab.open { lab in
      let person = try #require(PersonCode("op-1"))
      let orders = LedgerOrders(pool: lab.pool)
      #expect(try await orders.restart(lab.facility, by: person) == nil)
      let first = try CaseFiles.copy("three-separate-vessels", number: 1, patient: "pt-1")
      let second = try CaseFiles.copy("three-separate-vessels", number: 2, patient: "pt-2")
      try await lab.append(first)
      try await lab.project(lab.runner())
      let before = try await lab.ledger.standing(of: lab.facility)
      let old = try #require(before.epochs.last?.epoch)
      let last = try #require(before.last)
      let new = try #require(try await orders.restart(lab.facility, by: person))
      #expect(new != old)
      // Nothing is entered yet, and every entry stands as it was.
      #expect(try await lab.ledger.pull(after: last, in: lab.facility).last == nil)
      try await lab.append(second)
      try await lab.project(lab.runner())
      let entries = try await lab.pulled()
      #expect(Set(entries.map(\.entry.id.epoch)) == [old, new])
      let retold = EntryID(epoch: old, number: last.number + 1)
      #expect(await lab.staleness(of: retold)?.lastCommon == last)
      #expect(
        try await lab.pulled(after: EntryID(epoch: new, number: last.number + 1)).count
          == entries.count - Int(last.number) - 1)
      let records = try await lab.ledger.standing(of: lab.facility).epochs
      #expect(records.map(\.epoch) == [old, new])
      #expect(records.map(\.firstNumber) == [1, last.number + 1])
      #expect(records.map(\.person) == [nil, person])
    }
  }
}

@Suite struct `An acknowledgement` {
  /// One row an order: the entry, and what becomes of it.
  private static let orders: [(Int, String, Int)] = [
    (3, "acknowledged", 3), (3, "repeated", 3), (2, "backwards", 3), (1, "backwards", 3),
    (7, "acknowledged", 7), (3, "backwards", 7), (7, "repeated", 7), (8, "acknowledged", 8),
    (8, "repeated", 8),
  ]

  @Test func `is taken once, again without effect, and never backwards`() async throws {
    try await Lab.open { lab in
      try await lab.enter(entries, epochs: epochs)
      var first: [Int: LedgerAcknowledgement] = [:]
      for (number, expected, stands) in Self.orders {
        let id = try #require(try entries.first { $0.number == number }?.id)
        let outcome = try await lab.acknowledge(id)
        let (word, acknowledgement) =
          switch outcome {
          case .acknowledged(let said): ("acknowledged", said)
          case .repeated(let said): ("repeated", said)
          case .backwards(let said): ("backwards", said)
          }
        #expect(word == expected, "\(number)")
        #expect(Int(acknowledgement.through.number) == stands)
        // The first time is the one that is told for ever.
        #expect(first[stands, default: acknowledgement] == acknowledgement)
        first[stands] = acknowledgement
        let standing = try await lab.ledger.standing(of: lab.facility)
        #expect(standing.acknowledgement == acknowledgement)
        #expect(standing.outstanding == Int64(8 - stands))
      }
      #expect(try await lab.psql("SELECT count(*) FROM ledger.acknowledgement") == "3")
    }
  }

  @Test func `of many at once leaves the furthest, and each is answered truly`() async throws {
    try await Lab.open { lab in
      try await lab.enter(entries, epochs: epochs)
      let ids = try entries.map { try $0.id }
      let outcomes = try await withThrowingTaskGroup(of: (EntryID, LedgerOrders.Outcome).self) {
        group in
        for id in ids + ids { group.addTask { (id, try await lab.acknowledge(id)) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      for (id, outcome) in outcomes {
        switch outcome {
        case .acknowledged(let said), .repeated(let said): #expect(said.through == id)
        case .backwards(let said): #expect(said.through.number > id.number)
        }
      }
      let standing = try await lab.ledger.standing(of: lab.facility)
      #expect(standing.acknowledgement?.through.number == 8 && standing.outstanding == 0)
    }
  }
}
