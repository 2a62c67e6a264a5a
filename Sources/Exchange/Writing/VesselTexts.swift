internal import Procedures

/// What stands for a vessel in each form, written once for the whole catalogue.
struct VesselTexts: Sendable {
  static let standard = VesselTexts(VesselCatalogue.standard)

  private let texts: [VesselSite: VesselText]

  private init(_ catalogue: VesselCatalogue) {
    var texts: [VesselSite: VesselText] = [:]
    for vessel in catalogue.vessels {
      for site in [VesselSite(vessel)] + Side.allCases.map({ VesselSite(vessel, $0) }) {
        if let site { texts[site] = VesselText(site) }
      }
    }
    self.texts = texts
  }

  subscript(site: VesselSite) -> VesselText { texts[site] ?? VesselText(site) }
}

/// What stands for one vessel.
struct VesselText: Sendable {
  /// `{"vessel":…,"side":…?}`.
  let json: [UInt8]
  /// `external-iliac-vein/left`.
  let plain: [UInt8]
  /// A CodeableConcept of FHIR.
  let fhir: [UInt8]

  init(_ site: VesselSite) {
    var json: [UInt8] = []
    json.put(#"{"vessel":"#)
    json.putJSON(site.vessel.code)
    if let side = site.side {
      json.put(#","side":"#)
      json.putJSON(side.rawValue)
    }
    json.put("}")
    self.json = json
    plain = Array(site.description.utf8)
    fhir = site.fhir
  }
}
