internal import Charges
internal import Procedures

/// One entry as a ChargeItem of FHIR R4 (4.0.1).
///
/// Its status never depends on what billing has acknowledged. A charge is `billable`. A credit is a
/// ChargeItem of its own whose status, `entered-in-error`, keeps every reader from billing it, and
/// whose modifier extension, which no reader may ignore, names the ChargeItem that it takes back.
struct FHIRChargeItem {
  private let pulled: PulledEntry
  private let texts: FHIRTexts

  init(_ pulled: PulledEntry, _ texts: FHIRTexts) {
    self.pulled = pulled
    self.texts = texts
  }

  private var entry: LedgerEntry { pulled.entry }
  private var charge: Charge { pulled.entry.charge }

  func write(into bytes: inout [UInt8]) {
    bytes.put(#"{"resourceType":"ChargeItem","id":""#)
    bytes.put(entry.id)
    bytes.put(#"","extension":["#)
    writeExtensions(into: &bytes)
    bytes.put("],")
    if let credited = entry.credited {
      bytes.put(#""modifierExtension":[{"url":"urn:cathlog:fhir:credits","valueReference":"#)
      bytes.put(#"{"type":"ChargeItem","identifier":"#)
      putEntry(credited, into: &bytes)
      bytes.put("}}],")
    }
    bytes.put(#""identifier":["#)
    putEntry(entry.id, into: &bytes)
    bytes.put(#"],"status":""#)
    bytes.put(entry.credited == nil ? "billable" : "entered-in-error")
    bytes.put(#"","code":{"coding":["#)
    putCoding(CodeSystem(charge.code).address, charge.code.text, into: &bytes)
    bytes.put("]},")
    writeCircumstances(into: &bytes)
    writeGrounds(into: &bytes)
    bytes.put("}")
  }

  /// `{"system":…,"value":…}` of an entry.
  private func putEntry(_ id: EntryID, into bytes: inout [UInt8]) {
    bytes.put(texts.entry)
    bytes.putQuoted { $0.put(id) }
    bytes.put("}")
  }

  private func putCoding(_ system: String, _ code: String, into bytes: inout [UInt8]) {
    bytes.put(#"{"system":""#)
    bytes.put(system)
    bytes.put(#"","code":"#)
    bytes.putJSON(code)
    bytes.put("}")
  }

  /// `"identifier":{"system":…,"value":…}` of a text.
  private func putIdentifier(_ start: [UInt8], _ value: String, into bytes: inout [UInt8]) {
    bytes.put(#""identifier":"#)
    bytes.put(start)
    bytes.putFHIR(value)
    bytes.put("}")
  }
}

extension FHIRChargeItem {
  /// Subject, context, time, performer, organization, cost center and quantity.
  private func writeCircumstances(into bytes: inout [UInt8]) {
    bytes.put(#""subject":{"#)
    if let patient = charge.patient {
      bytes.put(#""type":"Patient","#)
      putIdentifier(texts.patient, patient.text, into: &bytes)
    } else {
      bytes.put(Self.absent("unknown", type: "Patient"))
    }
    bytes.put("},")
    if let encounter = pulled.encounter {
      bytes.put(#""context":{"#)
      put(encounter, texts.encounter, type: "Encounter", into: &bytes)
      bytes.put("},")
    }
    bytes.put(#""occurrenceDateTime":""#)
    bytes.put(charge.serviceDate)
    bytes.put(#"","performer":[{"actor":{"type":"Practitioner","#)
    if let npi = charge.npi {
      bytes.put(#""identifier":{"system":"http://hl7.org/fhir/sid/us-npi","value":"#)
      bytes.putJSON(npi)
      bytes.put("}")
    } else {
      putIdentifier(texts.person, charge.operatingPhysician.text, into: &bytes)
    }
    bytes.put(#","display":"#)
    bytes.putFHIR(charge.operatingPhysician.text)
    bytes.put("}}],")
    bytes.put(texts.organization)
    if let department = charge.department {
      bytes.put(#","costCenter":{"type":"Organization","display":"#)
      bytes.putFHIR(department.text)
      bytes.put("}")
    }
    bytes.put(#","quantity":{"value":"#)
    bytes.put(charge.units)
    bytes.put("},")
  }

  /// Body sites, posting, diagnoses, case, account and the entries that it rests on.
  private func writeGrounds(into bytes: inout [UInt8]) {
    if charge.counted.contains(where: { !$0.vessels.isEmpty }) {
      bytes.put(#""bodysite":["#)
      bytes.putList(charge.counted.lazy.flatMap(\.vessels)) {
        $0.put(VesselTexts.standard[$1].fhir)
      }
      bytes.put("],")
    }
    bytes.put(#""enteredDate":""#)
    bytes.put(entry.postedAt)
    bytes.put(#"","#)
    if !charge.diagnoses.isEmpty {
      bytes.put(#""reason":["#)
      bytes.putList(charge.diagnoses) {
        $0.put(#"{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":""#)
        $0.putPointed($1)
        $0.put(#""}]}"#)
      }
      bytes.put("],")
    }
    bytes.put(#""service":[{"type":"Procedure","#)
    bytes.put(Self.uuidStart)
    bytes.put(entry.caseID)
    bytes.put(#""}}]"#)
    if let account = pulled.account {
      bytes.put(#","account":[{"#)
      put(account, texts.account, type: "Account", into: &bytes)
      bytes.put("}]")
    }
    let events = charge.entries
    guard !events.isEmpty else { return }
    bytes.put(#","supportingInformation":["#)
    bytes.putList(events) {
      $0.put("{")
      $0.put(Self.uuidStart)
      $0.put($1)
      $0.put(#""}}"#)
    }
    bytes.put("]")
  }

  private static let uuidStart = Array(
    #""identifier":{"system":"urn:ietf:rfc:3986","value":"urn:uuid:"#.utf8)

  /// A logical reference by a confidential identifier; where it was erased, that it is masked.
  private func put(
    _ text: Confidential, _ start: [UInt8], type: String, into bytes: inout [UInt8]
  ) {
    guard case .clear(let text) = text else {
      bytes.put(Self.absent("masked", type: type))
      return
    }
    bytes.put(#""type":""#)
    bytes.put(type)
    bytes.put(#"","#)
    putIdentifier(start, text, into: &bytes)
  }

  /// Members of a reference that says only why it is none (FHIR's data-absent-reason).
  private static func absent(_ reason: String, type: String) -> String {
    #""extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","#
      + #""valueCode":""# + reason + #""}],"type":""# + type + #"""#
  }
}

extension FHIRChargeItem {
  /// What R4's ChargeItem has no element for.
  private func writeExtensions(into bytes: inout [UInt8]) {
    for modifier in charge.modifiers {
      bytes.put(#"{"url":"urn:cathlog:fhir:modifier","valueCodeableConcept":{"coding":["#)
      putCoding(CodeSystem(modifier).address, modifier.text, into: &bytes)
      bytes.put("]}},")
    }
    bytes.put(#"{"url":"urn:cathlog:fhir:place-of-service","valueCodeableConcept":{"coding":["#)
    putCoding(Self.placeOfService, charge.setting.placeOfService, into: &bytes)
    bytes.put("],\"text\":\"")
    bytes.put(charge.setting.rawValue)
    bytes.put(#""}}"#)
    for claim in charge.claims {
      bytes.put(#",{"url":"urn:cathlog:fhir:claim","valueCode":""#)
      bytes.put(claim.rawValue)
      bytes.put(#""}"#)
    }
    if let room = charge.room { putText("room", room.text, into: &bytes) }
    if let payer = charge.payer { putText("payer", payer.text, into: &bytes) }
    bytes.put(
      #",{"url":"urn:cathlog:fhir:basis","extension":[{"url":"caseVersion","valueString":""#)
    bytes.put(entry.version)
    bytes.put(#""},{"url":"position","valueString":""#)
    bytes.put(entry.position)
    bytes.put(#""},{"url":"recordedAt","valueInstant":""#)
    bytes.put(entry.recordedAt)
    bytes.put(#""},{"url":"ruleBook","valueString":"#)
    bytes.putFHIR(entry.ruleBook.text)
    bytes.put(#"},{"url":"ruleBookDigest","valueString":"#)
    bytes.putJSON(entry.ruleBookDigest)
    bytes.put(#"},{"url":"groupingPolicy","valueString":"#)
    bytes.putFHIR(entry.groupingPolicy.text)
    bytes.put("}]}")
  }

  /// HL7 Terminology (THO), CodeSystem CMSPlaceofServiceCodes.
  private static let placeOfService =
    "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"

  private func putText(_ name: String, _ text: String, into bytes: inout [UInt8]) {
    bytes.put(#",{"url":"urn:cathlog:fhir:"#)
    bytes.put(name)
    bytes.put(#"","valueString":"#)
    bytes.putFHIR(text)
    bytes.put("}")
  }
}
