import Procedures

extension CaseScript {
  /// An iliac vein compressed by its artery: IVUS from the femoral vein up to the cava, a stent, and
  /// a look at the result.
  static let iliacVein = CaseScript(
    planned: "iliac vein stent",
    rows: [
      .at(4, .access("popliteal-vein", french: 8)),
      .at(1, .supply("sheath 8 F", code: "C1894")),
      .at(2, .drug("heparin", 5_000...8_000, by: 1_000, "[IU]", route: "intravenous")),
      .at(4, .angiogram("common-iliac-vein")),
      .at(2, .supply("IVUS catheter 0.035 in", code: "C1753")),
      .at(2, .device("IVUS catheter", "common-iliac-vein")),
      .sometimes(percent: 55, [.at(3, .look("inferior-vena-cava-infrarenal"))]),
      .at(3, .look("common-iliac-vein")),
      .at(1, .measured("common-iliac-vein", .lumenArea, 380...920, "mm2")),
      .at(2, .look("external-iliac-vein")),
      .at(1, .measured("external-iliac-vein", .lumenArea, 700...1_350, "mm2")),
      .sometimes(percent: 60, [.at(2, .look("common-femoral-vein"))]),
      .sometimes(percent: 15, [.at(2, .look("femoral-vein-proximal"))]),
      .sometimes(
        percent: 18,
        [
          .at(6, .access("popliteal-vein other", french: 8)),
          .at(4, .look("common-iliac-vein other")),
          .at(2, .look("external-iliac-vein other")),
        ]),
      .at(3, .started("iliac vein stent")),
      .at(3, .supply("balloon 14 x 60", code: "C1725")),
      .at(2, .treated("balloon-angioplasty", "common-iliac-vein", with: "balloon 14 x 60")),
      .at(3, .supply("venous stent 16 x 100", code: "C1876")),
      .at(3, .treated("stent-placement", "common-iliac-vein", with: "venous stent 16 x 100")),
      .at(3, .after("common-iliac-vein")),
      .at(1, .measured("common-iliac-vein", .lumenArea, 1_400...2_100, "mm2")),
      .sometimes(percent: 45, [.at(2, .after("external-iliac-vein"))]),
      .at(2, .withdrawn("IVUS catheter", "common-iliac-vein")),
      .at(2, .image(.angiography, "common-iliac-vein", .postIntervention)),
      .at(2, .ended("iliac vein stent")),
      .at(4, .closure("popliteal-vein", "manual compression")),
    ],
    neighbours: ["common-iliac-vein", "external-iliac-vein"],
    procedures: [StatedProcedure("37238"), StatedProcedure("75820", percent: 50)],
    diagnoses: ["I87.1", "I87.002"],
    modifier: .side)

  /// A filter of the cava, placed under IVUS; the pair edit then keeps IVUS off the claim, unless it
  /// answered another question.
  static let filter = CaseScript(
    planned: "vena cava filter",
    rows: [
      .at(4, .access("common-femoral-vein", french: 10)),
      .at(1, .supply("sheath 10 F", code: "C1894")),
      .at(3, .angiogram("inferior-vena-cava")),
      .at(1, .supply("IVUS catheter 0.035 in", code: "C1753")),
      .at(3, .look("inferior-vena-cava-infrarenal")),
      .at(1, .measured("inferior-vena-cava-infrarenal", .diameter, 160...270, "mm")),
      .sometimes(percent: 35, [.at(2, .look("common-iliac-vein"))]),
      .sometimes(percent: 15, [.at(2, .look("renal-vein"))]),
      .at(2, .started("filter placement")),
      .at(2, .supply("vena cava filter", code: "C1880")),
      .at(
        3,
        .treated("filter-insertion", "inferior-vena-cava-infrarenal", with: "vena cava filter")),
      .sometimes(percent: 40, [.at(2, .after("inferior-vena-cava-infrarenal"))]),
      .at(2, .ended("filter placement")),
      .at(3, .closure("common-femoral-vein", "manual compression")),
    ],
    neighbours: ["inferior-vena-cava-infrarenal", "common-iliac-vein"],
    procedures: [StatedProcedure("37191"), StatedProcedure("75825", percent: 40)],
    diagnoses: ["I82.402", "I26.99"],
    modifier: .named("59", on: "37252", because: "iliac stenosis measured apart from the filter"))

  /// A dialysis access that clots or runs slowly: balloon of its outflow, up to the central veins.
  static let dialysis = CaseScript(
    planned: "dialysis access angioplasty",
    rows: [
      .at(3, .access("dialysis-av-fistula", french: 6)),
      .at(1, .supply("sheath 6 F short", code: "C1894")),
      .at(2, .angiogram("dialysis-av-fistula")),
      .at(2, .angiogram("brachiocephalic-vein")),
      .at(2, .started("dialysis access angioplasty")),
      .sometimes(
        percent: 22,
        [
          .at(2, .supply("IVUS catheter 0.035 in", code: "C1753")),
          .at(2, .look("cephalic-arch")),
          .at(1, .measured("cephalic-arch", .diameter, 28...66, "mm")),
          .sometimes(percent: 60, [.at(2, .look("subclavian-vein"))]),
          .sometimes(percent: 50, [.at(2, .look("brachiocephalic-vein"))]),
          .sometimes(percent: 20, [.at(2, .look("superior-vena-cava"))]),
        ]),
      .at(2, .supply("high-pressure balloon 8 x 40", code: "C1725")),
      .at(
        3, .treated("balloon-angioplasty", "cephalic-arch", with: "high-pressure balloon 8 x 40")),
      .sometimesOnceImaged(percent: 50, [.at(2, .after("cephalic-arch"))]),
      .at(2, .image(.angiography, "dialysis-av-fistula", .postIntervention)),
      .at(2, .ended("dialysis access angioplasty")),
      .at(3, .closure("dialysis-av-fistula", "suture")),
    ],
    neighbours: ["cephalic-arch", "subclavian-vein"],
    procedures: [StatedProcedure("36902")],
    diagnoses: ["T82.858A", "N18.6"],
    modifier: .side)
}
