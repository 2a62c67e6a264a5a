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
