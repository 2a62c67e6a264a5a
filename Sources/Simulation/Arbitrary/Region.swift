import Procedures

/// Vessels that lie close enough to fold, join or yield.
enum Region {
  private static let names: [[String]] = [
    [
      "common-iliac-artery", "external-iliac-artery", "internal-iliac-artery",
      "common-femoral-artery", "profunda-femoris-artery", "superficial-femoral-artery",
      "popliteal-artery",
    ],
    [
      "popliteal-artery", "tibioperoneal-trunk", "anterior-tibial-artery",
      "posterior-tibial-artery", "peroneal-artery",
    ],
    [
      "inferior-vena-cava", "common-iliac-vein", "external-iliac-vein", "internal-iliac-vein",
      "common-femoral-vein", "femoral-vein", "popliteal-vein",
    ],
    ["popliteal-vein", "anterior-tibial-vein", "posterior-tibial-vein", "peroneal-vein"],
    ["abdominal-aorta", "descending-thoracic-aorta", "renal-artery", "celiac-artery"],
    ["common-carotid-artery", "internal-carotid-artery", "subclavian-artery", "vertebral-artery"],
    ["dialysis-av-fistula", "dialysis-av-graft", "cephalic-vein", "brachial-artery"],
    [
      "left-main-coronary-artery", "left-anterior-descending-artery", "left-circumflex-artery",
      "ramus-intermedius", "right-coronary-artery",
    ],
    ["coronary-svg", "coronary-lima-graft", "coronary-sinus", "right-coronary-artery"],
  ]

  /// Each region's vessels with their segments and branches, on both sides.
  private static let regions: [[VesselSite]] = names.map { wholes in
    VesselCatalogue.standard.vessels.filter { wholes.contains($0.whole.code) }
      .flatMap(bothSides)
  }

  private static let everywhere = VesselCatalogue.standard.vessels.flatMap(bothSides)

  private static func bothSides(_ vessel: Vessel) -> [VesselSite] {
    vessel.facts.isPaired
      ? Side.allCases.compactMap { VesselSite(vessel, $0) }
      : [VesselSite(vessel)].compactMap(\.self)
  }

  /// The sites of a case: a few of one to three regions, and now and then of anywhere.
  static func sites(_ chance: inout SeededGenerator) -> [VesselSite] {
    var sites: [VesselSite] = []
    for _ in 0..<chance.number(in: 1...3) {
      let region = chance.pick(regions)
      for _ in 0..<chance.number(in: 2...9) { sites.append(chance.pick(region)) }
    }
    for _ in 0..<chance.number(in: 0...3) { sites.append(chance.pick(everywhere)) }
    return sites
  }
}
