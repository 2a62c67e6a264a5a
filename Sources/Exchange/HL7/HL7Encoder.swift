internal import Charges
internal import Procedures

/// A batch of HL7 v2.5.1 messages, `DFT^P03` (post detail financial transaction), one an entry.
///
/// Source: HL7 v2.5.1, chapters 2 (control, batches), 3 (patient administration) and 6 (financial
/// management). Every time in a message is the entry's own, so that a message pulled again is the
/// same.
struct HL7Encoder: ChargeEncoder {
  private let texts: HL7Texts
  private var messages = 0
  private var chargedUnits = 0
  private var creditedUnits = 0

  init(_ pull: ChargePull) { texts = HL7Texts(pull) }

  mutating func begin(into bytes: inout [UInt8]) {
    bytes.put(#"BHS|^~\&|CATHLOG|"#)
    bytes.put(texts.facility)
    bytes.endSegment()
  }

  mutating func write(_ pulled: PulledEntry, into bytes: inout [UInt8]) {
    messages += 1
    switch pulled.entry.kind {
    case .charge: chargedUnits += pulled.entry.charge.units
    case .credit: creditedUnits += pulled.entry.charge.units
    }
    HL7Message(pulled, texts).write(into: &bytes)
  }

  /// BTS-1 counts the messages; BTS-3 has the units charged, then the units credited.
  mutating func finish(next: String?, into bytes: inout [UInt8]) {
    bytes.put("BTS|")
    bytes.put(messages)
    bytes.put("||")
    bytes.put(chargedUnits)
    bytes.put("~")
    bytes.put(creditedUnits)
    bytes.endSegment()
  }
}

/// What is the same in every message of a facility, escaped once.
struct HL7Texts: Sendable {
  let facility: [UInt8]
  let creditCode: [UInt8]
  /// MSH up to its time.
  let headerStart: [UInt8]
  /// EVN-7 and what ends the segment.
  let eventEnd: [UInt8]

  init(_ pull: ChargePull) {
    var facility: [UInt8] = []
    facility.putHL7(pull.facility.text)
    self.facility = facility
    creditCode = Array(pull.creditCode.text.utf8)
    headerStart = Array(#"MSH|^~\&|CATHLOG|"#.utf8) + facility + Array("|||".utf8)
    eventEnd = Array("|||||".utf8) + facility
  }
}

/// One entry as a message.
struct HL7Message {
  private let pulled: PulledEntry
  private let texts: HL7Texts

  init(_ pulled: PulledEntry, _ texts: HL7Texts) {
    self.pulled = pulled
    self.texts = texts
  }

  private var entry: LedgerEntry { pulled.entry }
  private var charge: Charge { pulled.entry.charge }

  /// The segments in the order of the message's structure.
  func write(into bytes: inout [UInt8]) {
    writeHeader(into: &bytes)
    writeEvent(into: &bytes)
    writePatient(into: &bytes)
    writeVisit(into: &bytes)
    writeTransaction(into: &bytes)
    writeNotes(into: &bytes)
  }

  /// MSH-7 is when it was entered, MSH-10 the entry's id; MSH-15 and 16 say that no acknowledgement
  /// is expected, since the batch is fetched and acknowledged as a whole.
  private func writeHeader(into bytes: inout [UInt8]) {
    bytes.put(texts.headerStart)
    bytes.putHL7(entry.postedAt)
    bytes.put("||DFT^P03^DFT_P03|")
    bytes.put(entry.id)
    bytes.put("|P|2.5.1|||NE|NE||UNICODE UTF-8")
    bytes.endSegment()
  }

  /// EVN-2 is when the event was recorded that brought the entry about.
  private func writeEvent(into bytes: inout [UInt8]) {
    bytes.put("EVN|P03|")
    bytes.putHL7(entry.recordedAt)
    bytes.put(texts.eventEnd)
    bytes.endSegment()
  }

  /// PID-3 and PID-5 must be there.
  ///
  /// A patient is known by the pseudonym: an anonymous identifier (table 0203: ANON) and, as the
  /// name, a coded pseudonym (table 0200: S). One who was not identified has a temporary number that
  /// no other case has, the case's (PNT), a name of no stated type (U), and PID-31 says that the
  /// identity is unknown, so that no receiver takes two of them for one person.
  private func writePatient(into bytes: inout [UInt8]) {
    bytes.put("PID|1||")
    if let patient = charge.patient {
      bytes.putHL7(patient.text)
      putAuthority("ANON", into: &bytes)
      bytes.put("||")
      bytes.putHL7(patient.text)
      bytes.put("^^^^^^S")
    } else {
      bytes.put(entry.caseID)
      putAuthority("PNT", into: &bytes)
      bytes.put("||UNKNOWN^^^^^^U")
    }
    bytes.put("|||||||||||||")
    putConfidential(pulled.account, "AN", into: &bytes)
    if charge.patient == nil { bytes.put("|||||||||||||Y") }
    bytes.endSegment()
  }

  /// Assigning authority and type of an identifier (CX-4 and CX-5).
  private func putAuthority(_ type: String, into bytes: inout [UInt8]) {
    bytes.put("^^^")
    bytes.put(texts.facility)
    bytes.put("^")
    bytes.put(type)
  }

  /// An identifier, or nothing where it is unknown or erased.
  ///
  /// Never `""`, which tells a receiver to delete what it has; a note says that it was erased.
  private func putConfidential(
    _ text: Confidential?, _ type: String, into bytes: inout [UInt8]
  ) {
    guard case .clear(let text) = text, !text.isEmpty else { return }
    bytes.putHL7(text)
    putAuthority(type, into: &bytes)
  }

  private func writeVisit(into bytes: inout [UInt8]) {
    bytes.put("PV1|1|")
    bytes.put(charge.setting.patientClass)
    bytes.put("|||||||||||||||||")
    putConfidential(pulled.encounter, "VN", into: &bytes)
    bytes.endSegment()
  }
}

extension HL7Message {
  /// FT1-2 pairs: a charge and its credit both have the charge's id.
  private func writeTransaction(into bytes: inout [UInt8]) {
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
  private func writeNotes(into bytes: inout [UInt8]) {
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

extension CareSetting {
  /// HL7 table 0004, patient class: I inpatient, O outpatient.
  fileprivate var patientClass: String { self == .hospitalInpatient ? "I" : "O" }
}

extension CodeSystem {
  /// CE-2 left out, and CE-3 from HL7 table 0396: C4 CPT-4, HCPCS.
  fileprivate var codingSystem: String { self == .cpt ? "^^C4" : "^^HCPCS" }
}
