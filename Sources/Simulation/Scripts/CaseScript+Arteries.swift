import Procedures

extension CaseScript {
  /// Leg arteries, from the iliac down; about one in eight is imaged from within.
  static let legArtery = CaseScript(
    planned: "leg artery revascularization",
    rows: [
      .at(4, .access("common-femoral-artery other", french: 6)),
      .at(1, .supply("sheath 6 F x 45", code: "C1894")),
      .at(2, .drug("heparin", 4_000...7_000, by: 1_000, "[IU]", route: "intra-arterial")),
      .at(4, .angiogram("abdominal-aorta")),
      .at(3, .angiogram("superficial-femoral-artery")),
      .at(2, .started("leg artery revascularization")),
      .at(2, .supply("guide wire 0.018 in", code: "C1769")),
      .at(4, .lesion("SFA", ["superficial-femoral-artery-mid"])),
      .sometimes(
        percent: 12,
        [
          .at(3, .supply("IVUS catheter 0.018 in", code: "C1753")),
          .at(2, .device("IVUS catheter", "superficial-femoral-artery")),
          .at(3, .look("superficial-femoral-artery-mid", .preIntervention)),
          .at(1, .measured("superficial-femoral-artery-mid", .diameter, 45...62, "mm")),
          .at(2, .measured("superficial-femoral-artery-mid", .plaqueBurden, 480...860, "%")),
          .sometimes(percent: 55, [.at(2, .look("popliteal-artery-p1"))]),
          .sometimes(percent: 40, [.at(3, .look("common-femoral-artery"))]),
          .sometimes(
            percent: 30,
            [
              .at(3, .look("external-iliac-artery")), .at(2, .look("common-iliac-artery")),
            ]),
          .sometimes(
            percent: 20,
            [
              .at(4, .look("tibioperoneal-trunk")),
              .at(3, .look("posterior-tibial-artery-proximal")),
            ]),
        ]),
      .sometimes(
        percent: 25,
        [
          .at(3, .supply("atherectomy catheter", code: "C1714")),
          .at(
            6,
            .treated(
              "atherectomy", "superficial-femoral-artery-mid", with: "atherectomy catheter",
              lesion: "SFA")),
        ]),
      .at(4, .supply("balloon 5 x 120", code: "C1725")),
      .at(
        3,
        .treated(
          "balloon-angioplasty", "superficial-femoral-artery-mid", with: "balloon 5 x 120",
          lesion: "SFA")),
      .sometimesOnceImaged(percent: 70, [.at(4, .after("superficial-femoral-artery-mid"))]),
      .at(3, .image(.angiography, "superficial-femoral-artery", .postIntervention)),
      .at(2, .ended("leg artery revascularization")),
      .at(4, .closure("common-femoral-artery other", "suture")),
    ],
    neighbours: ["superficial-femoral-artery-mid", "popliteal-artery-p1"],
    procedures: [
      StatedProcedure("37224", years: 0...2025), StatedProcedure("37263", years: 2026...9999),
      StatedProcedure("75710", percent: 60),
    ],
    diagnoses: ["I70.211", "I70.221", "I70.245"],
    modifier: .side)

  /// A renal artery, measured before it is stented.
  static let renal = CaseScript(
    planned: "renal artery stent",
    rows: [
      .at(4, .access("common-femoral-artery", french: 6)),
      .at(1, .supply("sheath 6 F", code: "C1894")),
      .at(2, .drug("heparin", 4_000...6_000, by: 1_000, "[IU]", route: "intra-arterial")),
      .at(4, .angiogram("renal-artery")),
      .at(2, .angiogram("renal-artery other")),
      .at(2, .started("renal artery intervention")),
      .at(2, .supply("guide wire 0.014 in", code: "C1769")),
      .sometimes(
        percent: 55,
        [
          .at(3, .supply("IVUS catheter", code: "C1753")),
          .at(3, .look("renal-artery-proximal", .preIntervention)),
          .at(1, .measured("renal-artery-proximal", .lumenArea, 30...95, "mm2")),
          .sometimes(percent: 45, [.at(3, .look("renal-artery-proximal other"))]),
          .sometimes(percent: 25, [.at(3, .look("abdominal-aorta-suprarenal"))]),
        ]),
      .at(3, .supply("renal stent 6 x 18", code: "C1876")),
      .at(3, .treated("stent-placement", "renal-artery-ostium", with: "renal stent 6 x 18")),
      .sometimesOnceImaged(percent: 65, [.at(3, .after("renal-artery-proximal"))]),
      .at(3, .image(.angiography, "renal-artery", .postIntervention)),
      .at(2, .ended("renal artery intervention")),
      .at(4, .closure("common-femoral-artery", "plug")),
    ],
    neighbours: ["renal-artery-proximal", "abdominal-aorta-suprarenal"],
    procedures: [StatedProcedure("37236"), StatedProcedure("36251", percent: 60)],
    diagnoses: ["I70.1", "I15.0"],
    modifier: .side)
}
