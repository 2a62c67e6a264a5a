/// An exact decimal number of at most 18 significant digits: `significand × 10^exponent`.
///
/// Doses, volumes and areas are recorded as they were read off, and money is never binary floating
/// point. The form is normal (no trailing zero in the significand; zero has exponent 0), so equal
/// numbers are equal values: 1.50 is 1.5.
public struct Decimal: Hashable, Sendable {
  /// The digits, with their sign.
  public let significand: Int64
  /// The power of ten, −30 to 30.
  public let exponent: Int

  /// A whole number.
  ///
  /// - Precondition: the value has at most 18 digits.
  public init(_ value: some BinaryInteger) {
    self.init(significand: Int64(value), exponent: 0)
  }

  /// The number `significand × 10^exponent`, brought to its normal form.
  public init(significand: Int64, exponent: Int) {
    var significand = significand
    var exponent = exponent
    if significand == 0 { exponent = 0 }
    while significand != 0, significand.isMultiple(of: 10) {
      significand /= 10
      exponent += 1
    }
    self.significand = significand
    self.exponent = exponent
  }

  /// The number, where it is whole and fits.
  public var integer: Int? {
    guard exponent >= 0 else { return nil }
    var value = significand
    for _ in 0..<min(exponent, 19) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = product
    }
    return Int(value)
  }

  /// Whether the number is below zero.
  public var isNegative: Bool { significand < 0 }

  /// A number as RFC 8259 writes it: no leading zero, no plus sign before the digits.
  ///
  /// Nil for anything else, for more than 18 significant digits and for exponents beyond ±30.
  public init?(jsonNumber text: some Collection<UInt8>) {
    var rest = text[...]
    let negative = rest.first == UInt8(ascii: "-")
    if negative { rest.removeFirst() }
    guard let first = rest.first, Self.digit(first) != nil else { return nil }
    var significand: Int64 = 0
    var exponent = 0
    var digits = 0
    var trailingZeros = 0
    func take(_ digit: Int64) -> Bool {
      if digit == 0 {
        if significand != 0 { trailingZeros += 1 }
        return true
      }
      for _ in 0...trailingZeros {
        digits += 1
        guard digits <= 18 else { return false }
        significand *= 10
      }
      trailingZeros = 0
      significand += digit
      return true
    }
    let whole = rest.prefix { Self.digit($0) != nil }
    if whole.count > 1, first == UInt8(ascii: "0") { return nil }
    for byte in whole {
      guard let digit = Self.digit(byte), take(digit) else { return nil }
    }
    rest = rest.dropFirst(whole.count)
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      let decimals = rest.prefix { Self.digit($0) != nil }
      guard !decimals.isEmpty, decimals.count <= 64 else { return nil }
      for byte in decimals {
        guard let digit = Self.digit(byte), take(digit) else { return nil }
      }
      fraction = decimals.count
      rest = rest.dropFirst(decimals.count)
    }
    if let sign = rest.first, sign == UInt8(ascii: "e") || sign == UInt8(ascii: "E") {
      rest.removeFirst()
      guard let power = Self.power(rest) else { return nil }
      exponent = power
      rest = rest.dropFirst(rest.count)
    }
    guard rest.isEmpty else { return nil }
    exponent += trailingZeros - fraction
    guard significand == 0 || (-30...30).contains(exponent) else { return nil }
    self.init(significand: negative ? -significand : significand, exponent: exponent)
  }

  private static func digit(_ byte: UInt8) -> Int64? {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int64(byte - UInt8(ascii: "0")) : nil
  }

  private static func power(_ text: some Collection<UInt8>) -> Int? {
    var rest = text[...]
    let negative = rest.first == UInt8(ascii: "-")
    if negative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    guard !rest.isEmpty, rest.count <= 3, rest.allSatisfy({ digit($0) != nil }) else { return nil }
    let value = rest.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    return negative ? -value : value
  }
}

extension Decimal: CustomStringConvertible, Comparable {
  /// The number without an exponent: `0.25`, `1200`.
  public var description: String {
    let digits = String(significand.magnitude)
    let sign = significand < 0 ? "-" : ""
    if exponent >= 0 { return sign + digits + String(repeating: "0", count: exponent) }
    let places = -exponent
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return sign + padded.dropLast(places) + "." + padded.suffix(places)
  }

  /// Order by value.
  public static func < (left: Decimal, right: Decimal) -> Bool {
    if left.significand.signum() != right.significand.signum() {
      return left.significand.signum() < right.significand.signum()
    }
    let order = magnitudeOrder(left, right)
    return left.significand < 0 ? order > 0 : order < 0
  }

  /// −1, 0 or 1: digits are compared as texts once both have the same number of places.
  private static func magnitudeOrder(_ left: Decimal, _ right: Decimal) -> Int {
    let places = max(0, -left.exponent, -right.exponent)
    func digits(_ number: Decimal) -> String {
      String(number.significand.magnitude)
        + String(repeating: "0", count: number.exponent + places)
    }
    let a = digits(left)
    let b = digits(right)
    if a.count != b.count { return a.count < b.count ? -1 : 1 }
    return a == b ? 0 : (a < b ? -1 : 1)
  }
}
