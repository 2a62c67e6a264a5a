import Charges
import Procedures
import Testing

@Suite
struct `Holds` {
  static let left = "common-iliac-artery/left"
  static let right = "common-iliac-artery/right"

  static func two() -> CaseScript { CaseScript().coded("75710").image(left).image(right) }

  static func veins(
    _ count: Int, date: String = "2026-03-02", setting: String = "hospital-outpatient"
  ) -> CaseScript {
    let names = [
      "common-iliac-vein", "external-iliac-vein", "common-femoral-vein", "femoral-vein",
      "popliteal-vein", "renal-vein", "great-saphenous-vein", "small-saphenous-vein",
    ]
    return names.prefix(count).reduce(
      CaseScript(date: date, setting: setting).coded("37238")
    ) { $0.image($1 + "/left") }
  }

  static let rows: [RuleRow] = [
    RuleRow(
      "an unsigned case waits, line by line",
      two().read(),
      """
      37252×1 planned (case-not-signed); 37253×1 planned (case-not-signed); \
      75710×1 planned (case-not-signed)
      """),
    RuleRow(
      "nobody can release a missing signature",
      CaseScript().coded("75710").image(left).read().released("case-not-signed"),
      "37252×1 planned (case-not-signed); 75710×1 planned (case-not-signed)"),
    RuleRow(
      "a reopened case waits for a new signature",
      CaseScript().coded("75710").complete().reopened(), "75710×1 planned (case-not-signed)"),
    RuleRow(
      "a late image waits for a new signature",
      CaseScript().coded("75710").image(left).complete().image(left, reason: "late entry"),
      "37252×1 planned (case-not-signed); 75710×1 planned (case-not-signed)"),
    RuleRow(
      "coding after the signature does not",
      CaseScript().coded("75710").image(left).complete().coded("75625"),
      "37252×1 billable; 75625×1 billable; 75710×1 billable"),
    RuleRow(
      "without a primary both codes wait, and a release without a code lifts both",
      CaseScript().image(left).image(right).complete().released("add-on-without-primary"),
      "37252×1 billable; 37253×1 billable"),
    RuleRow(
      "a release with a code lifts that code's",
      CaseScript().image(left).image(right).complete()
        .released("add-on-without-primary", "37253"),
      "37252×1 planned (add-on-without-primary); 37253×1 billable"),
    RuleRow(
      "a retracted release lifts nothing",
      CaseScript().image(left).complete().released("add-on-without-primary").retracted(4),
      "37252×1 planned (add-on-without-primary)"),
    RuleRow(
      "a supply is no primary",
      CaseScript().image(left).supply("used", "75710", 1).complete(),
      "37252×1 planned (add-on-without-primary); 75710×1 billable"),
    RuleRow(
      "92979's primary is 92978, also when that waits for its own",
      CaseScript().image("right-coronary-artery").image("left-circumflex-artery").complete(),
      "92978×1 planned (add-on-without-primary); 92979×1 billable"),
    RuleRow(
      "a coronary stent is no primary of peripheral IVUS",
      CaseScript().coded("92928").image(left).complete(),
      "37252×1 planned (add-on-without-primary); 92928×1 billable"),
    RuleRow(
      "36005 is no primary by CMS's list",
      CaseScript(date: "2025-03-02").coded("36005").image(left).modified("36005", "59").complete(),
      "36005-59×1 billable; 37252×1 planned (add-on-without-primary)"),
    RuleRow(
      "what can go out takes the first-vessel code",
      two().image("renal-artery/left").read(right).signed(),
      """
      37252×1 billable; 37253×2 planned (interpretation-missing); 75710×1 billable
      """),
    RuleRow(
      "units that wait and units that go out are two lines",
      two().image("renal-artery/left", stored: false).complete(),
      """
      37252×1 billable; 37253×1 billable; 37253×1 planned (images-not-stored); 75710×1 billable
      """),
    RuleRow(
      "all units wait in one line with all their holds",
      CaseScript().coded("75710").image(left, stored: false).image(right).signed(),
      """
      37252×1 planned (interpretation-missing, images-not-stored); \
      37253×1 planned (interpretation-missing); 75710×1 billable
      """),
    RuleRow(
      "a hold on the whole line keeps its units together",
      two().image("renal-artery/left", stored: false).read(),
      """
      37252×1 planned (case-not-signed); 37253×2 planned (case-not-signed, images-not-stored); \
      75710×1 planned (case-not-signed)
      """),
    RuleRow(
      "a release for one code frees the units of its family",
      two().signed().released("interpretation-missing", "37252"),
      "37252×1 billable; 37253×1 billable; 75710×1 billable"),
    RuleRow(
      "a release for a code of another family frees nothing",
      CaseScript().coded("75710").image(left).signed().released("interpretation-missing", "92978"),
      "37252×1 planned (interpretation-missing); 75710×1 billable"),
    RuleRow(
      "stored images of one look are enough",
      CaseScript().coded("75710").image(left, stored: false).image(left).complete(),
      "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "stored images of one vessel are enough for its group",
      CaseScript().coded("75710").image(left).image("external-iliac-artery/left", stored: false)
        .lesion("A", left, "external-iliac-artery/left").complete(),
      "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "a reading of the vessel without stored images is not enough",
      CaseScript().coded("75710").image(left).image("external-iliac-artery/left", stored: false)
        .lesion("A", left, "external-iliac-artery/left").read("external-iliac-artery/left")
        .signed(),
      "37252×1 planned (interpretation-missing); 75710×1 billable"),
    RuleRow(
      "where no vessel has stored images, a reading of any is one",
      CaseScript().coded("75710").image(left, stored: false)
        .image("external-iliac-artery/left", stored: false)
        .lesion("A", left, "external-iliac-artery/left").read("external-iliac-artery/left")
        .signed(),
      "37252×1 planned (images-not-stored); 75710×1 billable"),
    RuleRow(
      "a reading of the parent or of a segment speaks of the vessel",
      CaseScript().coded("75710").image("common-iliac-artery-distal/left").image(right)
        .read(left, "common-iliac-artery-mid/right").signed(),
      "37252×1 billable; 37253×1 billable; 75710×1 billable"),
    RuleRow(
      "a reading of another segment does not",
      CaseScript().coded("75710").image("common-iliac-artery-distal/left")
        .read("common-iliac-artery-mid/left").signed(),
      "37252×1 planned (interpretation-missing); 75710×1 billable"),
    RuleRow(
      "a reading of the other side does not",
      CaseScript().coded("75710").image(left).read(right).signed(),
      "37252×1 planned (interpretation-missing); 75710×1 billable"),
    RuleRow(
      "a retracted reading speaks of nothing",
      CaseScript().coded("75710").image(left).read().retracted(3).signed(),
      "37252×1 planned (interpretation-missing); 75710×1 billable"),
    RuleRow(
      "the units of all lines of a code count against its limit",
      veins(6).image("small-saphenous-vein/left", stored: false).complete(),
      "37238×1 billable; 37252×1 billable; 37253×6 planned (images-not-stored, mue-exceeded)"),
    RuleRow(
      "units that wait and units that go out keep their modifier",
      two().image("renal-artery/left", stored: false).modified("37253", "59").complete(),
      """
      37252×1 billable; 37253-59×1 billable; 37253-59×1 planned (images-not-stored); \
      75710×1 billable
      """),
    RuleRow(
      "where all wait, for one thing or another, the first imaged takes the first code",
      two().image("renal-artery/left", stored: false).signed().read(left, "renal-artery/left")
        .retracted(6),
      """
      37252×1 planned (case-not-signed, interpretation-missing); \
      37253×2 planned (case-not-signed, interpretation-missing, images-not-stored); \
      75710×1 planned (case-not-signed)
      """),
    RuleRow(
      "a release of missing images frees them alone",
      CaseScript().coded("75710").image(left, stored: false).signed()
        .released("images-not-stored"),
      "37252×1 planned (interpretation-missing); 75710×1 billable"),
    RuleRow(
      "a release for the further code frees the whole family",
      two().signed().released("interpretation-missing", "37253"),
      "37252×1 billable; 37253×1 billable; 75710×1 billable"),
    RuleRow(
      "a release in the heart frees nothing elsewhere",
      two().coded("92928").image("right-coronary-artery", stored: false).complete()
        .released("images-not-stored", "37252"),
      """
      37252×1 billable; 37253×1 billable; 75710×1 billable; 92928×1 billable; \
      92978×1 planned (images-not-stored)
      """),
    RuleRow(
      "a reading of a coronary branch's artery speaks of it",
      CaseScript().coded("92928").image("diagonal-1").image("obtuse-marginal-2")
        .read("left-anterior-descending-artery", "left-circumflex-artery-mid").signed(),
      "92928×1 billable; 92978×1 billable; 92979×1 planned (interpretation-missing)"),
    RuleRow(
      "a release for 92978 leaves 92979 as it was",
      CaseScript().image("right-coronary-artery").image("ramus-intermedius").complete()
        .released("add-on-without-primary", "92978"),
      "92978×1 billable; 92979×1 billable"),
    RuleRow(
      "a primary that waits for the signature carries the add-on",
      two().read(),
      """
      37252×1 planned (case-not-signed); 37253×1 planned (case-not-signed); \
      75710×1 planned (case-not-signed)
      """),
    RuleRow(
      "a retracted primary carries nothing", two().retracted(1).complete(),
      "37252×1 planned (add-on-without-primary); 37253×1 planned (add-on-without-primary)"),
    RuleRow(
      "a stated add-on is not held: no list names its primaries",
      CaseScript().coded("37239").complete(), "37239×1 billable"),
    RuleRow(
      "a payer's other name is the payer",
      CaseScript(payer: "nebraska-blue").coded("37238").image("common-iliac-vein/left")
        .intervention("stent-placement", "common-iliac-vein/left").diagnosed("I871").complete(),
      "37238×1 planned (payer-preauthorization); 37252×1 planned (payer-preauthorization)"),
    RuleRow(
      "only the stent and its imaging wait for the payer",
      CaseScript(payer: "blue-cross-nebraska").coded("37238").coded("75822")
        .image("external-iliac-vein/left").image("renal-vein/left")
        .intervention("stent-placement", "external-iliac-vein/left").complete(),
      """
      37238×1 planned (payer-preauthorization); 37252×1 planned (payer-preauthorization); \
      37253×1 planned (payer-preauthorization); 75822×1 billable
      """),
    RuleRow(
      "a stated stent beside an imaged iliac vein needs it, as does one recorded in another order",
      CaseScript(payer: "blue-cross-nebraska").image("internal-iliac-vein/left").coded("37239")
        .coded("37238").complete(),
      """
      37238×1 planned (payer-preauthorization); 37239×1 planned (payer-preauthorization); \
      37252×1 planned (payer-preauthorization)
      """),
    RuleRow(
      "imaging alone needs none",
      CaseScript(payer: "blue-cross-nebraska").coded("75822").image("common-iliac-vein/left")
        .complete(), "37252×1 billable; 75822×1 billable"),
    RuleRow(
      "nor does a stated stent beside another imaged vein",
      CaseScript(payer: "blue-cross-nebraska").coded("37238").image("femoral-vein/left").complete(),
      "37238×1 billable; 37252×1 billable"),
    RuleRow(
      "one diagnosis of several is enough",
      CaseScript(payer: "blue-cross-nebraska").coded("37238").image("common-iliac-vein/left")
        .intervention("stent-placement", "common-iliac-vein/left").diagnosed("I87.1")
        .diagnosed("I82.4").complete(),
      "37238×1 planned (payer-preauthorization); 37252×1 planned (payer-preauthorization)"),
    RuleRow(
      "balloon angioplasty needs no authorization",
      CaseScript(payer: "blue-cross-nebraska").coded("75822").image("common-iliac-vein/left")
        .intervention("balloon-angioplasty", "common-iliac-vein/left").complete(),
      "37252×1 billable; 75822×1 billable"),
    RuleRow(
      "nor does a stent of an iliac artery",
      CaseScript(payer: "blue-cross-nebraska").coded("75710").image("common-iliac-artery/left")
        .intervention("stent-placement", "common-iliac-artery/left").complete(),
      "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "a payer wants an iliac vein stent authorized",
      CaseScript(payer: "blue-cross-nebraska").coded("37238").image("common-iliac-vein/left")
        .intervention("stent-placement", "common-iliac-vein-distal/left").diagnosed("I87.1")
        .complete(),
      "37238×1 planned (payer-preauthorization); 37252×1 planned (payer-preauthorization)"),
    RuleRow(
      "a release is the note of it",
      CaseScript(payer: "blue-cross-nebraska").coded("37238").image("common-iliac-vein/left")
        .complete().released("payer-preauthorization"),
      "37238×1 billable; 37252×1 billable"),
    RuleRow(
      "a stent elsewhere needs none",
      CaseScript(payer: "blue-cross-nebraska").coded("37238").image("common-iliac-vein/left")
        .intervention("stent-placement", "femoral-vein/left").complete(),
      "37238×1 billable; 37252×1 billable"),
    RuleRow(
      "another diagnosis needs none",
      CaseScript(payer: "blue-cross-nebraska").coded("37238").image("common-iliac-vein/left")
        .intervention("stent-placement", "common-iliac-vein/left").diagnosed("I82.4").complete(),
      "37238×1 billable; 37252×1 billable"),
    RuleRow(
      "another payer asks for none",
      CaseScript(payer: "medicare").coded("37238").image("common-iliac-vein/left")
        .intervention("stent-placement", "common-iliac-vein/left").complete(),
      "37238×1 billable; 37252×1 billable"),
  ]

  @Test(arguments: rows)
  func `follows each rule`(_ row: RuleRow) throws {
    #expect(try row.script.derivation(row.policy).summary == row.expected)
  }

  @Test
  func `name the vessels that wait`() throws {
    let derivation = try Self.two().read(Self.right).signed().derivation()
    let hold = try #require(derivation.lines.first { $0.status == .planned }?.holds.first)
    #expect(hold.vessels.map(\.description) == [Self.left])
  }
}
