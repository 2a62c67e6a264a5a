import Charges
import Procedures
import Testing

@Suite
struct `A comparison of two derivations` {
  private func comparison(
    _ before: CaseScript, _ after: CaseScript,
    _ policies: (String, String) = ("named-vessel", "sir")
  ) throws -> DerivationComparison {
    try DerivationComparison(
      before.derivation(policies.0), after.derivation(policies.1),
      setting: before.state().opening?.setting, ruleBooks: (.standard, .standard))
  }

  private func text(_ units: PricedUnits) -> String {
    "\(units.units) \(MedicareAmount(cents: units.cents)) \(units.unpublishedUnits)"
  }

  private func changes(_ comparison: DerivationComparison) -> [String] {
    comparison.changes.map { line in
      "\(line.code) \(line.status.rawValue): \(text(line.before)) > \(text(line.after))"
    }
  }

  /// Two vessels that are one by the policy of the SIR.
  private func script(_ date: String, _ setting: String) -> CaseScript {
    CaseScript(date: date, setting: setting).coded("75710").image("external-iliac-artery/left")
      .image("common-femoral-artery/left").image("renal-artery/left")
  }

  @Test(arguments: [
    ("2022-03-02", "office", "37253 billable: 2 350.90 0 > 1 175.45 0"),
    ("2022-03-02", "hospital-outpatient", "37253 billable: 2 141.88 0 > 1 70.94 0"),
    ("2026-03-02", "hospital-outpatient", "37253 billable: 2 0.00 2 > 1 0.00 1"),
  ])
  func `has the lines whose units differ, with what is published for them`(
    _ date: String, _ setting: String, _ expected: String
  ) throws {
    let script = script(date, setting).complete()
    #expect(try changes(comparison(script, script)) == [expected])
  }

  @Test
  func `of a derivation with itself changes nothing`() throws {
    let script = script("2022-03-02", "office").complete()
    let comparison = try comparison(script, script, ("sir", "sir"))
    #expect(!comparison.isChanged)
    #expect(comparison.lines.map(\.code.text) == ["37252", "37253", "75710"])
  }

  @Test
  func `tells units that move from waiting to ready`() throws {
    let script = script("2022-03-02", "office")
    #expect(
      try changes(comparison(script, script.complete(), ("sir", "sir"))) == [
        "37252 billable: 0 0.00 0 > 1 1026.07 0", "37252 planned: 1 1026.07 0 > 0 0.00 0",
        "37253 billable: 0 0.00 0 > 1 175.45 0", "37253 planned: 1 175.45 0 > 0 0.00 0",
        "75710 billable: 0 0.00 0 > 1 0.00 1", "75710 planned: 1 0.00 1 > 0 0.00 0",
      ])
  }

  @Test
  func `prices a supply never`() throws {
    let script = script("2022-03-02", "office").step(
      "consumable-used", ["item": "catheter", "quantity": 2, "billingCode": "C1753"])
    let change = try #require(
      comparison(self.script("2022-03-02", "office"), script, ("sir", "sir")).changes.first)
    #expect(change.code.text == "C1753")
    #expect(text(change.after) == "2 0.00 0")
  }

  @Test
  func `prices nothing that an edit keeps off the claims`() throws {
    let script = script("2022-03-02", "office")
    let excluded = try comparison(script, script.coded("37191"), ("sir", "sir")).changes
      .filter { $0.status == .notBillable && $0.code.text == "37252" }
    #expect(excluded.map { text($0.after) } == ["1 0.00 0"])
  }

  @Test
  func `names a case that cannot be derived any more`() throws {
    let script = script("2022-03-02", "office").complete()
    let policy = try #require(GroupingPolicyName("sir"))
    let failed = Derivation.failed(
      try script.state(), in: DerivationContext(ruleBook: .standard, policy: policy),
      because: .policyUnknown(policy))
    let comparison = try DerivationComparison(
      script.derivation(), failed, setting: .office, ruleBooks: (.standard, .standard))
    #expect(comparison.failureBefore == nil)
    #expect(comparison.failureAfter == "The rule book has no grouping policy sir.")
    #expect(comparison.isChanged)
    #expect(comparison.json["failureAfter"]?.text == comparison.failureAfter)
  }

  @Test
  func `adds up over cases, by code and status`() throws {
    var totals = ComparisonTotals()
    let office = script("2022-03-02", "office").complete()
    totals.add(try comparison(office, office))
    totals.add(try comparison(office, office, ("sir", "sir")))
    let open = script("2022-03-02", "office")
    totals.add(try comparison(open, open))
    #expect(totals.caseCount == 3)
    #expect(totals.changedCaseCount == 2)
    let rows = totals.rows.filter { $0.code.text.hasPrefix("3725") }.map { row in
      "\(row.code) \(row.status.rawValue) \(row.changedCaseCount): \(text(row.before)) > \(text(row.after))"
    }
    #expect(
      rows == [
        "37252 billable 0: 2 2052.14 0 > 2 2052.14 0",
        "37252 planned 0: 1 1026.07 0 > 1 1026.07 0",
        "37253 billable 1: 3 526.35 0 > 2 350.90 0",
        "37253 planned 1: 2 350.90 0 > 1 175.45 0",
      ])
    let (before, after) = totals.sum(.billable)
    #expect(text(before) == "7 2578.49 2")
    #expect(text(after) == "6 2403.04 2")
  }
}
