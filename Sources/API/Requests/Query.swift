internal import Hummingbird
internal import Procedures
internal import Projectors

/// Takes the parameters of a query, each once, and says which was wrong or unknown.
struct Query {
  /// How many parameters a query may have.
  private static let limit = 32

  private var parameters: [(name: String, value: String)]
  private var taken: Set<String> = []

  /// Reads the query of a request.
  init(_ request: Request) throws(Problem) {
    var parameters: [(name: String, value: String)] = []
    let parts = (request.uri.query ?? "").split(separator: "&")
    guard parts.count <= Self.limit else {
      throw .invalidParameter("query", "have at most \(Self.limit) parameters")
    }
    for part in parts {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decoded(pair[0]),
        let value = Self.decoded(pair.count > 1 ? pair[1] : "")
      else { throw .invalidParameter("query", "be UTF-8, percent-encoded") }
      guard !parameters.contains(where: { $0.name == name }) else {
        throw .invalidParameter(Self.printable(name), "stand once")
      }
      parameters.append((name, value))
    }
    self.parameters = parameters
  }

  /// The value of a parameter, read as the closure says; nil where it is not there.
  mutating func optional<Value>(
    _ name: String, _ expectation: String, _ read: (String) -> Value?
  ) throws(Problem) -> Value? {
    taken.insert(name)
    guard let text = parameters.first(where: { $0.name == name })?.value else { return nil }
    guard let value = read(text) else { throw .invalidParameter(name, "be \(expectation)") }
    return value
  }

  /// Refuses the first parameter that nothing has taken.
  func finish() throws(Problem) {
    guard let unknown = parameters.first(where: { !taken.contains($0.name) }) else { return }
    let name = Self.printable(unknown.name)
    throw Problem(
      .refusal(.fieldUnknown), "\(name) is not a parameter of this address.", field: name,
      status: .badRequest)
  }

  /// A name is repeated only when it looks like one, so that no patient's data slips out.
  private static func printable(_ name: String) -> String {
    let isPlain =
      (1...40).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      }
    return isPlain ? name : "(unprintable)"
  }

  /// Undoes percent-encoding; a plus sign stays one, as in the offset of a time.
  static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(hexDigit),
        let low = rest.popFirst().flatMap(hexDigit)
      else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
  }
}

extension Problem {
  /// A parameter, a header or a part of the address that is not what it must be.
  static func invalidParameter(_ name: String, _ expectation: String) -> Problem {
    Problem(
      .refusal(.fieldInvalid), "\(name) must \(expectation).", field: name, status: .badRequest)
  }
}

// MARK: - What parameters say

extension Query {
  mutating func caseID() throws(Problem) -> CaseID? {
    try optional("case", "a UUID") { CaseID($0) }
  }

  /// Where a page begins.
  mutating func cursor() throws(Problem) -> PageCursor? {
    try optional("cursor", "what a link of this list said") {
      $0.utf8.count <= 256 ? PageCursor($0) : nil
    }
  }

  /// The address of the same list from a cursor on.
  func address(_ path: String, at cursor: PageCursor) -> String {
    address(path, with: "cursor", cursor.description)
  }

  /// The address of the same list with another value of one parameter.
  func address(_ path: String, with name: String, _ value: String) -> String {
    var other = self
    other.parameters.removeAll { $0.name == name }
    other.parameters.append((name, value))
    return other.address(path)
  }

  /// The address itself, its parameters in the order in which they came.
  func address(_ path: String) -> String {
    let texts = parameters.map { "\($0.name)=\(Self.encoded($0.value))" }
    return path + (texts.isEmpty ? "" : "?" + texts.joined(separator: "&"))
  }

  /// Percent-encodes all but what RFC 3986 calls unreserved.
  private static func encoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return text.utf8.reduce(into: "") { encoded, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default: encoded += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }
  }

  mutating func date(_ name: String) throws(Problem) -> CalendarDate? {
    try optional(name, "a date such as 2026-03-02") { CalendarDate($0) }
  }

  /// How much a page holds.
  mutating func limit(_ range: ClosedRange<Int>, default standard: Int) throws(Problem) -> Int {
    try optional("limit", "a whole number from \(range.lowerBound) to \(range.upperBound)") {
      Self.wholeNumber($0).flatMap { range.contains($0) ? $0 : nil }
    } ?? standard
  }

  mutating func version(_ name: String) throws(Problem) -> Int64? {
    try optional(name, "a version: 0, 1, 2 …") { Self.wholeNumber($0).map { Int64($0) } }
  }

  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ type: Choice.Type = Choice.self
  ) throws(Problem) -> Choice? {
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return try optional(name, "one of \(names)") { Choice(rawValue: $0) }
  }

  mutating func term<Subject>(_ name: String) throws(Problem) -> Term<Subject>? {
    try optional(name, "a text of 1 to 128 characters") { Term<Subject>($0) }
  }

  /// Digits alone, so that ` 7`, `+7` and `007` are not three ways to say one number; at most 18, as
  /// in the numbers of the log's JSON.
  static func wholeNumber(_ text: some StringProtocol) -> Int? {
    guard text.utf8.count <= 18, let number = Int(text), number >= 0, String(number) == text else {
      return nil
    }
    return number
  }
}
