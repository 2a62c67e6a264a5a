import Charges
import Procedures
import Testing

/// Medically unlikely edits: a hold on the line, the units untouched.
@Suite
struct `Limits of units` {
  private static let seven = Holds.veins(7).complete()
  private static let held = "37238×1 billable; 37252×1 billable; 37253×6 planned (mue-exceeded)"
  private static let free = "37238×1 billable; 37252×1 billable; 37253×6 billable"

  private static func stents(_ units: Int) -> CaseScript {
    CaseScript().coded("37238", units: units).complete()
  }

  private static func heart(_ count: Int) -> CaseScript {
    [
      "left-main-coronary-artery", "left-anterior-descending-artery", "left-circumflex-artery",
      "right-coronary-artery", "ramus-intermedius",
    ].prefix(count).reduce(CaseScript().coded("92928")) { $0.image($1) }
  }

  static let rows: [RuleRow] = [
    RuleRow(
      "five further vessels are the limit", Holds.veins(6).complete(),
      "37238×1 billable; 37252×1 billable; 37253×5 billable"),
    RuleRow("six are over it, and stay six", seven, held),
    RuleRow(
      "eight vessels are counted, too", Holds.veins(8).complete(),
      "37238×1 billable; 37252×1 billable; 37253×7 planned (mue-exceeded)"),
    RuleRow(
      "indicator 3: a release for the code lifts it",
      seven.released("mue-exceeded", "37253"), free),
    RuleRow("so does one without a code", seven.released("mue-exceeded"), free),
    RuleRow(
      "one for the other code of the family does not",
      seven.released("mue-exceeded", "37252"), held),
    RuleRow("nor one of another hold", seven.released("add-on-without-primary"), held),
    RuleRow("indicator 2: one unit is the limit", stents(1), "37238×1 billable"),
    RuleRow("two are over it", stents(2), "37238×2 planned (mue-exceeded)"),
    RuleRow(
      "and no release lifts it",
      stents(2).released("mue-exceeded").released("mue-exceeded", "37238"),
      "37238×2 planned (mue-exceeded)"),
    RuleRow(
      "lines of a code with other modifiers add up",
      CaseScript().coded("37197", units: 2).coded("37197", "59").complete(),
      "37197×2 planned (mue-exceeded); 37197-59×1 planned (mue-exceeded)"),
    RuleRow(
      "a stated code and a supply of it add up",
      CaseScript().coded("C1753", units: 2).supply("used", "C1753", 1).complete(),
      "C1753×2 planned (mue-exceeded); C1753×1 planned (mue-exceeded)"),
    RuleRow(
      "supplies have limits", CaseScript().supply("used", "C1753", 3).complete(),
      "C1753×3 planned (mue-exceeded)"),
    RuleRow(
      "of what was not returned",
      CaseScript().supply("used", "C1753", 3).supply("returned", "C1753", 1).complete(),
      "C1753×2 billable"),
    RuleRow(
      "two further coronary vessels are the limit", heart(3).complete(),
      "92928×1 billable; 92978×1 billable; 92979×2 billable"),
    RuleRow(
      "three are over it", heart(4).complete(),
      "92928×1 billable; 92978×1 billable; 92979×3 planned (mue-exceeded)"),
    RuleRow(
      "the heart's limit is its own",
      heart(3).coded("75710").image("renal-artery/left").image("renal-artery/right").complete(),
      """
      37252×1 billable; 37253×1 billable; 75710×1 billable; 92928×1 billable; 92978×1 billable; \
      92979×2 billable
      """),
    RuleRow(
      "what an edit excludes carries no hold",
      Holds.veins(7).coded("37191").complete(),
      """
      37191×1 billable; 37238×1 billable; 37252×1 not-billable [ncci-ptp]; \
      37253×6 not-billable [ncci-ptp]
      """),
  ]

  @Test(arguments: rows)
  func `follow each rule`(_ row: RuleRow) throws {
    #expect(try row.script.derivation(row.policy).summary == row.expected)
  }

  @Test(arguments: ["hospital-outpatient", "hospital-inpatient", "asc", "office"])
  func `are those of the setting's table`(_ setting: String) throws {
    #expect(try Holds.veins(7, setting: setting).complete().derivation().summary == Self.held)
    #expect(
      try Holds.veins(7, date: "2026-10-01", setting: setting).complete().derivation().summary
        == Self.held)
  }
}
