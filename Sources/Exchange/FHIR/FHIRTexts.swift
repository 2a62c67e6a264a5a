internal import Procedures

/// What is the same in every ChargeItem of a facility, written once.
///
/// Identifiers of a facility's own and the extensions have URNs under `urn:cathlog:`, as the
/// problems of the HTTP interface have: FHIR takes any URI for either, and a URL would name a host
/// that nobody keeps.
struct FHIRTexts: Sendable {
  /// Up to the id of an entry in a `fullUrl`.
  let chargeItemPrefix: [UInt8]
  /// Up to the value of an identifier: of an entry, a patient, an encounter, an account, a person.
  let entry: [UInt8]
  let patient: [UInt8]
  let encounter: [UInt8]
  let account: [UInt8]
  let person: [UInt8]
  /// The facility as the performing organization.
  let organization: [UInt8]

  init(_ facility: FacilityCode) {
    var code: [UInt8] = []
    code.putJSON(facility.text)
    let quoted = code
    let bare = Array(quoted.dropFirst().dropLast())
    func system(_ kind: String) -> [UInt8] {
      Array(#"{"system":"urn:cathlog:"#.utf8) + bare
        + Array(":\(kind)\",\"value\":".utf8)
    }
    chargeItemPrefix = Array("urn:cathlog:".utf8) + bare + Array(":ledger-entry:".utf8)
    entry = system("ledger-entry")
    patient = system("patient")
    encounter = system("encounter")
    account = system("account")
    person = system("person")
    organization =
      Array(
        #""performingOrganization":{"type":"Organization","identifier":{"system":"urn:cathlog:facility","value":"#
          .utf8) + quoted + Array("}}".utf8)
  }
}

extension CodeSystem {
  /// The canonical address of the code system.
  ///
  /// Sources: HL7 FHIR R4, "Using CPT with FHIR"; HL7 Terminology (THO), NamingSystem
  /// hcpcs-Level-II.
  var address: String {
    switch self {
    case .cpt: "http://www.ama-assn.org/go/cpt"
    case .hcpcs: "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
    }
  }
}

extension Side {
  /// The SNOMED CT code of the side (DICOM PS3.16, CID 244).
  var snomed: String {
    switch self {
    case .left: "7771000"
    case .right: "24028007"
    }
  }
}

extension VesselSite {
  /// A `bodysite`: the SNOMED CT code where the catalogue has one, the catalogue's own code, and the
  /// side as an extension.
  var fhir: [UInt8] {
    var bytes: [UInt8] = []
    bytes.put("{")
    if let side {
      bytes.put(#""extension":[{"url":"urn:cathlog:fhir:laterality","valueCodeableConcept":"#)
      bytes.put(#"{"coding":[{"system":"http://snomed.info/sct","code":""#)
      bytes.put(side.snomed)
      bytes.put(#""}],"text":""#)
      bytes.put(side.rawValue)
      bytes.put(#""}}],"#)
    }
    bytes.put(#""coding":["#)
    if let snomed = vessel.facts.snomed {
      bytes.put(#"{"system":"http://snomed.info/sct","code":"#)
      bytes.putJSON(snomed)
      bytes.put("},")
    }
    bytes.put(#"{"system":"urn:cathlog:vessel","code":"#)
    bytes.putJSON(vessel.code)
    bytes.put(#"}],"text":"#)
    bytes.putJSON(description)
    bytes.put("}")
    return bytes
  }
}
