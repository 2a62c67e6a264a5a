internal import Exchange
internal import Logging
internal import Store

/// How a setting's text is read and shown, and what is allowed.
struct SettingKind<Value: Sendable>: Sendable {
  /// What is allowed, as it follows "must be".
  let allowed: String
  /// The words that it may be, where these are few.
  var words: [String] = []
  /// Whether a file may give it as a number; all others are texts there.
  var takesNumber = false
  let read: @Sendable (String) -> Value?
  let show: @Sendable (Value) -> String
}

extension SettingKind where Value == Int {
  /// A whole number.
  static func count(_ range: ClosedRange<Int>) -> Self {
    Self(
      allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)", takesNumber: true,
      read: { text in digits(text).flatMap { range.contains($0) ? $0 : nil } }, show: { "\($0)" })
  }

  /// Bytes: a number, or one of KiB, MiB or GiB.
  static func size(_ range: ClosedRange<Int>) -> Self {
    Self(
      allowed: "a size such as 512KiB or 4MiB, from \(text(range.lowerBound)) to "
        + text(range.upperBound), takesNumber: true,
      read: { text in
        let (unit, rest) = split(text, ["GiB": 1 << 30, "MiB": 1 << 20, "KiB": 1 << 10])
        guard let number = digits(rest) else { return nil }
        let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: unit ?? 1)
        return !isTooLarge && range.contains(bytes) ? bytes : nil
      }, show: text)
  }

  @Sendable private static func text(_ bytes: Int) -> String {
    for (name, unit) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
    where bytes >= unit && bytes.isMultiple(of: unit) {
      return "\(bytes / unit)\(name)"
    }
    return "\(bytes)"
  }
}

extension SettingKind where Value == Duration {
  private static var units: [String: Int] { ["ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000] }

  /// A time: a whole number with ms, s, m or h.
  static func time(_ range: ClosedRange<Duration>) -> Self {
    Self(
      allowed: "a time such as 500ms, 30s or 2m, from \(text(range.lowerBound)) to "
        + text(range.upperBound),
      read: { text in
        let (unit, rest) = split(text, units)
        guard let unit, let number = digits(rest), number <= 1 << 40 else { return nil }
        let duration = Duration.milliseconds(number * unit)
        return range.contains(duration) ? duration : nil
      }, show: text)
  }

  @Sendable private static func text(_ duration: Duration) -> String {
    let milliseconds = Int(duration / .milliseconds(1))
    for (name, unit) in units.sorted(by: { $0.value > $1.value })
    where milliseconds >= unit && milliseconds.isMultiple(of: unit) {
      return "\(milliseconds / unit)\(name)"
    }
    return "\(milliseconds)ms"
  }
}

extension SettingKind where Value == String {
  /// A name or address of a machine.
  static var host: Self {
    Self(
      allowed: "a host name or address, without a port",
      read: { text in
        let isAllowed = (1...253).contains(text.utf8.count) && text.utf8.allSatisfy(isPlain)
        return isAllowed && !text.contains("/") ? text : nil
      }, show: { $0 })
  }
}

extension SettingKind where Value == String? {
  /// A path; `unset` says what holds where none is set.
  ///
  /// A master key that was set as its file's path would be shown wherever the path is.
  static func path(unset: String) -> Self {
    Self(
      allowed: "a path",
      read: { text in
        let isAllowed =
          (1...4_095).contains(text.utf8.count) && !text.utf8.contains { $0 < 0x20 }
          && MasterKey(base64: text) == nil
        guard isAllowed else { return nil }
        return .some(text)
      }, show: { $0 ?? unset })
  }
}

extension SettingKind where Value == Secret? {
  /// A secret that is well formed in the eyes of `isAllowed`.
  static func secret(
    _ allowed: String, unset: String, _ isAllowed: @Sendable @escaping (String) -> Bool
  ) -> Self {
    Self(
      allowed: allowed,
      read: { text in
        guard isAllowed(text) else { return nil }
        return .some(Secret(text))
      },
      show: { $0?.description ?? unset })
  }

  /// What libpq takes to connect.
  static var databaseURL: Self {
    secret(
      "a PostgreSQL URL (postgresql://…) or its settings (host=… dbname=…)",
      unset: "none"
    ) { text in
      (1...4_096).contains(text.utf8.count) && !text.utf8.contains { $0 < 0x20 }
        && (text.hasPrefix("postgresql://") || text.hasPrefix("postgres://")
          || (text.contains("=") && !text.contains("://")))
    }
  }

  /// A master key.
  static var masterKey: Self {
    secret("32 bytes in base64", unset: "none") { MasterKey(base64: $0) != nil }
  }
}

extension SettingKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of a few words.
  static var word: Self {
    let words = Value.allCases.map(\.rawValue)
    return Self(
      allowed: "one of \(words.joined(separator: ", "))", words: words,
      read: { Value(rawValue: $0) }, show: { $0.rawValue })
  }
}

/// Decimal digits and nothing else.
private func digits(_ text: some StringProtocol) -> Int? {
  guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
  else { return nil }
  return Int(text)
}

/// The unit at the end of a text and what stands before it; nil where it has none.
private func split(_ text: String, _ units: [String: Int]) -> (unit: Int?, rest: Substring) {
  let found = units.filter { text.hasSuffix($0.key) }.max { $0.key.utf8.count < $1.key.utf8.count }
  guard let found else { return (nil, text[...]) }
  return (found.value, text.dropLast(found.key.count))
}

private func isPlain(_ letter: UInt8) -> Bool { letter > 0x20 && letter < 0x7F }

extension SettingKind where Value == CreditCode {
  /// A code of HL7 table 0017.
  static var creditCode: Self {
    Self(
      allowed: "one to eight capital letters or digits, and not CG", read: { CreditCode($0) },
      show: { $0.text })
  }
}
