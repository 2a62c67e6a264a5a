internal import Charges
internal import Procedures

/// A few characters of ASCII, gathered on the stack and then appended as one.
///
/// A million entries hold ten million dates, numbers and identifiers: a `String` for each would cost
/// more than all else, and so would growing an array digit by digit.
struct ShortText {
  /// The longest is a UUID of 36; a time has 27, a number 20 characters.
  private var characters = InlineArray<40, UInt8>(repeating: 0)
  private var count = 0

  /// Appends what was gathered.
  func append(to bytes: inout [UInt8]) {
    let count = count
    characters.span.withUnsafeBufferPointer { bytes.append(contentsOf: $0[..<count]) }
  }

  mutating func put(_ character: Unicode.Scalar) { put(UInt8(ascii: character)) }

  private mutating func put(_ byte: UInt8) {
    characters[count] = byte
    count += 1
  }

  /// In decimal.
  mutating func put(_ number: Int64) {
    if number < 0 { put("-") }
    var rest = number.magnitude
    var digits = 1
    var power: UInt64 = 10
    while digits < 19, rest >= power {
      digits += 1
      power &*= 10
    }
    for place in stride(from: count + digits - 1, through: count, by: -1) {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      characters[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
      rest = quotient
    }
    count += digits
  }

  /// Exactly so many digits of a number that is not negative.
  mutating func put(_ number: Int, digits: Int) {
    var rest = UInt32(truncatingIfNeeded: number)
    for place in stride(from: count + digits - 1, through: count, by: -1) {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      characters[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
      rest = quotient
    }
    count += digits
  }

  /// `2026-03-02`, or `20260302` without a separator.
  mutating func put(_ date: CalendarDate, separator: Unicode.Scalar?) {
    let parts = date.components
    put(parts.year, digits: 4)
    if let separator { put(separator) }
    put(parts.month, digits: 2)
    if let separator { put(separator) }
    put(parts.day, digits: 2)
  }

  /// The 36 characters of a UUID, in lower case.
  mutating func put<Subject>(_ id: Identifier<Subject>) {
    putHexadecimal(id.high >> 32, digits: 8)
    put("-")
    putHexadecimal(id.high >> 16, digits: 4)
    put("-")
    putHexadecimal(id.high, digits: 4)
    put("-")
    putHexadecimal(id.low >> 48, digits: 4)
    put("-")
    putHexadecimal(id.low, digits: 12)
  }

  /// The last digits of a number.
  private mutating func putHexadecimal(_ number: UInt64, digits: Int) {
    var rest = number
    for place in stride(from: count + digits - 1, through: count, by: -1) {
      characters[place] = Self.digit(UInt8(truncatingIfNeeded: rest & 15))
      rest >>= 4
    }
    count += digits
  }

  /// The hexadecimal digit of a value under 16.
  static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  /// Leaves out zeros at the end.
  mutating func dropZeros() {
    while count > 0, characters[count - 1] == UInt8(ascii: "0") { count -= 1 }
  }
}
