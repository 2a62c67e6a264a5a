import Charges
import Procedures
import Testing

/// What amendments do to charges.
@Suite
struct `An amended case` {
  static let left = "renal-artery/left"
  static let right = "renal-artery/right"

  /// Entry 1 is a stated angiogram, 2 and 3 are the images.
  static let two = CaseScript().coded("75710").image(left).image(right)

  static func image(_ site: String, modality: String = "IVUS", stored: Bool = true) -> JSON {
    CaseScript.imageData(site, modality: modality, stored: stored)
  }

  private static let one = "37252×1 billable; 75710×1 billable"
  private static let both = "37252×1 billable; 37253×1 billable; 75710×1 billable"
  private static let none = "75710×1 billable"
  private static let unsigned =
    """
    37252×1 planned (case-not-signed); 37253×1 planned (case-not-signed); \
    75710×1 planned (case-not-signed)
    """

  static let rows: [RuleRow] = [
    RuleRow("a retracted entry does not count", two.retracted(3).complete(), one),
    RuleRow("a retracted retraction counts again", two.retracted(3).retracted(4).complete(), both),
    RuleRow(
      "three retractions in a row do not",
      two.retracted(3).retracted(4).retracted(5).complete(), one),
    RuleRow(
      "a second retraction after the first was retracted holds",
      two.retracted(3).retracted(4).retracted(3).complete(), one),
    RuleRow(
      "a correction of a corrected entry replaces the one before",
      two.corrected(3, image(left)).corrected(3, image("splenic-vein")).complete(), both),
    RuleRow(
      "the last correction holds, also where the first said otherwise",
      two.corrected(3, image("splenic-vein")).corrected(3, image(left)).complete(), one),
    RuleRow(
      "a retracted correction gives way to the one before",
      two.corrected(3, image(left)).corrected(3, image("splenic-vein")).retracted(5).complete(),
      one),
    RuleRow(
      "and both retracted to what was said at first",
      two.corrected(3, image(left)).corrected(3, image("splenic-vein")).retracted(5).retracted(4)
        .complete(), both),
    RuleRow(
      "a correction of a retracted entry counts nothing",
      two.retracted(3).corrected(3, image("splenic-vein")).complete(), one),
    RuleRow(
      "until its retraction is retracted",
      two.retracted(3).corrected(3, image("splenic-vein")).retracted(4).complete(), both),
    RuleRow(
      "a correction can take an image out of the count",
      two.corrected(3, image(right, modality: "XA")).complete(), one),
    RuleRow(
      "or move it to the heart",
      two.corrected(3, image("right-coronary-artery")).coded("92928").complete(),
      "37252×1 billable; 75710×1 billable; 92928×1 billable; 92978×1 billable"),
    RuleRow(
      "or say that its images were not stored",
      two.corrected(3, image(right, stored: false)).complete(),
      "37252×1 billable; 37253×1 planned (images-not-stored); 75710×1 billable"),
    RuleRow(
      "a lesion corrected to other vessels joins those",
      two.image("splenic-vein").lesion("A", left, right)
        .corrected(5, ["lesion": "A", "vessels": [["vessel": "splenic-vein"]]]).complete(),
      "37252×1 billable; 37253×2 billable; 75710×1 billable"),
    RuleRow(
      "a lesion whose retraction is retracted joins again",
      two.lesion("A", left, right).retracted(4).retracted(5).complete(), one),
    RuleRow(
      "a stated procedure can be retracted", two.retracted(1).complete(),
      """
      37252×1 planned (add-on-without-primary); 37253×1 planned (add-on-without-primary)
      """),
    RuleRow(
      "and corrected", two.corrected(1, ["code": "75716", "units": 2]).complete(),
      "37252×1 billable; 37253×1 billable; 75716×2 billable"),
    RuleRow(
      "a supply too",
      two.supply("used", "C1753", 2).corrected(
        4, ["item": "catheter", "quantity": 1, "billingCode": "C1753"]
      ).complete(),
      both + "; C1753×1 billable"),
    RuleRow(
      "a reading corrected to name one vessel no longer speaks of all",
      two.read().corrected(
        4,
        [
          "vessels": [["vessel": "renal-artery", "side": "right"]], "report": "r",
          "physician": "dr-1",
        ]
      ).signed(),
      "37252×1 billable; 37253×1 planned (interpretation-missing); 75710×1 billable"),
    RuleRow(
      "a release corrected to another hold lifts that one",
      two.signed().released("images-not-stored").corrected(
        5, ["hold": "interpretation-missing", "reason": "read elsewhere"]),
      both),
    RuleRow(
      "a modifier corrected to another code goes there",
      two.modified("37252", "59").corrected(
        4, ["code": "37253", "modifier": "59", "reason": "apart"]
      ).complete(),
      "37252×1 billable; 37253-59×1 billable; 75710×1 billable"),
  ]

  /// What comes after the signature of a case of two read vessels.
  static let afterSigning: [RuleRow] = [
    RuleRow("the signature alone", two.complete(), both),
    RuleRow(
      "an image waits", two.complete().image("splenic-vein", reason: "late"),
      """
      37252×1 planned (case-not-signed); 37253×2 planned (case-not-signed); \
      75710×1 planned (case-not-signed)
      """),
    RuleRow(
      "and goes out when signed again",
      two.complete().image("splenic-vein", reason: "late").signed(),
      "37252×1 billable; 37253×2 billable; 75710×1 billable"),
    RuleRow(
      "a lesion waits",
      two.complete().step(
        "lesion-identified", ["lesion": "A", "vessels": [["vessel": "splenic-vein"]]],
        reason: "late"), unsigned),
    RuleRow(
      "an intervention waits",
      two.complete().step(
        "intervention-performed", ["action": "atherectomy", "vessel": "splenic-vein"],
        reason: "late"), unsigned),
    RuleRow(
      "a supply waits",
      two.complete().step(
        "consumable-used", ["item": "gauze", "quantity": 1], reason: "late"), unsigned),
    RuleRow(
      "a returned supply waits",
      two.complete().step(
        "consumable-returned", ["item": "gauze", "quantity": 1], reason: "late"), unsigned),
    RuleRow(
      "a supply thrown away waits",
      two.complete().step(
        "consumable-disposed", ["item": "gauze", "quantity": 1], reason: "late"), unsigned),
    RuleRow(
      "an access does not",
      two.complete().step(
        "percutaneous-closure",
        ["vessel": "femoral-vein", "side": "left", "method": "suture"], reason: "late"), both),
    RuleRow("a corrected image waits", two.complete().corrected(3, image(right)), unsigned),
    RuleRow(
      "a retracted image waits", two.complete().retracted(3),
      "37252×1 planned (case-not-signed); 75710×1 planned (case-not-signed)"),
    RuleRow("so does a retracted reading", two.complete().read().retracted(6), unsigned),
    RuleRow("and a retracted retraction", two.retracted(3).complete().retracted(4), unsigned),
    RuleRow(
      "a retracted statement does not",
      two.coded("75625").complete().retracted(4), both),
    RuleRow(
      "nor a corrected one",
      two.coded("75625").complete().corrected(4, ["code": "75716"]),
      "37252×1 billable; 37253×1 billable; 75710×1 billable; 75716×1 billable"),
    RuleRow(
      "nor the retraction of its retraction",
      two.coded("75625").complete().retracted(4).retracted(7),
      "37252×1 billable; 37253×1 billable; 75625×1 billable; 75710×1 billable"),
    RuleRow("a late reading speaks", two.signed().read(), both),
    RuleRow(
      "a note changes nothing",
      two.complete().step("note-recorded", ["kind": "tech", "text": "t"]), both),
    RuleRow("a reopened case waits", two.complete().reopened(), unsigned),
    RuleRow("until it is signed again", two.complete().reopened().signed(), both),
    RuleRow("a closed case waits", two.read().step("case-closed", [:]), unsigned),
    RuleRow("a cancelled one has no line", two.complete().cancelled(), ""),
  ]

  @Test(arguments: rows)
  func `follows each rule`(_ row: RuleRow) throws {
    #expect(try row.script.derivation(row.policy).summary == row.expected)
  }

  @Test(arguments: afterSigning)
  func `waits for a new signature where units can change`(_ row: RuleRow) throws {
    #expect(try row.script.derivation(row.policy).summary == row.expected)
  }

  @Test
  func `has another first vessel when the first one goes or was imaged later`() throws {
    func first(_ script: CaseScript) throws -> [String] {
      try script.derivation().lines.filter { $0.code.text == "37252" }.flatMap(\.counted)
        .map(\.group)
    }
    #expect(try first(Self.two) == ["renal-artery/left"])
    #expect(try first(Self.two.retracted(2)) == ["renal-artery/right"])
    let later = Self.two.step(
      "entry-corrected",
      [
        "entry": .string(Self.two.entryID(2).description), "data": Self.image(Self.left),
        "reason": "the clock was wrong", "occurredAt": "2026-03-02T18:00:00Z",
      ])
    #expect(try first(later) == ["renal-artery/right"])
    #expect(try first(later.retracted(4)) == ["renal-artery/left"])
  }

  @Test
  func `cannot be given another date of service: it is cancelled and opened anew`() throws {
    #expect(throws: EventFile.Fault.self) {
      try Self.two.corrected(0, Self.two.lines[0]["data"] ?? .null).derivation()
    }
    #expect(throws: EventFile.Fault.self) { try Self.two.retracted(0).derivation() }
  }
}
