import Charges
import Procedures
import Testing

@Suite
struct `Counting vessels` {
  static let angiogram = CaseScript().coded("75710")

  static func looking(at vessel: String, lesion: String) -> JSON {
    [
      "modality": "IVUS", "vessel": .string(vessel), "side": "left", "phase": "diagnostic",
      "imagesStored": true, "lesion": .string(lesion),
    ]
  }

  static let rows: [RuleRow] = [
    RuleRow(
      "left and right are two vessels",
      angiogram.image("common-iliac-artery/left").image("common-iliac-artery/right").complete(),
      "37252×1 billable; 37253×1 billable; 75710×1 billable"),
    RuleRow(
      "an angiogram never counts", angiogram.image("renal-artery/left", modality: "XA").complete(),
      "75710×1 billable"),
    RuleRow(
      "OCT does not count outside the heart",
      angiogram.image("renal-artery/left", modality: "OCT").complete(), "75710×1 billable"),
    RuleRow(
      "OCT and IVUS of one coronary artery are one",
      CaseScript().coded("92928").image("right-coronary-artery", modality: "OCT")
        .image("right-coronary-artery-mid").complete(),
      "92928×1 billable; 92978×1 billable"),
    RuleRow(
      "a branch of a coronary artery belongs to it, the ramus and the left main are their own",
      CaseScript().coded("92928").image("left-anterior-descending-artery").image("diagonal-1")
        .image("ramus-intermedius").image("left-main-coronary-artery").complete(),
      "92928×1 billable; 92978×1 billable; 92979×2 billable"),
    RuleRow(
      "a lesion joins coronary vessels too",
      CaseScript().coded("92928").image("left-main-coronary-artery")
        .image("left-anterior-descending-artery")
        .lesion("L1", "left-main-coronary-artery", "left-anterior-descending-artery-proximal")
        .complete(),
      "92928×1 billable; 92978×1 billable"),
    RuleRow(
      "a chain of lesions joins all its vessels",
      angiogram.image("common-iliac-artery/left").image("external-iliac-artery/left")
        .image("common-femoral-artery/left")
        .lesion("A", "common-iliac-artery/left", "external-iliac-artery/left")
        .lesion("B", "external-iliac-artery/left", "common-femoral-artery/left").complete(),
      "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "a chain over a vessel that was not imaged joins nothing",
      angiogram.image("common-iliac-artery/left").image("common-femoral-artery/left")
        .lesion("A", "common-iliac-artery/left", "external-iliac-artery/left")
        .lesion("B", "external-iliac-artery/left", "common-femoral-artery/left").complete(),
      "37252×1 billable; 37253×1 billable; 75710×1 billable"),
    RuleRow(
      "one lesion over a vessel that was not imaged still joins the two that were",
      angiogram.image("common-iliac-artery/left").image("common-femoral-artery/left")
        .lesion(
          "A", "common-iliac-artery/left", "external-iliac-artery/left",
          "common-femoral-artery/left"
        ).complete(),
      "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "a lesion named in two entries lies in the vessels of both",
      angiogram.image("common-iliac-artery/left").image("external-iliac-artery/left")
        .lesion("A", "common-iliac-artery/left").lesion("A", "external-iliac-artery/left")
        .complete(),
      "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "separate lesions in separate vessels count each",
      angiogram.image("common-iliac-artery/left").image("external-iliac-artery/left")
        .lesion("A", "common-iliac-artery/left").lesion("B", "external-iliac-artery/left")
        .complete(),
      "37252×1 billable; 37253×1 billable; 75710×1 billable"),
    RuleRow(
      "a lesion that is retracted joins nothing",
      angiogram.image("common-iliac-artery/left").image("external-iliac-artery/left")
        .lesion("A", "common-iliac-artery/left", "external-iliac-artery/left").retracted(4)
        .complete(),
      "37252×1 billable; 37253×1 billable; 75710×1 billable"),
    RuleRow(
      "a lesion named by its segments joins the vessels",
      angiogram.image("common-iliac-artery-distal/left").image("external-iliac-artery/left")
        .lesion("A", "common-iliac-artery/left", "external-iliac-artery-proximal/left").complete(),
      "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "named vessels: external iliac and common femoral are two",
      angiogram.image("external-iliac-artery/left").image("common-femoral-artery/left").complete(),
      "37252×1 billable; 37253×1 billable; 75710×1 billable"),
    RuleRow(
      "SIR: external iliac and common femoral artery are one, of a side",
      angiogram.image("external-iliac-artery/left").image("common-femoral-artery/left")
        .image("common-femoral-artery/right").complete(),
      policy: "sir", "37252×1 billable; 37253×1 billable; 75710×1 billable"),
    RuleRow(
      "SIR: femoral and popliteal are one, profunda is another",
      angiogram.image("superficial-femoral-artery/left").image("popliteal-artery/left")
        .image("profunda-femoris-artery/left").complete(),
      policy: "sir", "37252×1 billable; 37253×1 billable; 75710×1 billable"),
    RuleRow(
      "SIR: tibial veins are one",
      angiogram.image("anterior-tibial-vein/left").image("posterior-tibial-vein/left")
        .image("peroneal-vein/left").complete(),
      policy: "sir", "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "SIR: a lesion joins what the policy groups",
      angiogram.image("common-iliac-artery/left").image("external-iliac-artery/left")
        .image("common-femoral-artery/left")
        .lesion("A", "common-iliac-artery/left", "external-iliac-artery/left").complete(),
      policy: "sir", "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "SCAI: the tibioperoneal trunk alone counts",
      angiogram.image("tibioperoneal-trunk/left").complete(),
      policy: "scai-2026", "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "SCAI: the trunk yields to a tibial artery of its side",
      angiogram.image("tibioperoneal-trunk/left").image("peroneal-artery/left").complete(),
      policy: "scai-2026", "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "SCAI: the trunk does not yield to the other side",
      angiogram.image("tibioperoneal-trunk/left").image("peroneal-artery/right").complete(),
      policy: "scai-2026", "37252×1 billable; 37253×1 billable; 75710×1 billable"),
    RuleRow(
      "SCAI: a tibial artery that was only seen by angiography does not count against the trunk",
      angiogram.image("tibioperoneal-trunk/left").image("peroneal-artery/left", modality: "XA")
        .complete(),
      policy: "scai-2026", "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "a corrected vessel counts as corrected",
      angiogram.image("renal-artery/left").image("renal-artery/right")
        .corrected(3, CaseScript.imageData("renal-artery/left")).complete(),
      "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "a retracted retraction counts again",
      angiogram.image("renal-artery/left").retracted(2).retracted(3).complete(),
      "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "the last day of the older codes",
      CaseScript(date: "2015-12-31").coded("75710").image("renal-artery/left").complete(),
      "37250×1 billable; 75710×1 billable; 75945×1 billable"),
    RuleRow(
      "the first day of the newer codes",
      CaseScript(date: "2016-01-01").coded("75710").image("renal-artery/left").complete(),
      "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "ultrasound from outside never counts",
      angiogram.image("renal-artery/left", modality: "US").complete(), "75710×1 billable"),
    RuleRow(
      "passing through without imaging does not",
      angiogram.image("renal-artery/left").step(
        "device-inserted", ["device": "wire", "vessel": "renal-artery", "side": "right"]
      ).step(
        "measurement-recorded",
        [
          "vessel": "renal-artery", "side": "right", "measure": "diameter", "value": 5,
          "unit": "mm",
        ]
      ).complete(), "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "arteries and veins follow the same rules, and count together",
      angiogram.image("renal-artery/left").image("renal-vein/left").image("renal-vein/right")
        .complete(), "37252×1 billable; 37253×2 billable; 75710×1 billable"),
    RuleRow(
      "thoracic and abdominal aorta are two",
      angiogram.image("descending-thoracic-aorta").image("abdominal-aorta-infrarenal")
        .image("aortic-bifurcation").complete(),
      "37252×1 billable; 37253×1 billable; 75710×1 billable"),
    RuleRow(
      "images that name the same lesion are not joined by that",
      angiogram.lesion("A", "common-iliac-artery/left")
        .step("image-acquired", looking(at: "common-iliac-artery", lesion: "A"))
        .step("image-acquired", looking(at: "external-iliac-artery", lesion: "A")).complete(),
      "37252×1 billable; 37253×1 billable; 75710×1 billable"),
    RuleRow(
      "a vessel that was only seen by OCT is not joined, nor joins",
      angiogram.image("common-iliac-artery/left").image("common-femoral-artery/left")
        .image("external-iliac-artery/left", modality: "OCT")
        .lesion("A", "common-iliac-artery/left", "external-iliac-artery/left")
        .lesion("B", "external-iliac-artery/left", "common-femoral-artery/left").complete(),
      "37252×1 billable; 37253×1 billable; 75710×1 billable"),
    RuleRow(
      "a chain may run from side to side over what lies between",
      angiogram.image("common-iliac-artery/left").image("abdominal-aorta")
        .image("common-iliac-artery/right").lesion(
          "B", "abdominal-aorta", "common-iliac-artery/right"
        )
        .lesion("A", "common-iliac-artery/left", "abdominal-aorta").complete(),
      "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "a chain of three lesions, declared before any image",
      angiogram.lesion("A", "common-iliac-vein/left", "inferior-vena-cava")
        .lesion("C", "external-iliac-vein/left", "common-femoral-vein/left")
        .lesion("B", "common-iliac-vein/left", "external-iliac-vein/left")
        .image("common-femoral-vein/left").image("inferior-vena-cava")
        .image("external-iliac-vein/left").image("common-iliac-vein/left").complete(),
      "37252×1 billable; 75710×1 billable"),
    RuleRow(
      "a lesion of the other side joins nothing here",
      angiogram.image("common-iliac-artery/left").image("external-iliac-artery/left")
        .lesion("A", "common-iliac-artery/right", "external-iliac-artery/right").complete(),
      "37252×1 billable; 37253×1 billable; 75710×1 billable"),
    RuleRow(
      "a lesion over heart and body joins within each alone",
      angiogram.coded("92928").image("right-coronary-artery").image("ascending-aorta")
        .lesion("A", "right-coronary-artery-ostium", "ascending-aorta").complete(),
      "37252×1 billable; 75710×1 billable; 92928×1 billable; 92978×1 billable"),
    RuleRow(
      "coronary vessels take no first place from the others, nor raise them",
      angiogram.coded("92928").image("right-coronary-artery", minute: 1)
        .image("ramus-intermedius", minute: 2).image("renal-artery/left", minute: 9).complete(),
      """
      37252×1 billable; 75710×1 billable; 92928×1 billable; 92978×1 billable; 92979×1 billable
      """),
    RuleRow(
      "two vessels before 2016 are four lines",
      CaseScript(date: "2015-12-31").coded("75710").image("renal-artery/left")
        .image("renal-artery/right").image("splenic-vein").complete(),
      """
      37250×1 billable; 37251×2 billable; 75710×1 billable; 75945×1 billable; 75946×2 billable
      """),
    RuleRow(
      "a cancelled case derives nothing",
      angiogram.image("renal-artery/left").complete().cancelled(), ""),
  ]

  @Test(arguments: rows)
  func `follows each rule`(_ row: RuleRow) throws {
    #expect(try row.script.derivation(row.policy).summary == row.expected)
  }

  @Test
  func `the first is the first by time, then by version`() throws {
    let derivation = try CaseScript().coded("75710").image("renal-artery/left", minute: 9)
      .image("renal-artery/right", minute: 5).image("common-iliac-artery/left", minute: 5)
      .complete().derivation()
    let first = try #require(derivation.lines.first { $0.code.text == "37252" })
    #expect(first.counted.map(\.group) == ["renal-artery/right"])
    let further = try #require(derivation.lines.first { $0.code.text == "37253" })
    #expect(further.counted.map(\.group) == ["common-iliac-artery/left", "renal-artery/left"])
  }

  @Test
  func `a unit names its vessels, and its entries by time, then version`() throws {
    let script = CaseScript().coded("75710").image("common-iliac-artery-distal/left", minute: 9)
      .image("external-iliac-artery/left", minute: 5).image("common-iliac-artery/left", minute: 5)
      .lesion("A", "common-iliac-artery/left", "external-iliac-artery/left").complete()
    let line = try #require(try script.derivation().lines.first)
    let unit = try #require(line.counted.first)
    #expect(unit.group == "common-iliac-artery/left+external-iliac-artery/left")
    #expect(
      unit.vessels.map(\.description) == ["common-iliac-artery/left", "external-iliac-artery/left"])
    #expect(unit.entries == [script.entryID(3), script.entryID(4), script.entryID(2)])
    #expect(
      line.because.map(\.rule) == [
        "first-noncoronary-vessel", "vessel-counts-once", "segment-belongs-to-vessel",
        "lesion-across-vessels",
      ])
  }

  @Test
  func `a chain of lesions is cited just where no one lesion suffices`() throws {
    let iliacs = CaseScript().image("common-iliac-vein/left").image("external-iliac-vein/left")
      .image("common-femoral-vein/left")
    func rules(_ script: CaseScript) throws -> Set<String> {
      Set(try script.derivation().lines.flatMap(\.because).map(\.rule))
    }
    let chained = iliacs.lesion("A", "common-iliac-vein/left", "external-iliac-vein/left")
      .lesion("B", "external-iliac-vein/left", "common-femoral-vein/left")
    #expect(try rules(chained).isSuperset(of: ["lesion-across-vessels", "lesions-in-a-chain"]))
    let whole = chained.lesion(
      "C", "common-iliac-vein/left", "external-iliac-vein/left", "common-femoral-vein/left")
    #expect(try rules(whole).contains("lesion-across-vessels"))
    #expect(try !rules(whole).contains("lesions-in-a-chain"))
  }

  @Test
  func `a group for which no source was found is cited as assumed`() throws {
    let script = CaseScript().coded("75710").image("anterior-tibial-vein/left")
      .image("peroneal-vein/left").complete()
    let line = try #require(try script.derivation("sir").lines.first)
    let citation = try #require(line.because.first { $0.rule == "policy-sir" })
    #expect(citation.isAssumed)
    #expect(citation.json.compactText.contains(#""assumed":true"#))
  }
}
