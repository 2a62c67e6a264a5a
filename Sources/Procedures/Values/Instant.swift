/// A moment, in microseconds since 1970-01-01T00:00:00Z: the resolution of PostgreSQL's clock.
public struct Instant: Hashable, Comparable, Sendable {
  /// Microseconds since 1970-01-01T00:00:00Z, negative before.
  public let microseconds: Int64

  /// The moment so many microseconds after 1970-01-01T00:00:00Z.
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// Earlier is less.
  public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

  /// The moment that many seconds later.
  public func adding(seconds: Int64) -> Instant {
    Instant(microseconds: microseconds + seconds * 1_000_000)
  }

  /// Whole and started seconds since 1970, rounded down.
  public var secondsSince1970: Int64 {
    microseconds >= 0 ? microseconds / 1_000_000 : (microseconds - 999_999) / 1_000_000
  }
}

extension Instant: CustomStringConvertible, LosslessStringConvertible {
  /// Reads RFC 3339 with an offset (`2026-03-02T08:31:00.25-05:00`), years 1900 to 9999.
  ///
  /// The years are those in UTC, so that what was read can be written. Digits of a second beyond the
  /// microsecond, up to twelve, are dropped. A leap second (`:60`) is refused: no
  /// clock of the log shows one.
  public init?(_ text: String) {
    var scanner = DigitScanner(Array(text.utf8))
    guard let date = scanner.date(), scanner.take("T") || scanner.take("t"),
      let hour = scanner.number(2, upTo: 23), scanner.take(":"),
      let minute = scanner.number(2, upTo: 59), scanner.take(":"),
      let second = scanner.number(2, upTo: 59),
      let fraction = scanner.microseconds(),
      let offset = scanner.offsetSeconds(), scanner.isAtEnd
    else { return nil }
    let seconds =
      Int64(date.daysSince1970) * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)
    self.init(microseconds: seconds * 1_000_000 + Int64(fraction))
    guard self >= Self.earliest, self <= Self.latest else { return nil }
  }

  /// The first moment that can be written: 1900-01-01T00:00:00Z.
  public static let earliest = Instant(microseconds: -25_567 * 86_400_000_000)
  /// The last moment that can be written: 9999-12-31T23:59:59.999999Z.
  public static let latest = Instant(microseconds: 2_932_897 * 86_400_000_000 - 1)

  /// RFC 3339 in UTC, with as many digits of a second as are needed.
  public var description: String {
    let seconds = secondsSince1970
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let ofDay = Int(seconds - days * 86_400)
    let fraction = Int(microseconds - seconds * 1_000_000)
    return DigitWriter.text { text in
      text.put(CalendarDate(daysSince1970: Int(days)))
      text.put("T")
      text.put(ofDay / 3600, 2)
      text.put(":")
      text.put(ofDay / 60 % 60, 2)
      text.put(":")
      text.put(ofDay % 60, 2)
      if fraction > 0 { text.putFraction(fraction) }
      text.put("Z")
    }
  }
}

/// A day of the calendar, without a time or a zone.
public struct CalendarDate: Hashable, Comparable, Sendable {
  /// Days since 1970-01-01, negative before.
  public let daysSince1970: Int

  /// The day so many days after 1970-01-01.
  public init(daysSince1970: Int) { self.daysSince1970 = daysSince1970 }

  /// The day of this year, month and day of the Gregorian calendar; nil when there is none.
  ///
  /// The arithmetic counts from 0000-03-01 in eras of 400 years (146,097 days).
  public init?(year: Int, month: Int, day: Int) {
    guard (1...12).contains(month), (1...31).contains(day), (1900...9999).contains(year) else {
      return nil
    }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    self.init(daysSince1970: era * 146_097 + dayOfEra - 719_468)
    guard self.components == (year, month, day) else { return nil }
  }

  /// Year, month and day of the Gregorian calendar.
  public var components: (year: Int, month: Int, day: Int) {
    let shifted = daysSince1970 + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// Earlier is less.
  public static func < (left: Self, right: Self) -> Bool {
    left.daysSince1970 < right.daysSince1970
  }
}

extension CalendarDate: CustomStringConvertible, LosslessStringConvertible {
  /// Reads `2026-03-02`.
  public init?(_ text: String) {
    var scanner = DigitScanner(Array(text.utf8))
    guard let date = scanner.date(), scanner.isAtEnd else { return nil }
    self = date
  }

  /// The ISO 8601 form, `2026-03-02`.
  public var description: String {
    DigitWriter.text { $0.put(self) }
  }
}

/// Writes the numbers of dates and times.
private struct DigitWriter {
  /// The longest year has 19 digits and a sign, the rest of a time 23 characters.
  private static let capacity = 48
  private let buffer: UnsafeMutableBufferPointer<UInt8>
  private var count = 0

  private init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

  static func text(_ write: (inout DigitWriter) -> Void) -> String {
    String(unsafeUninitializedCapacity: capacity) { buffer in
      var writer = DigitWriter(buffer)
      write(&writer)
      return writer.count
    }
  }

  mutating func put(_ character: Unicode.Scalar) {
    buffer[count] = UInt8(ascii: character)
    count += 1
  }

  /// At least so many digits.
  mutating func put(_ value: Int, _ width: Int) {
    if value < 0 { put("-") }
    var rest = value.magnitude
    var digits = 1
    var power: UInt = 10
    while digits < width || digits < 19 && rest >= power {
      digits += 1
      power &*= 10
    }
    for place in stride(from: count + digits - 1, through: count, by: -1) {
      buffer[place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    count += digits
  }

  mutating func put(_ date: CalendarDate) {
    let parts = date.components
    put(parts.year, 4)
    put("-")
    put(parts.month, 2)
    put("-")
    put(parts.day, 2)
  }

  /// A point and as many digits as are needed of so many millionths.
  mutating func putFraction(_ millionths: Int) {
    put(".")
    put(millionths, 6)
    while buffer[count - 1] == UInt8(ascii: "0") { count -= 1 }
  }
}

/// Reads the fixed-width numbers of dates and times.
private struct DigitScanner {
  let bytes: [UInt8]
  var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { at == bytes.count }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
    at += 1
    return true
  }

  mutating func digit() -> Int? {
    guard at < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at]) else {
      return nil
    }
    defer { at += 1 }
    return Int(bytes[at] - UInt8(ascii: "0"))
  }

  mutating func number(_ width: Int, upTo limit: Int) -> Int? {
    var value = 0
    for _ in 0..<width {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value <= limit ? value : nil
  }

  mutating func date() -> CalendarDate? {
    guard let year = number(4, upTo: 9999), take("-"), let month = number(2, upTo: 12), take("-"),
      let day = number(2, upTo: 31)
    else { return nil }
    return CalendarDate(year: year, month: month, day: day)
  }

  /// Microseconds of a fraction, 0 where there is none; nil when the point has no digits.
  mutating func microseconds() -> Int? {
    guard take(".") else { return 0 }
    var value = 0
    var places = 0
    while let digit = digit() {
      if places < 6 { value = value * 10 + digit }
      places += 1
    }
    guard (1...12).contains(places) else { return nil }
    for _ in places..<max(6, places) { value *= 10 }
    return value
  }

  mutating func offsetSeconds() -> Int? {
    if take("Z") || take("z") { return 0 }
    let sign = take("+") ? 1 : take("-") ? -1 : 0
    guard sign != 0, let hours = number(2, upTo: 23), take(":"),
      let minutes = number(2, upTo: 59)
    else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }
}
