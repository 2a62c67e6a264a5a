internal import Charges
internal import Procedures

extension HL7Message {
  /// FT1-2 pairs: a charge and its credit both have the charge's id.
  func writeTransaction(into bytes: inout [UInt8]) {
    bytes.put("FT1|1|")
    bytes.put(entry.credited ?? entry.id)
    bytes.put("||")
    bytes.putCompact(charge.serviceDate)
    bytes.put("|")
    bytes.putHL7(entry.postedAt)
    bytes.put("|")
    if entry.credited == nil { bytes.put("CG") } else { bytes.put(texts.creditCode) }
    bytes.put("|")
    putCode(into: &bytes)
    bytes.put("|||")
    bytes.put(charge.units)
    bytes.put("|||")
    charge.department.map { bytes.putHL7($0.text) }
    bytes.put("|")
    charge.payer.map { bytes.putHL7($0.text) }
    bytes.put("||")
    putRoom(into: &bytes)
    bytes.put("|||")
    bytes.putList(charge.diagnoses, separator: "~") {
      $0.putPointed($1)
      $0.put("^^I10")
    }
    bytes.put("|")
    putPerformer(into: &bytes)
    bytes.put("|||")
    bytes.put(entry.caseID)
    bytes.put("^CATHLOG||")
    putCode(into: &bytes)
    bytes.put("|")
    bytes.putList(charge.modifiers, separator: "~") {
      $0.put($1.text)
      $0.put(CodeSystem($1).codingSystem)
    }
    bytes.endSegment()
  }

  private func putCode(into bytes: inout [UInt8]) {
    bytes.put(charge.code.text)
    bytes.put(CodeSystem(charge.code).codingSystem)
  }

  /// PL-2 the room, PL-4 the facility.
  private func putRoom(into bytes: inout [UInt8]) {
    guard let room = charge.room else { return }
    bytes.put("^")
    bytes.putHL7(room.text)
    bytes.put("^^")
    bytes.put(texts.facility)
  }

  /// Two identifiers of one person, as the field allows: the NPI, where it is registered, under
  /// CMS's object identifier, and the facility's own code (table 0203: EI).
  private func putPerformer(into bytes: inout [UInt8]) {
    if let npi = charge.npi {
      bytes.putHL7(npi)
      bytes.put("^^^^^^^^&2.16.840.1.113883.4.6&ISO^^^^NPI~")
    }
    bytes.putHL7(charge.operatingPhysician.text)
    bytes.put("^^^^^^^^")
    bytes.put(texts.facility)
    bytes.put("^^^^EI")
  }

  /// What no field of the message is for, one `name=value` a repetition of NTE-3.
  func writeNotes(into bytes: inout [UInt8]) {
    bytes.put("NTE|1|L|version=")
    bytes.put(entry.version)
    bytes.put("~position=")
    bytes.put(entry.position)
    bytes.put("~ruleBook=")
    bytes.putHL7(entry.ruleBook.text)
    bytes.put("~ruleBookDigest=")
    bytes.putHL7(entry.ruleBookDigest)
    bytes.put("~groupingPolicy=")
    bytes.putHL7(entry.groupingPolicy.text)
    bytes.put("~placeOfService=")
    bytes.put(charge.setting.placeOfService)
    for claim in charge.claims {
      bytes.put("~claim=")
      bytes.put(claim.rawValue)
    }
    for unit in charge.counted {
      for vessel in unit.vessels {
        bytes.put("~vessel=")
        bytes.put(VesselTexts.standard[vessel].plain)
      }
    }
    if pulled.account == .erased { bytes.put("~account=erased") }
    if pulled.encounter == .erased { bytes.put("~encounter=erased") }
    bytes.endSegment()
  }
}

extension CodeSystem {
  /// CE-2 left out, and CE-3 from HL7 table 0396: C4 CPT-4, HCPCS.
  fileprivate var codingSystem: String { self == .cpt ? "^^C4" : "^^HCPCS" }
}
