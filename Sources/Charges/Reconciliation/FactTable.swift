internal import Procedures

/// One fact of a report: a row of its CSV.
struct Fact {
  let section: String
  let item: String
  let key: String
  var code = ""
  var value: String
  /// Whether the value is a number, which no spreadsheet mistakes.
  private let isNumber: Bool
  var subject: ReconciledCase?
  var person = ""
  var time: Instant?
  var detail = ""

  init(_ section: String, _ item: String, _ key: String, text value: String = "") {
    self.section = section
    self.item = item
    self.key = key
    self.value = value
    isNumber = false
  }

  init(_ section: String, _ item: String, _ key: String, _ number: Int) {
    self.section = section
    self.item = item
    self.key = key
    value = String(number)
    isNumber = true
  }

  /// The cells in the order of the columns.
  fileprivate var cells: [String] {
    [
      section, item, key, code, isNumber ? value : Self.guarded(value),
      subject?.caseID.description ?? "", subject?.serviceDate?.description ?? "",
      Self.guarded(subject?.operatingPhysician?.text ?? ""),
      Self.guarded(subject?.room?.text ?? ""), Self.guarded(subject?.payer?.text ?? ""),
      Self.guarded(person), time?.description ?? "", Self.guarded(detail),
    ]
  }

  /// A text as no spreadsheet runs it.
  private static func guarded(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) else {
      return text
    }
    return "'" + text
  }
}

/// Facts as CSV (RFC 4180).
struct FactTable {
  private(set) var bytes: [UInt8] = []

  init(columns: [String]) { add(columns) }

  mutating func add(_ fact: Fact) { add(fact.cells) }

  private mutating func add(_ cells: [String]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      let needsQuotes = cell.utf8.contains {
        [UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\r"), UInt8(ascii: "\n")].contains($0)
      }
      guard needsQuotes else {
        bytes += cell.utf8
        continue
      }
      bytes.append(UInt8(ascii: "\""))
      for byte in cell.utf8 {
        if byte == UInt8(ascii: "\"") { bytes.append(byte) }
        bytes.append(byte)
      }
      bytes.append(UInt8(ascii: "\""))
    }
    bytes += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
  }
}
