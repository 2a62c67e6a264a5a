import Charges
import Procedures
import Testing

@Suite
struct `Guidance for the lab` {
  private func guidance(_ script: CaseScript) throws -> [Guidance] {
    let collection = try CaseScript.collection([script])
    let state = try #require(collection.states().first)
    return Guidance.list(of: state, in: collection.context(of: state))
  }

  /// A case that lacks nothing, but for the steps after it.
  private static let whole = CaseScript().timeOut().coded("75710").coded("37238")

  static let table: [(CaseScript, Guidance.Code, String, [StaffRole], Bool)] = [
    (
      CaseScript(patient: nil), .patientUnidentified, "The patient is not identified.",
      [.recorder, .physician], false
    ),
    (
      CaseScript(), .timeOutMissing, "No time-out is recorded.", [.recorder, .physician], false
    ),
    (
      whole, .caseNotClosed, "The case is not closed.", [.recorder, .physician], false
    ),
    (
      whole, .caseNotSigned, "The case is not signed.", [.physician], true
    ),
    (
      whole.complete().image("renal-artery/left", reason: "late"), .caseNotSigned,
      "The case was changed after its signature and is to be signed again.", [.physician], true
    ),
    (
      whole.image("renal-artery/left"), .readingMissing, "No reading for the left renal artery.",
      [.physician], true
    ),
    (
      whole.image("common-iliac-vein/left", stored: false).read(), .imagesMissing,
      "No images of the left common iliac vein are stored.", [.recorder, .physician], true
    ),
    (
      whole.image("common-iliac-vein/left").image("external-iliac-vein/left")
        .lesion("L1", "common-iliac-vein/left", "external-iliac-vein/left"), .readingMissing,
      """
      No reading for the left common iliac vein or the left external iliac vein; they count as one, \
      and one of them is enough.
      """, [.physician], true
    ),
    (
      whole.image("common-iliac-vein/left").image("external-iliac-vein/left")
        .lesion("L1", "common-iliac-vein/left", "external-iliac-vein/left"), .lesionJoinsVessels,
      """
      The lesion L1 spans the left common iliac vein and the left external iliac vein: they count \
      as one.
      """, [.recorder, .physician], false
    ),
    (
      CaseScript().image("renal-artery/left").image("renal-artery/right"), .primaryMissing,
      "No procedure is stated yet that 37252 and 37253 can go with.", [.coder, .physician], true
    ),
    (
      whole.coded("37191").image("renal-artery/left"), .lineExcluded,
      """
      37252 cannot be billed: 37252 is part of 37191; a modifier applied with a reason can pass it \
      (CMS NCCI procedure-to-procedure edits).
      """, [.coder, .physician], true
    ),
    (
      CaseScript(payer: "nebraska-blue").coded("37238").image("common-iliac-vein/left")
        .diagnosed("I87.1"), .authorizationWanted,
      "The payer wants an authorization for 37252.", [.coder, .physician], true
    ),
    (
      CaseScript(payer: "acme-health"), .payerUnknown,
      """
      The rule book knows no rules of the payer acme-health; vessels are grouped by named-vessel.
      """, [.coder], false
    ),
    (
      whole.modified("93978", "59"), .modifierWithoutLine,
      "A modifier was applied to 93978, which has no line.", [.coder, .physician], false
    ),
  ]

  @Test(arguments: table)
  func `is in words, and says who can do it`(
    _ script: CaseScript, _ code: Guidance.Code, _ sentence: String, _ roles: [StaffRole],
    _ holdsMoney: Bool
  ) throws {
    let items = try guidance(script).filter { $0.code == code }
    #expect(items.map(\.sentence).contains(sentence), "\(items.map(\.sentence))")
    let item = try #require(items.first { $0.sentence == sentence })
    #expect(item.roles == roles)
    #expect(item.holdsMoney == holdsMoney)
  }

  @Test
  func `names units over a limit with their entries`() throws {
    var script = CaseScript().timeOut().coded("37238")
    for vessel in ["common-iliac-vein", "external-iliac-vein", "femoral-vein", "popliteal-vein"] {
      script = script.image("\(vessel)/left").image("\(vessel)/right")
    }
    let items = try guidance(script.complete()).filter { $0.code == .unitsOverLimit }
    #expect(items.map(\.sentence) == ["7 units of 37253 are more than the 5 that a day allows."])
    #expect(items.first?.entries.count == 7)
  }

  @Test
  func `asks for a procedure of each family apart, since one does not serve the other`() throws {
    let script = CaseScript().image("renal-artery/left").image("right-coronary-artery")
    let items = try guidance(script).filter { $0.code == .primaryMissing }
    #expect(
      items.map(\.sentence) == [
        "No procedure is stated yet that 37252 can go with.",
        "No procedure is stated yet that 92978 can go with.",
      ])
    #expect(items.allSatisfy { !$0.procedures.isEmpty })
  }

  @Test
  func `tells of another session of the day`() throws {
    let one = CaseScript(1).timeOut().coded("37238").image("renal-artery/left").complete()
    let two = CaseScript(2).timeOut().coded("37238").image("renal-artery/right").complete()
    let collection = try CaseScript.collection([one, two])
    for state in collection.states() {
      let items = Guidance.list(of: state, in: collection.context(of: state))
      #expect(
        items.filter { $0.code == .sameDaySession }.map(\.sentence) == [
          "The patient has another session of this kind on this date, so 37252 waits."
        ])
    }
  }

  @Test
  func `is none for a case that lacks nothing, and for one that was cancelled`() throws {
    let whole = Self.whole.image("renal-artery/left").read()
      .step("case-closed", [:]).signed()
    #expect(try guidance(whole).isEmpty)
    #expect(try guidance(CaseScript().image("renal-artery/left").cancelled()).isEmpty)
  }

  @Test
  func `begins with what the lab can do now, and what holds money back`() throws {
    let script = CaseScript(patient: nil, payer: "acme-health").image(
      "renal-artery/left", stored: false)
    #expect(
      try guidance(script).map(\.code) == [
        .imagesMissing, .patientUnidentified, .timeOutMissing, .caseNotClosed, .readingMissing,
        .caseNotSigned, .primaryMissing, .payerUnknown,
      ])
  }

  @Test
  func `of a case that cannot be derived says so first of all, and what is known all the same`()
    throws
  {
    let items = try guidance(CaseScript().supply("used", "37252", 1))
    #expect(
      items.map(\.code) == [.timeOutMissing, .caseNotClosed, .caseNotSigned, .derivationFailed])
    let state = try CaseScript().state()
    let beyond = Guidance.list(
      of: state, in: DerivationContext(ruleBook: .standard, policy: RuleBook.defaultPolicy),
      heldBecause: "the book is not at hand")
    #expect(
      beyond.last?.sentence == "The charges cannot be derived: the book is not at hand.")
  }

  @Test
  func `is one document an item`() throws {
    let script = CaseScript().timeOut().image("renal-artery/left").coded("75710")
    let item = try #require(try guidance(script).first { $0.code == .readingMissing })
    #expect(
      item.json.compactText == """
        {"code":"reading-missing","sentence":"No reading for the left renal artery.",\
        "roles":["physician"],"holdsMoney":true,"action":"A physician records a reading that names \
        the left renal artery, or all that was imaged, or the hold is released with a reason.",\
        "hold":"interpretation-missing","codes":["37252"],\
        "vessels":[{"vessel":"renal-artery","side":"left"}],"entries":["\(script.entryID(2))"]}
        """)
  }
}
