import Procedures

extension CaseScript {
  /// A stent in a coronary artery; one in five is imaged from within.
  static let coronary = CaseScript(
    planned: "coronary angiogram and stent",
    rows: [
      .at(3, .access("radial-artery", french: 6)),
      .at(1, .supply("radial sheath 6 F", code: "C1894")),
      .at(1, .drug("heparin", 5_000...8_000, by: 1_000, "[IU]", route: "intra-arterial")),
      .at(3, .angiogram("left-main-coronary-artery")),
      .at(2, .angiogram("right-coronary-artery")),
      .at(2, .started("coronary intervention")),
      .at(1, .supply("guide wire 0.014 in", code: "C1769")),
      .at(2, .lesion("LAD", ["left-anterior-descending-artery-proximal"])),
      .sometimes(
        percent: 20,
        [
          .at(2, .supply("IVUS catheter", code: "C1753")),
          .at(1, .device("IVUS catheter", "left-anterior-descending-artery")),
          .at(2, .look("left-anterior-descending-artery-proximal", .preIntervention)),
          .at(1, .measured("left-anterior-descending-artery-proximal", .lumenArea, 21...48, "mm2")),
          .sometimes(percent: 55, [.at(2, .look("left-main-coronary-artery"))]),
          .sometimes(percent: 25, [.at(3, .look("left-circumflex-artery-proximal"))]),
        ]),
      .sometimes(
        percent: 3,
        [
          .at(
            2, .image(.opticalCoherence, "left-anterior-descending-artery-mid", .preIntervention)),
          .at(1, .measured("left-anterior-descending-artery-mid", .diameter, 22...38, "mm")),
        ]),
      .at(4, .supply("coronary balloon 2.5 x 15", code: "C1725")),
      .at(
        2,
        .treated(
          "balloon-angioplasty", "left-anterior-descending-artery-proximal",
          with: "coronary balloon 2.5 x 15", lesion: "LAD")),
      .at(3, .supply("coronary stent 3.0 x 24", code: "C1874")),
      .at(
        2,
        .treated(
          "stent-placement", "left-anterior-descending-artery-proximal",
          with: "coronary stent 3.0 x 24", lesion: "LAD")),
      .sometimesOnceImaged(
        percent: 80,
        [
          .at(3, .after("left-anterior-descending-artery-proximal")),
          .at(1, .measured("left-anterior-descending-artery-proximal", .lumenArea, 55...92, "mm2")),
        ]),
      .at(2, .image(.angiography, "left-anterior-descending-artery", .postIntervention)),
      .at(2, .ended("coronary intervention")),
      .at(2, .closure("radial-artery", "compression band")),
    ],
    neighbours: [
      "left-main-coronary-artery", "left-anterior-descending-artery-proximal",
    ],
    procedures: [
      StatedProcedure("92928"), StatedProcedure("93458", percent: 70),
    ],
    diagnoses: ["I25.10", "I25.110", "I21.4"],
    modifier: .named("LD", on: "92928", because: "stent of the left anterior descending artery"))

  /// An endograft of the abdominal aorta, the landing zones measured by IVUS.
  static let aorta = CaseScript(
    planned: "endograft of the abdominal aorta",
    rows: [
      .at(4, .access("common-femoral-artery", french: 16)),
      .at(3, .access("common-femoral-artery other", french: 12)),
      .at(1, .supply("sheath 16 F", code: "C1894")),
      .at(2, .drug("heparin", 6_000...9_000, by: 1_000, "[IU]", route: "intravenous")),
      .at(4, .angiogram("abdominal-aorta")),
      .at(2, .supply("IVUS catheter 0.035 in", code: "C1753")),
      .at(2, .device("IVUS catheter", "abdominal-aorta")),
      .at(4, .look("abdominal-aorta-infrarenal")),
      .at(1, .measured("abdominal-aorta-infrarenal", .diameter, 190...270, "mm")),
      .at(3, .look("common-iliac-artery")),
      .at(1, .measured("common-iliac-artery", .diameter, 100...160, "mm")),
      .at(4, .look("common-iliac-artery other")),
      .sometimes(
        percent: 40,
        [.at(3, .look("external-iliac-artery")), .at(3, .look("external-iliac-artery other"))]),
      .sometimes(percent: 12, [.at(4, .look("descending-thoracic-aorta"))]),
      .at(4, .started("endograft placement")),
      .at(6, .supply("endograft main body", code: nil)),
      .at(
        8,
        .treated("endograft-placement", "abdominal-aorta-infrarenal", with: "endograft main body")),
      .at(6, .supply("endograft limb", code: nil)),
      .at(6, .treated("endograft-placement", "common-iliac-artery", with: "endograft limb")),
      .sometimes(percent: 50, [.at(5, .look("aortic-endograft", .postIntervention))]),
      .at(4, .image(.angiography, "abdominal-aorta", .postIntervention)),
      .at(3, .ended("endograft placement")),
      .at(6, .closure("common-femoral-artery", "suture")),
      .at(4, .closure("common-femoral-artery other", "suture")),
    ],
    neighbours: ["abdominal-aorta-infrarenal", "common-iliac-artery"],
    procedures: [StatedProcedure("34705"), StatedProcedure("36200")],
    diagnoses: ["I71.40", "I71.43"],
    modifier: .named("50", on: "36200", because: "catheters from both groins"))
}
