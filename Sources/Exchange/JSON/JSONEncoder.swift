internal import Charges

/// `{"charges":[…],"after":"k7q3-1042"}`.
///
/// `after` is the cursor of the next pull: the last entry; where there was none, what was asked for;
/// null at the beginning of an empty ledger.
struct JSONEncoder: ChargeEncoder {
  private var after: EntryID?
  private var isEmpty = true

  init(_ pull: ChargePull) { after = pull.after }

  mutating func begin(into bytes: inout [UInt8]) { bytes.put(#"{"charges":["#) }

  mutating func write(_ entry: PulledEntry, into bytes: inout [UInt8]) {
    if !isEmpty { bytes.put(",") }
    isEmpty = false
    after = entry.entry.id
    bytes.putJSON(entry)
  }

  mutating func finish(next: String?, into bytes: inout [UInt8]) {
    bytes.put(#"],"after":"#)
    if let after {
      bytes.put("\"")
      bytes.put(after)
      bytes.put("\"")
    } else {
      bytes.put("null")
    }
    bytes.put("}\n")
  }
}

/// One entry a line.
struct NDJSONEncoder: ChargeEncoder {
  mutating func begin(into bytes: inout [UInt8]) {}

  mutating func write(_ entry: PulledEntry, into bytes: inout [UInt8]) {
    bytes.putJSON(entry)
    bytes.put("\n")
  }

  mutating func finish(next: String?, into bytes: inout [UInt8]) {}
}
