import Charges
import Foundation
import Procedures
import Testing

@Suite
struct `What would change a code` {
  private func sentences(
    _ script: CaseScript, _ code: String, _ policy: String = "named-vessel"
  ) throws -> [String] {
    let billingCode: BillingCode = try #require(BillingCode(code))
    let name: GroupingPolicyName = try #require(GroupingPolicyName(policy))
    return try Explanation(
      of: billingCode, in: try script.state(),
      DerivationContext(ruleBook: .standard, policy: name)
    ).alternatives.map(\.sentence)
  }

  private let legs = CaseScript().coded("75710").coded("75716")
    .image("external-iliac-artery/left").image("common-femoral-artery/left")

  @Test
  func `is another policy, under which vessels are one or apart`() throws {
    let script = legs.read().read().signed()
    #expect(
      try sentences(script, "37253").contains(
        """
        Under policy sir, the left external iliac artery and the left common femoral artery would \
        be one: no 37253 instead of 1.
        """))
    #expect(
      try sentences(script, "37253", "sir").contains(
        """
        Under policy named-vessel, the left external iliac artery and the left common femoral \
        artery would be apart: 37253 × 1 instead of none.
        """))
  }

  @Test
  func `is a policy by which a vessel yields`() throws {
    let script = CaseScript().coded("75710").image("peroneal-artery/left")
      .image("tibioperoneal-trunk/left").complete()
    #expect(
      try sentences(script, "37253").contains(
        """
        Under policy scai-2026, the left tibioperoneal trunk would earn nothing: no 37253 instead \
        of 1.
        """))
    #expect(
      try sentences(script, "37253", "scai-2026").contains(
        """
        Under policy named-vessel, the left tibioperoneal trunk would earn a unit: 37253 × 1 \
        instead of none.
        """))
  }

  @Test
  func `is an entry retracted, and entries of the same effect stand together`() throws {
    let script = legs.read().read().signed()
    #expect(
      try sentences(script, "37253").contains(
        """
        If any one of these were retracted, version 4 (IVUS of the left external iliac artery) or \
        version 5 (IVUS of the left common femoral artery): no 37253 instead of 1.
        """))
    let joined = legs.lesion("L1", "external-iliac-artery/left", "common-femoral-artery/left")
      .complete()
    #expect(
      try sentences(joined, "37253") == [
        "If version 6 (lesion L1) were retracted: 37253 × 1 instead of none."
      ])
  }

  @Test
  func `is a hold cleared, as deriving it shows`() throws {
    let script = CaseScript().coded("75710").image("renal-artery/left", stored: false).signed()
    #expect(
      try sentences(script, "37252") == [
        "If version 3 (IVUS of the left renal artery) were retracted: no 37252 instead of 1."
      ], "each of two holds alone changes nothing")
    #expect(
      try sentences(script.released("images-not-stored"), "37252").contains(
        "If a reading named the left renal artery: 37252 × 1 billable instead of planned."))
    #expect(
      try sentences(script.read(), "37252").contains(
        "If an image of the left renal artery were stored: 37252 × 1 billable instead of planned."))
    #expect(
      try sentences(CaseScript().image("renal-artery/left").complete(), "37252").contains {
        $0.hasSuffix(
          "or another listed procedure were stated: 37252 × 1 billable instead of planned.")
      })
  }

  @Test
  func `is a modifier that passes a pair`() throws {
    let script = CaseScript().coded("37191").coded("37238").image("renal-artery/left").complete()
    #expect(
      try sentences(script, "37252").contains(
        """
        If modifier 59 were applied to 37252 with a reason: 37252 × 1 billable instead of \
        not-billable.
        """))
  }

  @Test
  func `is not tried beyond a bound, and that is said`() throws {
    var script = CaseScript().coded("75710")
    for _ in 0..<80 { script = script.read("renal-artery/left") }
    let code: BillingCode = try #require(BillingCode("37252"))
    let explanation = try Explanation(
      of: code, in: try script.image("renal-artery/left").signed().state(),
      DerivationContext(ruleBook: .standard, policy: RuleBook.defaultPolicy))
    #expect(explanation.untriedEntries == 18)
    #expect(explanation.text().contains("18 more entries were not tried."))
  }
}
