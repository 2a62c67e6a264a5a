import Charges
import Postgres
import Procedures
import Store
import Testing

@testable import Projectors

@Suite struct `The ledger as billing pulls it` {
  @Test func `is the same sequence from any cursor and in any page size`() async throws {
    try await Lab.open { lab in
      try await lab.enter(Self.mixed)
      let whole = try await lab.pulled()
      #expect(whole.map(\.entry.id.number) == Array(1...40))
      for limit in [1, 2, 7, 39, 40, 1_000] {
        var found: [PulledEntry] = []
        var cursor: EntryID?
        while true {
          let pull = try await lab.ledger.pull(after: cursor, limit: limit, in: lab.facility)
          let page = try await lab.entries(of: pull)
          #expect(page.count <= limit)
          #expect(pull.last == page.last?.entry.id)
          #expect(pull.hasMore == (found.count + page.count < whole.count), "\(limit)")
          found += page
          guard pull.hasMore else { break }
          cursor = pull.last
        }
        #expect(found == whole, "\(limit)")
      }
      for cursor in whole.map(\.entry.id) {
        let rest = try await lab.pulled(after: cursor)
        #expect(rest == Array(whole.dropFirst(Int(cursor.number))))
      }
    }
  }

  @Test func `has what a selection asks for, and all of it`() async throws {
    try await Lab.open { lab in
      try await lab.enter(Self.mixed)
      let whole = try await lab.pulled()
      _ = try await lab.acknowledge(whole[16].entry.id)
      let dates = whole.map(\.entry.charge.serviceDate).sorted()
      let (early, late) = (dates[9], dates[29])
      let code = try #require(BillingCode("37253"))
      let caseID = whole[5].entry.caseID
      let table: [(LedgerSelection, (LedgerEntry) -> Bool)] = [
        (LedgerSelection(), { _ in true }),
        (LedgerSelection(from: early), { $0.charge.serviceDate >= early }),
        (LedgerSelection(through: late), { $0.charge.serviceDate <= late }),
        (
          LedgerSelection(from: early, through: late),
          { $0.charge.serviceDate >= early && $0.charge.serviceDate <= late }
        ),
        (LedgerSelection(from: late, through: early), { _ in false }),
        (LedgerSelection(code: code), { $0.charge.code == code }),
        (LedgerSelection(code: BillingCode("99999")), { _ in false }),
        (LedgerSelection(caseID: caseID), { $0.caseID == caseID }),
        (LedgerSelection(status: .billed), { $0.id.number <= 17 }),
        (LedgerSelection(status: .billable), { $0.id.number > 17 }),
        (
          LedgerSelection(from: early, code: code, status: .billable),
          { $0.charge.serviceDate >= early && $0.charge.code == code && $0.id.number > 17 }
        ),
      ]
      for (selection, fits) in table {
        let expected = whole.filter { fits($0.entry) }
        #expect(try await lab.pulled(selection) == expected, "\(selection)")
        for limit in [1, 3, expected.count, expected.count + 1] where limit > 0 {
          var found: [PulledEntry] = []
          var cursor: EntryID?
          var isLast = false
          while !isLast {
            let pull = try await lab.ledger.pull(
              selection, after: cursor, limit: limit, in: lab.facility)
            let page = try await lab.entries(of: pull)
            #expect(page.count == min(limit, expected.count - found.count))
            found += page
            isLast = !pull.hasMore
            cursor = pull.last ?? cursor
          }
          #expect(found == expected, "\(selection), \(limit)")
        }
      }
    }
  }

  @Test func `is of one state, whatever is entered while it is read`() async throws {
    try await Lab.open { lab in
      try await lab.enter(Self.mixed)
      let pull = try await lab.ledger.pull(in: lab.facility)
      try await lab.enter([Entered(epoch: "bbbb", number: 41)])
      #expect(try await lab.entries(of: pull).count == 40)
      #expect(try await lab.pulled().count == 41)
    }
  }

  @Test func `goes over pages of a thousand without a gap`() async throws {
    try await Lab.open { lab in
      try await lab.enter((1...2_345).map { Entered(epoch: "bbbb", number: $0) })
      var pages = lab.ledger.pages(of: try await lab.ledger.pull(in: lab.facility))
      var counts: [Int] = []
      var numbers: [Int64] = []
      while let page = try await pages.next() {
        counts.append(page.count)
        numbers += page.map(\.entry.id.number)
      }
      #expect(counts == [1_000, 1_000, 345])
      #expect(numbers == Array(1...2_345))
    }
  }

  @Test func `shows no entry of another facility, and nothing before there is any`() async throws {
    try await Lab.open { lab in
      #expect(try await lab.pulled().isEmpty)
      let empty = try await lab.ledger.standing(of: lab.facility)
      #expect(empty.last == nil && empty.epochs.isEmpty && empty.outstanding == 0)
      try await lab.enter(Self.mixed)
      let other = try #require(FacilityCode("other"))
      let pull = try await lab.ledger.pull(in: other)
      #expect(try await lab.entries(of: pull).isEmpty)
      #expect(try await lab.ledger.standing(of: other).last == nil)
      let cursor = try #require(EntryID("bbbb-3"))
      await #expect(throws: LedgerError.self) {
        _ = try await lab.ledger.pull(after: cursor, in: other)
      }
      #expect(try await lab.ledger.entry(cursor, in: other) == nil)
    }
  }

  @Test func `has accounts and encounters in clear, and as erased once their key is gone`()
    async throws
  {
    try await Lab.open { lab in
      let events = try CaseFiles.events(
        of: try CaseFiles.text("three-separate-vessels").replacing(
          "\"operator\":", with: #""account": "acct-1", "encounter": "enc-1", "operator":"#))
      try await lab.append(events)
      try await lab.project(lab.runner())
      let clear = try await lab.pulled()
      #expect(!clear.isEmpty)
      #expect(
        clear.allSatisfy { $0.account == .clear("acct-1") && $0.encounter == .clear("enc-1") })
      try await lab.psql("DELETE FROM identity.case_key")
      let erased = try await lab.pulled()
      #expect(erased.map(\.entry) == clear.map(\.entry))
      #expect(erased.allSatisfy { $0.account == .erased && $0.encounter == .erased })
    }
  }

  @Test func `an entry stands with its pair and the events it rests on, and no others`()
    async throws
  {
    try await Lab.open { lab in
      let events = try CaseFiles.events("three-separate-vessels")
      let runner = lab.runner()
      try await lab.append(events)
      try await lab.project(runner)
      let charged = try await lab.pulled()
      let images = events.filter { $0.type == .imageAcquired }
      let retraction = try History.event(
        events[0].caseID, "entry-retracted",
        ["entry": .string(images[2].id.description), "reason": "wrong vessel"])
      let signature = try History.event(
        events[0].caseID, "case-signed", ["signer": "dr-114", "meaning": "author"])
      try await lab.append([retraction, signature])
      try await lab.project(runner)
      let all = try await lab.pulled()
      #expect(Array(all.prefix(charged.count)) == charged)
      let credit = try #require(
        all.first { $0.entry.credited != nil && $0.entry.charge.units == 2 })
      let charge = try #require(credit.entry.credited)
      _ = try await lab.acknowledge(charge)

      let shown = try #require(try await lab.ledger.entry(charge, in: lab.facility))
      #expect(shown.entry.entry.id == charge)
      #expect(shown.counterpart == credit)
      #expect(shown.status == .billed)
      let rest = Set(shown.entry.entry.charge.entries)
      #expect(rest.contains(images[2].id))
      #expect(Set(shown.events.map(\.event.id)) == rest.union([retraction.id]))

      let shownCredit = try #require(
        try await lab.ledger.entry(credit.entry.id, in: lab.facility))
      #expect(shownCredit.counterpart?.entry.id == charge)
      #expect(shownCredit.status == .billable)
      let single = try #require(all.first { $0.entry.charge.code.text == "37252" })
      #expect(
        try await lab.ledger.entry(single.entry.id, in: lab.facility)?.events.map(\.event.id)
          == single.entry.charge.entries)
    }
  }

  /// Forty entries of several cases, dates and codes, with credits and two epochs.
  private static let mixed: [Entered] = (1...40).map { number in
    if number == 12 { return Entered(epoch: "bbbb", number: 12, creditOf: 7, like: 7) }
    if number == 30 { return Entered(epoch: "cccc", number: 30, creditOf: 12 - 1, like: 11) }
    return Entered(epoch: number <= 20 ? "bbbb" : "cccc", number: number)
  }
}
