internal import Charges
internal import Procedures

/// Bytes of a document, written at its end.
///
/// Dates, numbers and identifiers are written digit by digit: a million entries hold ten million of
/// them, and a `String` for each would cost more than all else.
extension [UInt8] {
  mutating func put(_ text: String) {
    var text = text
    text.withUTF8 { append(contentsOf: $0) }
  }

  mutating func put(_ bytes: some Collection<UInt8>) { append(contentsOf: bytes) }

  /// In decimal.
  mutating func put(_ number: some BinaryInteger) {
    let number = Int64(number)
    if number < 0 { append(UInt8(ascii: "-")) }
    var rest = number.magnitude
    var power: UInt64 = 1
    while rest / power >= 10 { power *= 10 }
    while power > 0 {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / power))
      rest %= power
      power /= 10
    }
  }

  /// In decimal, with at least so many digits; the number is not negative.
  mutating func put(_ number: Int, digits: Int) {
    var power = 1
    for _ in 1..<digits { power *= 10 }
    var rest = number
    while power > 0 {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / power % 10))
      rest %= power
      power /= 10
    }
  }

  /// `k7q3-1042`.
  mutating func put(_ id: EntryID) {
    put(id.epoch.text)
    append(UInt8(ascii: "-"))
    put(id.number)
  }

  /// The 36 characters of a UUID, in lower case.
  mutating func put<Subject>(_ id: Identifier<Subject>) {
    for nibble in 0..<32 {
      if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
        append(UInt8(ascii: "-"))
      }
      let half = nibble < 16 ? id.high : id.low
      append(Self.digit(UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * (nibble % 16)) & 15)))
    }
  }

  /// The hexadecimal digit of a value under 16.
  static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  /// `2026-03-02`.
  mutating func put(_ date: CalendarDate) { put(date, separator: "-") }

  /// `20260302`.
  mutating func putCompact(_ date: CalendarDate) { put(date, separator: nil) }

  private mutating func put(_ date: CalendarDate, separator: Unicode.Scalar?) {
    let parts = date.components
    put(parts.year, digits: 4)
    if let separator { append(UInt8(ascii: separator)) }
    put(parts.month, digits: 2)
    if let separator { append(UInt8(ascii: separator)) }
    put(parts.day, digits: 2)
  }

  /// RFC 3339 in UTC, with as many digits of a second as are needed.
  mutating func put(_ instant: Instant) {
    let parts = InstantParts(instant)
    put(parts.date)
    append(UInt8(ascii: "T"))
    put(parts.hour, digits: 2)
    append(UInt8(ascii: ":"))
    put(parts.minute, digits: 2)
    append(UInt8(ascii: ":"))
    put(parts.second, digits: 2)
    if parts.microsecond > 0 {
      append(UInt8(ascii: "."))
      put(parts.microsecond, digits: 6)
      while last == UInt8(ascii: "0") { removeLast() }
    }
    append(UInt8(ascii: "Z"))
  }

  /// Each element by the closure, with a separator between two.
  mutating func putList<Elements: Sequence>(
    _ elements: Elements, separator: Unicode.Scalar = ",",
    _ write: (inout [UInt8], Elements.Element) -> Void
  ) {
    var isFirst = true
    for element in elements {
      if !isFirst { append(UInt8(ascii: separator)) }
      isFirst = false
      write(&self, element)
    }
  }
}

/// A moment as a clock in UTC shows it.
struct InstantParts {
  let date: CalendarDate
  let hour: Int
  let minute: Int
  let second: Int
  let microsecond: Int

  init(_ instant: Instant) {
    let day: Int64 = 86_400_000_000
    let days = instant.microseconds.floorDivided(by: day)
    let ofDay = Int(instant.microseconds - days * day)
    date = CalendarDate(daysSince1970: Int(days))
    hour = ofDay / 3_600_000_000
    minute = ofDay / 60_000_000 % 60
    second = ofDay / 1_000_000 % 60
    microsecond = ofDay % 1_000_000
  }
}

extension Int64 {
  /// The quotient, rounded towards negative infinity.
  fileprivate func floorDivided(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
