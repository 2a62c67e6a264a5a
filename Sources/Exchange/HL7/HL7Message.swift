internal import Charges
internal import Procedures

/// One entry as a message.
struct HL7Message {
  let pulled: PulledEntry
  let texts: HL7Texts

  init(_ pulled: PulledEntry, _ texts: HL7Texts) {
    self.pulled = pulled
    self.texts = texts
  }

  var entry: LedgerEntry { pulled.entry }
  var charge: Charge { pulled.entry.charge }

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

extension CareSetting {
  /// HL7 table 0004, patient class: I inpatient, O outpatient.
  fileprivate var patientClass: String { self == .hospitalInpatient ? "I" : "O" }
}
