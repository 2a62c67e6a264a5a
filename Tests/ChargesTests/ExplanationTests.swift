import Charges
import Foundation
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

  private func unit(_ explanation: Explanation, _ number: Int = 0) throws -> ExplainedUnit {
    let units = explanation.lines.flatMap(\.units)
    try #require(units.indices.contains(number))
    return units[number]
  }

  /// The words of the page below a head.
  private func section(_ head: String, _ explanation: Explanation) -> String {
    let lines = explanation.text().split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(where: { $0.hasPrefix(head) }) else { return "" }
    return lines[lines.index(after: start)...].prefix { !$0.isEmpty }
      .map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
  }

  @Test
  func `says of each entry why it folded in`() throws {
    let script = CaseScript().coded("75710").image("external-iliac-artery/left")
      .image("external-iliac-artery/left").image("external-iliac-artery-distal/left")
      .image("common-femoral-artery/left").image("common-iliac-artery/left")
      .lesion("L1", "common-iliac-artery/left", "external-iliac-artery/left").complete()
    let unit = try unit(explanation(script, "37252", "sir"))
    let site: VesselSite = try #require(
      Vessel(code: "external-iliac-artery").flatMap { VesselSite($0, .left) })
    let sir: GroupingPolicyName = try #require(GroupingPolicyName("sir"))
    let lesion: LesionCode = try #require(LesionCode("L1"))
    #expect(
      unit.entries.map(\.part) == [
        .earns, .again, .segment(of: site),
        .policy(group: "external-iliac-common-femoral-artery/left", sir),
        .lesion([lesion], entries: [script.entryID(7)]),
      ])
    #expect(unit.entries.map(\.version) == [3, 4, 5, 6, 7])
    #expect(
      unit.rules.prefix(4) == [
        "first-noncoronary-vessel", "vessel-counts-once", "segment-belongs-to-vessel",
        "lesion-across-vessels",
      ])
  }

  @Test
  func `says what a corrected entry said before, and which entry corrected it`() throws {
    let script = CaseScript().coded("75710").image("renal-artery/right", stored: false)
      .corrected(2, CaseScript.imageData("renal-artery/left")).complete()
    let correction = try #require(
      try unit(explanation(script, "37252")).entries.first?.correction)
    #expect(correction.entry == script.entryID(3))
    #expect(correction.version == 4)
    #expect(
      correction.changes.map { "\($0.field) \($0.before ?? .null) \($0.after ?? .null)" }
        == [
          "side \(JSON.string("right")) \(JSON.string("left"))",
          "imagesStored \(JSON.bool(false)) \(JSON.bool(true))",
        ])
    #expect(correction.reason == .clear("wrong"))
    #expect(
      section("Unit 1", try explanation(script, "37252")).contains(
        "side said right and says left and imagesStored said false and says true; reason: wrong"))
    let undone = script.retracted(3).signed()
    #expect(try unit(explanation(undone, "37252")).entries.first?.correction == nil)
  }

  static let unearned: [(String, CaseScript, String, String)] = [
    (
      "an angiogram", CaseScript().image("renal-artery/left", modality: "XA"), "37252",
      """
      The left renal artery: only XA of it is recorded (entry #1), which does not count there \
      (SIR coding Q&A on IVUS)
      """
    ),
    (
      "OCT outside the heart", CaseScript().image("renal-artery/left", modality: "OCT"), "37252",
      """
      The left renal artery: only OCT of it is recorded (entry #1), which does not count there \
      (SIR coding Q&A on IVUS)
      """
    ),
    (
      "a retracted image", CaseScript().image("renal-artery/left").retracted(1), "37252",
      "The left renal artery: its image (entry #1) was retracted by entry #2"
    ),
    (
      "a vessel named by mistake",
      CaseScript().image("renal-artery/left")
        .corrected(1, CaseScript.imageData("renal-artery/right")), "37252",
      """
      The left renal artery: entry #1 named it before entry #2 corrected it to the right renal \
      artery
      """
    ),
    (
      "a vessel that was treated",
      CaseScript().intervention("stent-placement", "common-iliac-vein/left"), "37252",
      """
      The left common iliac vein: it was never imaged; recorded there: intervention-performed \
      stent-placement (entry #1)
      """
    ),
    (
      "access, a device and a measurement",
      CaseScript().step("percutaneous-entry", ["vessel": "femoral-vein", "side": "left"])
        .step(
          "device-inserted", ["device": "guidewire", "vessel": "femoral-vein", "side": "left"]
        )
        .step(
          "measurement-recorded",
          [
            "vessel": "femoral-vein", "side": "left", "measure": "diameter", "value": 9,
            "unit": "mm",
          ]), "37252",
      """
      The left femoral vein: it was never imaged; recorded there: percutaneous-entry (entry #1), \
      device-inserted guidewire (entry #2), measurement-recorded diameter (entry #3)
      """
    ),
    (
      "another code", CaseScript().image("renal-artery/left").image("right-coronary-artery"),
      "37252", "The right coronary artery: it counts under 92978"
    ),
    (
      "the first vessel", CaseScript().image("renal-artery/left").image("renal-artery/right"),
      "37253", "The left renal artery: it counts under 37252"
    ),
    (
      "a vessel joined to another",
      CaseScript().image("common-iliac-vein/left").image("external-iliac-vein/left")
        .lesion("L1", "common-iliac-vein/left", "external-iliac-vein/left"), "37253",
      """
      The left common iliac vein: it counts under 37252 The left external iliac vein: it is \
      joined by lesion L1 (entry #3), in the unit of the left common iliac vein, 37252
      """
    ),
  ]

  @Test(arguments: unearned)
  func `says of other vessels why they earned nothing`(
    _ what: String, _ script: CaseScript, _ code: String, _ expected: String
  ) throws {
    var text = expected
    for entry in 0..<script.lines.count {
      text = text.replacing("#\(entry)", with: script.entryID(entry).description)
    }
    #expect(section("Vessels that earned no", try explanation(script, code)) == text, "\(what)")
  }

  @Test
  func `says to which vessel another one yields`() throws {
    let script = CaseScript().coded("75710").image("tibioperoneal-trunk/left")
      .image("peroneal-artery/left").complete()
    #expect(
      section("Vessels that earned no", try explanation(script, "37252", "scai-2026"))
        == """
        The left tibioperoneal trunk: it yields to the left peroneal (fibular) artery, imaged on \
        that side (SCAI 2026 leg revascularization sheet)
        """)
  }

  static let none: [(CaseScript, String, String)] = [
    (CaseScript(), "37252", "No vessel outside the heart was imaged by IVUS."),
    (CaseScript(), "92979", "No vessel in the heart was imaged by IVUS or OCT."),
    (
      CaseScript().image("renal-artery/left"), "37253",
      """
      37253 counts each vessel after the first. Only one counts here: the left renal artery, and \
      it is 37252.
      """
    ),
    (
      CaseScript().image("renal-artery/left"), "37250",
      "37250 is not the code of such a vessel on 2026-03-02; 37252 and 37253 are."
    ),
    (
      CaseScript(date: "2015-06-01").image("renal-artery/left"), "37252",
      """
      37252 is not the code of such a vessel on 2015-06-01; 37250, 37251, 75945 and 75946 are.
      """
    ),
    (
      CaseScript(), "75710",
      "Nobody stated 75710 in the case, and no supply is recorded under it."
    ),
    (
      CaseScript().supply("used", "C1753", 2).supply("returned", "C1753", 2), "C1753",
      "As much of C1753 was returned as was used."
    ),
    (
      CaseScript().image("renal-artery/left").cancelled(), "37252",
      "The case is cancelled and derives nothing."
    ),
  ]

  @Test(arguments: none)
  func `says why a code has no unit at all`(
    _ script: CaseScript, _ code: String, _ expected: String
  ) throws {
    let explanation = try explanation(script, code)
    #expect(explanation.unitCount == 0)
    #expect(explanation.noUnit == [expected])
    #expect(explanation.text().hasPrefix("\(code) × 0\n"))
  }

  @Test
  func `says that what was stated is retracted`() throws {
    let script = CaseScript().coded("75710").retracted(1)
    #expect(
      try explanation(script, "75710").noUnit == [
        "It was stated by entry \(script.entryID(1)) (version 2), retracted since."
      ])
  }

  @Test
  func `of a case that cannot be derived says why`() throws {
    let script = CaseScript().supply("used", "37252", 1)
    let code: BillingCode = try #require(BillingCode("37252"))
    let failed = Explanation(of: code, failed: try script.derivation())
    #expect(
      failed.noUnit == ["A supply is recorded under 37252, which is counted from imaged vessels."])
    #expect(failed.lines.isEmpty)
  }

  @Test
  func `shows what was released, by which entry, and whether it was needed`() throws {
    let script = CaseScript().coded("75710").image("renal-artery/left", stored: false).read()
      .released("images-not-stored").released("mue-exceeded", "37252").signed()
    let explanation = try explanation(script, "37252")
    let releases = explanation.lines.flatMap(\.releases)
    #expect(releases.map(\.hold) == [.imagesNotStored, .mueExceeded])
    #expect(releases.map(\.isNeeded) == [true, false])
    #expect(releases.map(\.entry) == [script.entryID(4), script.entryID(5)])
    #expect(releases.map(\.reason) == [.clear("seen"), .clear("seen")])
    let text = section("Releases", explanation)
    #expect(text.contains("images-not-stored was released from all lines; reason: seen version 5,"))
    #expect(text.contains("mue-exceeded was released from 37252; reason: seen; it would not stand"))
    var recorded = explanation
    recorded.records[script.entryID(4)] = Explanation.Record(
      recorder: try #require(PersonCode("co-9")), recordedAt: Instant(microseconds: 0))
    #expect(recorded.text().contains("recorded by co-9"))
    #expect(recorded.json.compactText.contains(#""recorder":"co-9""#))
  }

  static let passes: [(CaseScript, String, String)] = [
    (
      CaseScript().coded("37191").image("renal-artery/left").complete(), "37252",
      """
      ncci-ptp: 37252 is part of 37191; a modifier applied with a reason can pass it (CMS NCCI \
      procedure-to-procedure edits). Modifier 59, XE, XP, XS or XU on 37252, applied with a \
      reason, passes it where it was apart from 37191.
      """
    ),
    (
      CaseScript().coded("37220").complete(), "37220",
      """
      code-not-active: 37220 is not in force on 2026-03-02 (CMS). No modifier passes it; a code \
      that is in force on 2026-03-02 is stated instead.
      """
    ),
    (
      CaseScript().coded("75710").image("renal-artery/left").modified("37252", "26").complete(),
      "37252",
      """
      modifier-not-applicable: 26 does not apply to 37252: it has no components (CMS physician fee \
      schedule, professional/technical indicator 0). The line stands.
      """
    ),
  ]

  @Test(arguments: passes)
  func `says what would pass an edit`(
    _ script: CaseScript, _ code: String, _ expected: String
  ) throws {
    #expect(section("Edits", try explanation(script, code)) == expected)
  }
}
