import Charges
import Procedures
import Testing

@Suite
struct `Stated procedures and supplies` {
  static let rows: [RuleRow] = [
    RuleRow(
      "stated again, units add up", CaseScript().coded("75710").coded("75710", units: 2).complete(),
      "75710×3 billable"),
    RuleRow(
      "other modifiers make another line",
      CaseScript().coded("75710").coded("75710", "59").complete(),
      "75710×1 billable; 75710-59×1 billable"),
    RuleRow(
      "the same modifiers in another order do not",
      CaseScript().coded("75710", "LT", "59").coded("75710", "59", "LT").complete(),
      "75710-LT-59×2 billable"),
    RuleRow(
      "an applied modifier goes to every line, and makes one of those that become equal",
      CaseScript().coded("75710").coded("75710", "59").coded("75710", "LT").modified("75710", "59")
        .complete(),
      "75710-59×2 billable; 75710-LT-59×1 billable"),
    RuleRow(
      "a supply is charged by what was used less what was returned",
      CaseScript().supply("used", "C1753", 3).supply("returned", "C1753", 1).complete(),
      "C1753×2 billable"),
    RuleRow(
      "thrown away counts as used",
      CaseScript().supply("used", "C1753", 1).supply("disposed", "C1753", 1).complete(),
      "C1753×2 billable"),
    RuleRow(
      "what was all returned has no line",
      CaseScript().supply("returned", "C1753", 5).supply("used", "C1753", 3).complete(), ""),
    RuleRow(
      "a return is subtracted whenever it was recorded",
      CaseScript().supply("returned", "C1753", 1).supply("used", "C1753", 2).complete(),
      "C1753×1 billable"),
    RuleRow(
      "what was returned of one code takes nothing of another",
      CaseScript().supply("used", "C1753", 1).supply("returned", "C1874", 1).complete(),
      "C1753×1 billable"),
    RuleRow(
      "returns are subtracted from what was used and thrown away together",
      CaseScript().supply("used", "C1753", 1).supply("disposed", "C1753", 1)
        .supply("returned", "C1753", 1).complete(), "C1753×1 billable"),
    RuleRow(
      "a supply without a billing code has no line",
      CaseScript().step("consumable-used", ["item": "gauze", "quantity": 4]).complete(), ""),
    RuleRow(
      "a retracted return takes nothing",
      CaseScript().supply("used", "C1753", 2).supply("returned", "C1753", 1).retracted(2)
        .complete(), "C1753×2 billable"),
    RuleRow(
      "an applied modifier goes to a supply's line too",
      CaseScript().supply("used", "C1753", 1).modified("C1753", "JW").complete(),
      "C1753-JW×1 billable"),
    RuleRow(
      "applied modifiers stand by time, after the stated ones",
      CaseScript().coded("75710", "LT").step(
        "modifier-applied", ["code": "75710", "modifier": "GC", "reason": "r"], minute: 50
      ).step(
        "modifier-applied", ["code": "75710", "modifier": "59", "reason": "r"], minute: 40
      ).complete(), "75710-LT-59-GC×1 billable"),
    RuleRow(
      "a modifier applied twice stands once",
      CaseScript().coded("75710", "59").modified("75710", "59").modified("75710", "59").complete(),
      "75710-59×1 billable"),
    RuleRow(
      "also where none was stated",
      CaseScript().coded("75710").modified("75710", "59").modified("75710", "59").complete(),
      "75710-59×1 billable"),
    RuleRow(
      "a supply beside a procedure of the same code is a line of its own",
      CaseScript().coded("C1753").supply("used", "C1753", 1).complete(),
      "C1753×1 billable; C1753×1 billable"),
    RuleRow(
      "a supply waits for the signature too", CaseScript().supply("used", "C1753", 1),
      "C1753×1 planned (case-not-signed)"),
  ]

  @Test(arguments: rows)
  func `follow each rule`(_ row: RuleRow) throws {
    #expect(try row.script.derivation(row.policy).summary == row.expected)
  }

  @Test(arguments: [
    ("hospital-outpatient", "professional facility"),
    ("hospital-inpatient", "professional facility"),
    ("asc", "professional facility"), ("office", "professional"),
  ])
  func `go on the claims of their setting`(_ setting: String, _ claims: String) throws {
    let lines = try CaseScript(setting: setting).coded("75710").image("renal-artery/left")
      .supply("used", "C1753", 1).supply("used", "99070", 1).coded("G0278").complete()
      .derivation().lines
    func claimed(_ code: String) -> String? {
      lines.first { $0.code.text == code }?.claims.map(\.rawValue).joined(separator: " ")
    }
    #expect(lines.count == 5)
    #expect(claimed("75710") == claims)
    #expect(claimed("37252") == claims)
    #expect(claimed("C1753") == "facility")
    #expect(claimed("99070") == "facility", "a supply, whatever its code looks like")
    #expect(claimed("G0278") == "facility", "no code of CPT")
  }

  @Test
  func `name the entries of each unit`() throws {
    let script = CaseScript().coded("75710", units: 2).coded("75710")
      .supply("used", "C1753", 1).supply("used", "C1753", 2).supply("returned", "C1753", 1)
    let lines = try script.derivation().lines
    #expect(
      lines.first?.counted.map(\.entries) == [
        [script.entryID(1)], [script.entryID(1)], [script.entryID(2)],
      ])
    #expect(lines.last?.counted.map(\.entries) == [[script.entryID(3)], [script.entryID(4)]])
    #expect(lines.last?.entries == [script.entryID(3), script.entryID(4)])
  }

  @Test
  func `are not derived beyond what a case can hold, nor under a derived code`() throws {
    func failure(_ script: CaseScript) throws -> String? {
      let derivation = try script.derivation()
      #expect(derivation.lines.isEmpty)
      #expect(derivation.holds.map(\.code) == [.derivationFailed])
      return derivation.holds.first?.because
    }
    let many = CaseScript().supply("used", "C1753", 10_000).supply("used", "C1753", 1).complete()
    #expect(try failure(many) == "C1753 has more than 10000 units.")
    #expect(
      try failure(CaseScript().supply("used", "37253", 1))
        == "A supply is recorded under 37253, which is counted from imaged vessels.")
  }

  @Test
  func `are not derived from a case with an amendment that cannot be read`() throws {
    let script = CaseScript().coded("75710").image("common-iliac-vein/left").complete()
    var state = try script.state()
    let context = DerivationContext(
      ruleBook: RuleBook.standard, policy: RuleBook.defaultPolicy)
    #expect(try !Derivation(of: state, in: context).lines.isEmpty)
    let id = script.entryID(90)
    // The data of a room for an image: what only a damaged log can hold.
    let damaged: JSON = [
      "entry": .string(script.entryID(2).description), "data": ["room": "Lab 3"], "reason": "wrong",
    ]
    state.evolve(
      Event(
        id: id, caseID: state.id, occurredAt: Instant(microseconds: 0),
        body: try EventBody(.entryCorrected, data: damaged)), version: state.version + 1)
    #expect(throws: DerivationError.amendmentUnreadable(id)) {
      try Derivation(of: state, in: context)
    }
  }
}
