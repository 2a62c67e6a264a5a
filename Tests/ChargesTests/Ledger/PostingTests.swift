import Charges
import Procedures
import Testing

@Suite
struct `The postings of a case` {
  static let properties: [Property] = [
    Property("a charge is read as it was written") { history in
      for charge in try history.signed().charges() where Charge(charge.json) != charge {
        return "\(charge.json.compactText)"
      }
      return nil
    },
    Property("signed after any of its events, the charges that stand are the billable lines") {
      history in
      var ledger = CaseLedger()
      for count in 1...history.events.count {
        let charges = try history.through(count).signed().charges()
        if let fault = ledger.post(charges) { return "after \(count) events: \(fault)" }
      }
      return nil
    },
    Property("what stands already is posted no second time, in whatever order") { history in
      var ledger = CaseLedger()
      let charges = try history.signed().charges()
      if let fault = ledger.post(charges) { return fault }
      let count = ledger.entries
      var chance = history.chance
      if let fault = ledger.post(charges.shuffled(using: &chance)) { return fault }
      return ledger.entries == count ? nil : "\(ledger.entries - count) entries more"
    },
    Property("a case that bills nothing any more is credited whole") { history in
      var ledger = CaseLedger()
      if let fault = ledger.post(try history.signed().charges()) { return fault }
      let standing = ledger.standing
      let postings = Posting.postings(from: standing, to: [])
      return postings == standing.map { .credit(of: $0.number, $0.charge) }
        ? nil : "\(postings.count) credits for \(standing.count) charges"
    },
    Property("between any two moments, there and back, the charges that stand are the lines") {
      history in
      var chance = history.chance
      var ledger = CaseLedger()
      for _ in 0..<4 {
        let count = Int.random(in: 1...history.events.count, using: &chance)
        if let fault = ledger.post(try history.through(count).signed().charges()) { return fault }
      }
      return nil
    },
  ]

  @Test(arguments: properties)
  func `hold this`(_ property: Property) { property.check() }

  @Test
  func `are tried on cases that are charged and credited`() throws {
    var ledgers = (entries: 0, credits: 0)
    for seed in UInt64(1)..<60 {
      let history = History(seed: seed)
      var ledger = CaseLedger()
      for count in 1...history.events.count {
        #expect(ledger.post(try history.through(count).signed().charges()) == nil)
      }
      ledgers.entries += ledger.entries
      ledgers.credits += ledger.credits
    }
    #expect(ledgers.entries > 200)
    #expect(ledgers.credits > 50)
  }

  @Test
  func `credit the old whole and charge the new, in the order of numbers and of lines`() throws {
    let charges = try ["37252", "37253", "37238"].map { try charge($0, units: 2) }
    // They stand out of order, and two of them are one.
    let standing = [
      StandingCharge(number: 9, charge: charges[0]), StandingCharge(number: 3, charge: charges[1]),
      StandingCharge(number: 5, charge: charges[0]),
    ]
    let fewer = try charge("37253", units: 1)
    #expect(
      Posting.postings(from: standing, to: [charges[2], fewer, charges[0]]) == [
        .credit(of: 3, charges[1]), .credit(of: 9, charges[0]), .charge(charges[2]), .charge(fewer),
      ])
  }

  private func charge(_ code: String, units: Int) throws -> Charge {
    try #require(
      Charge([
        "serviceDate": "2026-03-02", "setting": "office", "department": .null, "room": .null,
        "operator": "dr-114", "npi": .null, "payer": .null, "patient": .null, "diagnoses": [],
        "code": .string(code), "units": .integer(units), "modifiers": [], "claims": [],
        "counted": [],
      ]))
  }
}

/// The entries of one case, as a ledger would hold them.
private struct CaseLedger {
  private(set) var standing: [StandingCharge] = []
  private(set) var entries = 0

  /// How many of the entries are credits.
  private(set) var credits = 0

  /// Enters what makes the standing charges these; what is wrong with it, if anything.
  mutating func post(_ billable: [Charge]) -> String? {
    let kept = standing.count - unmatched(billable).count
    let postings = Posting.postings(from: standing, to: billable)
    let credited = postings.prefix {
      if case .credit = $0 { true } else { false }
    }
    guard credited.count == standing.count - kept,
      postings.count - credited.count == billable.count - kept
    else { return "\(postings.count) postings, \(kept) of \(standing.count) charges kept" }
    for posting in postings {
      entries += 1
      switch posting {
      case .credit(of: let number, let charge):
        credits += 1
        guard let place = standing.firstIndex(where: { $0.number == number }) else {
          return "a credit of \(number), which does not stand"
        }
        if standing.remove(at: place).charge != charge { return "a credit of something else" }
      case .charge(let charge):
        standing.append(StandingCharge(number: Int64(entries), charge: charge))
      }
    }
    return unmatched(billable).isEmpty && standing.count == billable.count
      ? nil : "\(standing.map(\.charge.code)) stand, \(billable.map(\.code)) are billable"
  }

  /// The standing charges that say on a claim what no billable line does, one for one.
  private func unmatched(_ billable: [Charge]) -> [StandingCharge] {
    var rest = billable
    return standing.filter { standing in
      guard let place = rest.firstIndex(where: { $0.claims(sameAs: standing.charge) }) else {
        return true
      }
      rest.remove(at: place)
      return false
    }
  }
}

extension History {
  /// The first events of it.
  fileprivate func through(_ count: Int) -> History {
    History(seed: seed, events: Array(events.prefix(count)))
  }

  /// The charges that it makes.
  fileprivate func charges() throws -> [Charge] {
    Charge.all(of: try derivation(), state, people: [:])
  }
}
