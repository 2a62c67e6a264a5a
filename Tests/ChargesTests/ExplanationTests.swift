import Charges
import Procedures
import Testing

@Suite
struct `An explanation` {
  private func explanation(
    _ script: CaseScript, _ code: String, _ policy: String = "named-vessel"
  ) throws -> Explanation {
    let billingCode: BillingCode = try #require(BillingCode(code))
    let name: GroupingPolicyName = try #require(GroupingPolicyName(policy))
    return try Explanation(
      of: billingCode, in: try script.state(),
      DerivationContext(ruleBook: .standard, policy: name))
  }

  private func parts(_ explanation: Explanation) -> [String] {
    explanation.units.flatMap(\.entries).map(\.part.sentence)
  }

  @Test
  func `says of each entry why it folded in`() throws {
    let script = CaseScript().coded("75710").image("external-iliac-artery/left")
      .image("external-iliac-artery/left").image("external-iliac-artery-distal/left")
      .image("common-femoral-artery/left").image("common-iliac-artery/left")
      .lesion("L1", "common-iliac-artery/left", "external-iliac-artery/left").complete()
    let explanation = try explanation(script, "37252", "sir")
    #expect(
      parts(explanation) == [
        "earns the unit", "is a further look at the same place",
        "belongs to external-iliac-artery/left",
        "is one with external-iliac-common-femoral-artery/left by the policy",
        "is joined by lesion L1",
      ])
    #expect(explanation.units.flatMap(\.entries).map(\.version) == [3, 4, 5, 6, 7])
    #expect(
      explanation.units.first?.rules.first?.citation.source
        == "SIR coding Q&A on IVUS; CCO community thread on 37252/37253")
  }

  @Test
  func `says of the other images why they earned nothing`() throws {
    let script = CaseScript().coded("75710").image("tibioperoneal-trunk/left")
      .image("peroneal-artery/left").image("peroneal-artery/right").image("renal-artery/left")
      .retracted(5).image("renal-artery/left", modality: "XA").image("right-coronary-artery")
      .complete()
    let explanation = try explanation(script, "37253", "scai-2026")
    #expect(explanation.units.map(\.unit.group) == ["peroneal-artery/right"])
    #expect(
      explanation.unearned.map { "\($0.site): \($0.reason.sentence)" } == [
        """
        tibioperoneal-trunk/left: its vessel yields to another that was imaged \
        (SCAI 2026 leg revascularization sheet)
        """, "peroneal-artery/left: it counts under 37252",
        "renal-artery/left: its entry was retracted",
        "renal-artery/left: XA does not count for this vessel (SIR coding Q&A on IVUS)",
        "right-coronary-artery: it counts under 92978",
      ])
  }

  @Test
  func `is a text for a person`() throws {
    let script = CaseScript().coded("75710").image("renal-artery/left", stored: false).read()
    let text = try explanation(script, "37252").text
    #expect(text.hasPrefix("37252 × 1 in case \(script.caseID) through version 4"))
    #expect(
      text.contains(
        "  2026-03-02T13:02:00Z version 3, entry \(script.entryID(2)): renal-artery/left earns"))
    #expect(text.contains("  images-not-stored: No images of these vessels were stored"))
    #expect(try explanation(script, "75710").text.contains("states the unit"))
    #expect(try explanation(script, "92978").units.isEmpty)
  }
}
