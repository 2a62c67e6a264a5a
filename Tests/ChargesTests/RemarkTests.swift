import Charges
import Procedures
import Testing

@Suite
struct `What a derivation remarks` {
  private func warnings(_ script: CaseScript) throws -> [String] {
    try script.derivation().warnings.map(\.code.rawValue)
  }

  private let timeOut: JSON = ["participants": ["dr-1"], "confirmed": ["patient", "site"]]
  private let access: JSON = ["vessel": "femoral-vein", "side": "right"]

  @Test
  func `warns of entries on another date than that of service, by the room's clock`() throws {
    // 13:00 and on in UTC is the morning of the same day in New York.
    #expect(try warnings(CaseScript().image("renal-artery/left").complete()).isEmpty)
    #expect(
      try warnings(CaseScript().image("renal-artery/left", minute: 20 * 60)) == [
        "service-date-differs"
      ])
    #expect(try warnings(CaseScript(zone: "Pacific/Auckland")) == ["service-date-differs"])
    #expect(
      try warnings(
        CaseScript().step("case-signed", ["signer": "dr-1", "meaning": "author"], minute: 3000)
      )
      .isEmpty, "a case may be signed on another day")
  }

  @Test
  func `warns of access before the time-out`() throws {
    let right = CaseScript().step("time-out-completed", timeOut).step("percutaneous-entry", access)
    #expect(try warnings(right).isEmpty)
    let wrong = CaseScript().step("percutaneous-entry", access).step("time-out-completed", timeOut)
    #expect(try warnings(wrong) == ["access-before-time-out"])
    let none = CaseScript().step("percutaneous-entry", access)
    #expect(try warnings(none) == ["access-before-time-out"])
  }

  @Test
  func `warns of a modifier for which there is no line`() throws {
    let script = CaseScript().image("renal-artery/left").modified("37253", "59")
    #expect(try warnings(script) == ["modifier-without-line"])
    #expect(try warnings(script.image("renal-artery/right")).isEmpty)
  }

  @Test(arguments: [
    ("2026-03-02", "75710:codes 75710:medicallyUnlikelyEdits"),
    (
      "2024-06-30",
      """
      37252:medicallyUnlikelyEdits 37253:medicallyUnlikelyEdits 75710:codes \
      75710:medicallyUnlikelyEdits
      """
    ),
    (
      "2015-06-30",
      """
      37250:addOnPrimaries 37250:medicallyUnlikelyEdits 37251:addOnPrimaries \
      37251:medicallyUnlikelyEdits 75710:codes 75710:medicallyUnlikelyEdits \
      75945:addOnPrimaries 75945:medicallyUnlikelyEdits 75946:addOnPrimaries \
      75946:medicallyUnlikelyEdits
      """
    ),
  ])
  func `says which table does not cover which code`(_ date: String, _ expected: String) throws {
    let derivation = try CaseScript(date: date).coded("75710").image("renal-artery/left")
      .image("renal-artery/right").complete().derivation()
    let unchecked = derivation.unchecked.map { "\($0.code):\($0.table)" }.joined(separator: " ")
    #expect(unchecked == expected)
  }

  @Test
  func `says that a stated add-on was not checked for its primary`() throws {
    let derivation = try CaseScript().coded("37239").coded("75710").complete().derivation()
    let unchecked = derivation.unchecked.filter { $0.table == "addOnPrimaries" }
    #expect(unchecked.map(\.code.text) == ["37239"])
  }

  @Test
  func `says nothing is unchecked of a line that an edit excludes, but its own dates`() throws {
    let derivation = try CaseScript(date: "2020-06-30").coded("75710").coded("C9754")
      .image("renal-vein/left").complete().derivation()
    #expect(derivation.lines.first?.status == .notBillable)
    #expect(!derivation.unchecked.contains { $0.code.text == "37252" })
  }

  @Test
  func `warns of nothing in a cancelled case`() throws {
    let script = CaseScript().step("percutaneous-entry", access).modified("37253", "59")
    #expect(try warnings(script).count == 2)
    #expect(try warnings(script.cancelled()).isEmpty)
  }

  @Test
  func `warns by what stands: a retracted time-out, a corrected time`() throws {
    let right = CaseScript().step("time-out-completed", timeOut).step("percutaneous-entry", access)
    #expect(try warnings(right.retracted(1)) == ["access-before-time-out"])
    #expect(try warnings(right.retracted(2)).isEmpty)
    #expect(
      try warnings(
        CaseScript().step("percutaneous-entry", access).step("time-out-completed", timeOut)
          .step("percutaneous-entry", access)) == ["access-before-time-out"], "the first counts")
    let late = CaseScript().image("renal-artery/left", minute: 20 * 60)
    #expect(try warnings(late.retracted(1)).isEmpty)
    let script = CaseScript().image("renal-artery/left").modified("37253", "59")
    #expect(try warnings(script.retracted(2)).isEmpty)
  }

  @Test
  func `says when no indicator tells whether a code has components`() throws {
    let derivation = try CaseScript().coded("75710", "26").complete().derivation()
    #expect(derivation.unchecked.contains { $0.table == "feeScheduleIndicators" })
    #expect(derivation.lines.allSatisfy { $0.edits.isEmpty })
  }
}
