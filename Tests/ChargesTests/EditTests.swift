import Charges
import Procedures
import Testing

@Suite
struct `Edits` {
  static let vein = "common-iliac-vein/left"

  static func one(
    _ date: String = "2026-03-02", setting: String = "hospital-outpatient"
  ) -> CaseScript {
    CaseScript(date: date, setting: setting).coded("75822").image(vein)
  }

  static let rows: [RuleRow] =
    ["37191", "37192", "37193", "37197", "33275", "0645T"].map {
      RuleRow(
        "\($0) in column 1 excludes the vessel", one().coded($0).complete(),
        [
          "37252×1 not-billable [ncci-ptp]", "75822×1 billable", "\($0)×1 billable",
        ].sorted().joined(separator: "; "))
    } + [
      RuleRow(
        "both IVUS codes are excluded, and carry no hold when not signed",
        one().image("renal-vein/left").coded("37191").read(),
        """
        37191×1 planned (case-not-signed); 37252×1 not-billable [ncci-ptp]; \
        37253×1 not-billable [ncci-ptp]; 75822×1 planned (case-not-signed)
        """),
      RuleRow(
        "units that lack a reading are not split when an edit excludes the line",
        one().image("renal-vein/left", stored: false).image("renal-vein/right").coded("37191")
          .complete(),
        """
        37191×1 billable; 37252×1 not-billable [ncci-ptp]; 37253×2 not-billable [ncci-ptp]; \
        75822×1 billable
        """),
      RuleRow(
        "a modifier on the other code passes the pair, for both",
        one().image("renal-vein/left").coded("37191").modified("37191", "XS").complete(),
        "37191-XS×1 billable; 37252×1 billable; 37253×1 billable; 75822×1 billable"),
      RuleRow(
        "a modifier passes only the pair of its code",
        one().image("renal-vein/left").coded("37191").modified("37253", "XU").complete(),
        """
        37191×1 billable; 37252×1 not-billable [ncci-ptp]; 37253-XU×1 billable; 75822×1 billable
        """),
      RuleRow(
        "a modifier stated without a reason passes nothing",
        one().coded("37191", "59").complete(),
        "37191-59×1 billable; 37252×1 not-billable [ncci-ptp]; 75822×1 billable"),
      RuleRow(
        "another modifier passes nothing", one().coded("37191").modified("37252", "76").complete(),
        "37191×1 billable; 37252-76×1 not-billable [ncci-ptp]; 75822×1 billable"),
      RuleRow(
        "a retracted modifier passes nothing",
        one().coded("37191").modified("37252", "59").retracted(4).complete(),
        "37191×1 billable; 37252×1 not-billable [ncci-ptp]; 75822×1 billable"),
      RuleRow(
        "a duplex scan is mutually exclusive", one().coded("93978").complete(),
        "37252×1 billable; 75822×1 billable; 93978×1 not-billable [mutually-exclusive]"),
      RuleRow(
        "the limited duplex scan too, and a modifier passes it",
        one().coded("93979").modified("93979", "59").complete(),
        "37252×1 billable; 75822×1 billable; 93979-59×1 billable"),
      RuleRow(
        "IVUS in column 1 excludes the other code",
        one().coded("76000").coded("36005").complete(),
        """
        36005×1 not-billable [ncci-ptp]; 37252×1 billable; 75822×1 billable; 76000×1 billable
        """),
      RuleRow(
        "a pair holds until its last day", one("2017-12-31").coded("76000").complete(),
        "37252×1 billable; 75822×1 billable; 76000×1 not-billable [ncci-ptp]"),
      RuleRow(
        "indicator 0 lets no modifier pass",
        one().coded("36000").modified("36000", "59").coded("01916").modified("01916", "59")
          .complete(),
        """
        01916-59×1 not-billable [ncci-ptp]; 36000-59×1 billable; 37252×1 billable; 75822×1 billable
        """),
      RuleRow(
        "a code that is kept off excludes no other",
        one().coded("37191").coded("93978").complete(),
        """
        37191×1 billable; 37252×1 not-billable [ncci-ptp]; 75822×1 billable; 93978×1 billable
        """),
      RuleRow(
        "a code that an edit excludes is no primary",
        CaseScript().coded("36000").coded("36005").image(vein).complete(),
        """
        36000×1 not-billable [ncci-ptp]; 36005×1 not-billable [ncci-ptp]; \
        37252×1 planned (add-on-without-primary)
        """),
      RuleRow(
        "also when the list of primaries names it",
        CaseScript(date: "2017-12-31").coded("77001").image(vein).complete(),
        "37252×1 planned (add-on-without-primary); 77001×1 not-billable [ncci-ptp]"),
      RuleRow(
        "and is one when the pair is over",
        CaseScript(date: "2018-01-01").coded("77001").image(vein).complete(),
        "37252×1 billable; 77001×1 billable"),
      RuleRow(
        "or a modifier passes it",
        CaseScript(date: "2017-12-31").coded("77001").image(vein).modified("77001", "59")
          .complete(),
        "37252×1 billable; 77001-59×1 billable"),
      RuleRow(
        "leg codes of before 2026 are not in force then, and are no primaries",
        CaseScript(date: "2026-01-01").coded("37221").image(vein).complete(),
        "37221×1 not-billable [code-not-active]; 37252×1 planned (add-on-without-primary)"),
      RuleRow(
        "on their last day they are",
        CaseScript(date: "2025-12-31").coded("37221").image(vein).complete(),
        "37221×1 billable; 37252×1 billable"),
      RuleRow(
        "leg codes of 2026 are not in force before",
        CaseScript(date: "2025-12-31").coded("37254").coded("75710").image(vein).complete(),
        "37252×1 billable; 37254×1 not-billable [code-not-active]; 75710×1 billable"),
      RuleRow(
        "C9754 is not in force after June 2020, and excludes nothing",
        one("2020-07-01").coded("C9754").complete(),
        "37252×1 billable; 75822×1 billable; C9754×1 not-billable [code-not-active]"),
      RuleRow(
        "C9755 excludes until June 2020", one("2020-06-30").coded("C9755").complete(),
        "37252×1 not-billable [ncci-ptp]; 75822×1 billable; C9755×1 billable"),
      RuleRow(
        "26 and TC do not apply to noncoronary IVUS; the lines stand",
        one().image("renal-vein/left").modified("37253", "TC").modified("37252", "26").complete(),
        """
        37252-26×1 billable [modifier-not-applicable]; \
        37253-TC×1 billable [modifier-not-applicable]; 75822×1 billable
        """),
      RuleRow(
        "26 applies to coronary imaging",
        CaseScript().coded("92928").image("right-coronary-artery").modified("92978", "26")
          .complete(),
        "92928×1 billable; 92978-26×1 billable"),
      RuleRow(
        "50 applies to no add-on, and to other codes",
        one().coded("37238", "50").coded("37239", "50").modified("37252", "50").complete(),
        """
        37238-50×1 billable; 37239-50×1 billable [modifier-not-applicable]; \
        37252-50×1 billable [modifier-not-applicable]; 75822×1 billable
        """),
      RuleRow(
        "a side does not apply to an unpaired vessel",
        CaseScript().coded("75822").image("inferior-vena-cava").image(vein)
          .modified("37252", "LT").modified("37253", "LT").complete(),
        """
        37252-LT×1 billable [modifier-not-applicable]; 37253-LT×1 billable; 75822×1 billable
        """),
      RuleRow(
        "a supply excludes nothing, and nothing excludes it",
        one().supply("used", "37191", 1).supply("used", "93978", 1).complete(),
        "37191×1 billable; 37252×1 billable; 75822×1 billable; 93978×1 billable"),
      RuleRow(
        "a side applies where the vessel has one, also when it is the other",
        one().modified("37252", "LT").modified("37252", "RT").complete(),
        "37252-LT-RT×1 billable; 75822×1 billable"),
      RuleRow(
        "a side does not apply to a coronary artery",
        CaseScript().coded("92928").image("right-coronary-artery").modified("92978", "RT")
          .complete(),
        "92928×1 billable; 92978-RT×1 billable [modifier-not-applicable]"),
      RuleRow(
        "TC does not apply to the first, 26 not to the further, noncoronary vessel",
        one().image("renal-vein/left").modified("37252", "TC").modified("37253", "26").complete(),
        """
        37252-TC×1 billable [modifier-not-applicable]; \
        37253-26×1 billable [modifier-not-applicable]; 75822×1 billable
        """),
      RuleRow(
        "TC applies to coronary imaging",
        CaseScript().coded("92928").image("right-coronary-artery").image("ramus-intermedius")
          .modified("92978", "TC").modified("92979", "26").complete(),
        "92928×1 billable; 92978-TC×1 billable; 92979-26×1 billable"),
      RuleRow(
        "50 applies to no counted code",
        one().image("renal-vein/left").modified("37253", "50").coded("92928")
          .image("right-coronary-artery").image("ramus-intermedius").modified("92978", "50")
          .modified("92979", "50").complete(),
        """
        37252×1 billable; 37253-50×1 billable [modifier-not-applicable]; 75822×1 billable; \
        92928×1 billable; 92978-50×1 billable [modifier-not-applicable]; \
        92979-50×1 billable [modifier-not-applicable]
        """),
      RuleRow(
        "nor before 2016",
        CaseScript(date: "2015-06-30").image(vein).modified("37250", "50").modified("75945", "50")
          .complete(),
        """
        37250-50×1 billable [modifier-not-applicable]; 75945-50×1 billable [modifier-not-applicable]
        """),
      RuleRow(
        "a counted line has the limit, too",
        ["59", "LT", "76", "GC", "KX"].reduce(one()) { $0.modified("37252", $1) }.complete(),
        "37252-59-LT-76-GC-KX×1 billable [modifier-limit]; 75822×1 billable"),
      RuleRow(
        "an edit of a modifier does not lift a hold, nor hold a line",
        one().modified("37252", "26").read(),
        """
        37252-26×1 planned (case-not-signed) [modifier-not-applicable]; \
        75822×1 planned (case-not-signed)
        """),
      RuleRow(
        "an excluded line carries its modifiers' edits as well",
        one().coded("37191").modified("37252", "26").complete(),
        """
        37191×1 billable; 37252-26×1 not-billable [ncci-ptp, modifier-not-applicable]; \
        75822×1 billable
        """),
      RuleRow(
        "a code that is not in force is excluded for that alone",
        one().coded("37220").coded("93978", "59").complete(),
        """
        37220×1 not-billable [code-not-active]; 37252×1 billable; 75822×1 billable; \
        93978-59×1 not-billable [mutually-exclusive]
        """),
      RuleRow(
        "four modifiers are a line's limit",
        one().coded("37238", "59", "LT", "76", "GC").coded("37239", "59", "LT", "76", "GC", "KX")
          .complete(),
        """
        37238-59-LT-76-GC×1 billable; 37239-59-LT-76-GC-KX×1 billable [modifier-limit]; \
        37252×1 billable; 75822×1 billable
        """),
    ]

  @Test(arguments: rows)
  func `follows each rule`(_ row: RuleRow) throws {
    #expect(try row.script.derivation(row.policy).summary == row.expected)
  }

  @Test
  func `each says why, with the vessels where it concerns some`() throws {
    let derivation = try CaseScript().coded("75822").image("inferior-vena-cava")
      .modified("37252", "LT").complete().derivation()
    let edit = try #require(derivation.lines.first?.edits.first)
    #expect(edit.because.hasPrefix("LT does not apply to 37252: the vessel has no left and right"))
    #expect(edit.vessels.map(\.description) == ["inferior-vena-cava"])
  }
}
