internal import Charges
internal import Procedures

/// A FHIR R4 Bundle of type `searchset`, of one ChargeItem an entry.
///
/// Source: HL7 FHIR R4 (4.0.1), Bundle. The links stand at the end, for only then the next page is
/// known.
struct FHIRBundleEncoder: ChargeEncoder {
  private let address: String?
  private let total: Int?
  private let texts: FHIRTexts
  private var isEmpty = true

  init(_ pull: ChargePull) {
    address = pull.address
    total = pull.total
    texts = FHIRTexts(pull.facility)
  }

  mutating func begin(into bytes: inout [UInt8]) {
    bytes.put(#"{"resourceType":"Bundle","type":"searchset""#)
    guard let total else { return }
    bytes.put(#","total":"#)
    bytes.put(total)
  }

  mutating func write(_ entry: PulledEntry, into bytes: inout [UInt8]) {
    // FHIR has no empty list: `entry` begins with the first one.
    bytes.put(isEmpty ? #","entry":[{"fullUrl":""# : #",{"fullUrl":""#)
    isEmpty = false
    bytes.put(texts.chargeItemPrefix)
    bytes.put(entry.entry.id)
    bytes.put(#"","resource":"#)
    FHIRChargeItem(entry, texts).write(into: &bytes)
    bytes.put(#","search":{"mode":"match"}}"#)
  }

  mutating func finish(next: String?, into bytes: inout [UInt8]) {
    if !isEmpty { bytes.put("]") }
    let links = [("self", address), ("next", next)].compactMap { relation, url in
      url.map { (relation, $0) }
    }
    if !links.isEmpty {
      bytes.put(#","link":["#)
      bytes.putList(links) { bytes, link in
        bytes.put(#"{"relation":"#)
        bytes.putJSON(link.0)
        bytes.put(#","url":"#)
        bytes.putJSON(link.1)
        bytes.put("}")
      }
      bytes.put("]")
    }
    bytes.put("}\n")
  }
}

/// One ChargeItem a line, as FHIR's bulk data has them.
struct FHIRNDJSONEncoder: ChargeEncoder {
  private let texts: FHIRTexts

  init(_ pull: ChargePull) { texts = FHIRTexts(pull.facility) }

  mutating func begin(into bytes: inout [UInt8]) {}

  mutating func write(_ entry: PulledEntry, into bytes: inout [UInt8]) {
    FHIRChargeItem(entry, texts).write(into: &bytes)
    bytes.put("\n")
  }

  mutating func finish(next: String?, into bytes: inout [UInt8]) {}
}
