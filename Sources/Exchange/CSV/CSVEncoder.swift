internal import Charges
internal import Procedures

/// A table as RFC 4180 has it: CRLF, a header, UTF-8 without a mark of byte order.
///
/// Every text is quoted, numbers are bare, and what is unknown is empty. After the last entry stand
/// two rows of control totals, of as many columns as the others.
struct CSVEncoder: ChargeEncoder {
  private let creditCode: CreditCode
  private var charges = ControlTotal()
  private var credits = ControlTotal()

  init(_ pull: ChargePull) { creditCode = pull.creditCode }

  mutating func begin(into bytes: inout [UInt8]) {
    bytes.put(CSVColumns.header)
  }

  mutating func write(_ pulled: PulledEntry, into bytes: inout [UInt8]) {
    let units = pulled.entry.charge.units
    switch pulled.entry.kind {
    case .charge: charges.add(units: units)
    case .credit: credits.add(units: units)
    }
    CSVRow(pulled, creditCode).write(into: &bytes)
  }

  mutating func finish(next: String?, into bytes: inout [UInt8]) {
    charges.write(as: "TOTAL-CG", into: &bytes)
    credits.write(as: "TOTAL-\(creditCode.text)", into: &bytes)
  }
}

/// How many entries of a kind there were, and how many units.
private struct ControlTotal {
  private var lines = 0
  private var units = 0

  mutating func add(units: Int) {
    lines += 1
    self.units += units
  }

  func write(as name: String, into bytes: inout [UInt8]) {
    bytes.putCell(name)
    bytes.put(",")
    bytes.put(lines)
    bytes.put(CSVColumns.beforeUnits)
    bytes.put(units)
    bytes.put(CSVColumns.afterUnits)
    bytes.put("\r\n")
  }
}
