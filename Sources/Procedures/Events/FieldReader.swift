/// Takes the fields of one JSON object, each once, and says which was missing, wrong or unknown.
struct FieldReader {
  /// Where the object stands, such as `data.`; empty for the outermost.
  let path: String
  private let members: [JSON.Member]
  /// One bit for each of the first 64 members: no event has as many fields.
  private var taken: UInt64 = 0

  init(_ value: JSON, at path: String) throws(Refusal) {
    guard case .object(let members) = value else {
      let name = path.isEmpty ? "The event" : path
      throw Refusal(
        .fieldInvalid, "\(name) must be an object, not \(value.kind).",
        field: path.isEmpty ? nil : path)
    }
    self.path = path.isEmpty ? "" : path + "."
    self.members = members
  }

  func invalid(_ name: String, _ expectation: String) -> Refusal {
    Refusal(.fieldInvalid, "\(path)\(name) must be \(expectation).", field: path + name)
  }

  /// The raw value of a field that may be absent.
  mutating func value(_ name: String) -> JSON? {
    // Names of fields are ASCII; a text that only Unicode holds equal to one is longer.
    let place = members.firstIndex {
      $0.name == name && $0.name.utf8.count == name.utf8.count
    }
    guard let place else { return nil }
    if place < 64 { taken |= 1 << UInt64(place) }
    return members[place].value
  }

  /// The raw value of a field that must be there.
  mutating func required(_ name: String) throws(Refusal) -> JSON {
    guard let value = value(name) else {
      throw Refusal(.fieldMissing, "\(path)\(name) is missing.", field: path + name)
    }
    return value
  }

  /// Refuses the first field that nothing has taken.
  func finish() throws(Refusal) {
    let place = members.indices.first { $0 >= 64 || taken >> UInt64($0) & 1 == 0 }
    guard let unknown = place.map({ members[$0] }) else { return }
    let name = Self.printable(unknown.name)
    throw Refusal(
      .fieldUnknown, "\(path)\(name) is not a field of this event.", field: path + name)
  }

  /// The name as a sentence may repeat it: only what looks like a name, so that no patient's data
  /// slips out.
  static func printable(_ name: String) -> String {
    let looksLikeName =
      (1...40).contains(name.utf8.count)
      && name.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
    return looksLikeName ? name : "(unprintable)"
  }
}

/// What a field's value must be, in words and as a parser from JSON.
///
/// The words are made only for a refusal: reading a right value costs none of them.
struct FieldForm<Value>: Sendable {
  private let words: @Sendable () -> String
  let parse: @Sendable (JSON) -> Value?

  var expectation: String { words() }

  init(
    _ words: @autoclosure @escaping @Sendable () -> String,
    _ parse: @escaping @Sendable (JSON) -> Value?
  ) {
    self.words = words
    self.parse = parse
  }

  /// A list of such values, of a count within the range.
  func list(_ count: ClosedRange<Int>) -> FieldForm<[Value]> {
    FieldForm<[Value]>(
      "a list of \(count.lowerBound) to \(count.upperBound), each \(expectation)"
    ) {
      guard let elements = $0.elements, count.contains(elements.count) else { return nil }
      var values: [Value] = []
      values.reserveCapacity(elements.count)
      for element in elements {
        guard let value = parse(element) else { return nil }
        values.append(value)
      }
      return values
    }
  }
}

extension FieldReader {
  mutating func required<V>(_ name: String, _ form: FieldForm<V>) throws(Refusal) -> V {
    guard let value = form.parse(try required(name)) else { throw invalid(name, form.expectation) }
    return value
  }

  mutating func optional<V>(_ name: String, _ form: FieldForm<V>) throws(Refusal) -> V? {
    guard let raw = value(name) else { return nil }
    guard let value = form.parse(raw) else { throw invalid(name, form.expectation) }
    return value
  }
}

extension FieldForm {
  static func term<Subject>() -> FieldForm where Value == Term<Subject> {
    FieldForm("a text of 1 to 128 characters without control characters") {
      $0.text.flatMap(Term<Subject>.init)
    }
  }

  static func identifier<Subject>() -> FieldForm where Value == Identifier<Subject> {
    FieldForm("a UUID such as 3c3b886b-12ee-5233-aa0d-6b0f5775c124") {
      $0.text.flatMap(Identifier<Subject>.init)
    }
  }

  static func choice() -> FieldForm
  where Value: RawRepresentable<String> & CaseIterable & SendableMetatype {
    FieldForm("one of " + Value.allCases.map(\.rawValue).joined(separator: ", ")) {
      $0.text.flatMap(Value.init(rawValue:))
    }
  }
}

extension FieldForm where Value == Instant {
  static let instant = FieldForm(
    "a time with an offset (RFC 3339) such as 2026-03-02T08:31:00-05:00"
  ) { $0.text.flatMap(Instant.init) }
}

extension FieldForm where Value == CalendarDate {
  static let date = FieldForm("a date such as 2026-03-02") { $0.text.flatMap(CalendarDate.init) }
}

extension FieldForm where Value == Bool {
  static let flag = FieldForm("true or false") { $0.flag }
}

extension FieldForm where Value == Int {
  static func integer(_ range: ClosedRange<Int>) -> FieldForm {
    FieldForm("a whole number from \(range.lowerBound) to \(range.upperBound)") {
      $0.number?.integer.flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension FieldForm where Value == Decimal {
  static let amount = FieldForm("a number, 0 or more") {
    $0.number.flatMap { $0.isNegative ? nil : $0 }
  }
}

extension FieldForm where Value == String {
  /// Text that must match a shape of codes, in upper case.
  static func code(
    _ expectation: String, _ fits: @escaping @Sendable ([UInt8]) -> Bool
  ) -> FieldForm {
    FieldForm(expectation) { $0.text.flatMap { fits(Array($0.utf8)) ? $0 : nil } }
  }
}

extension FieldForm where Value == Confidential {
  /// A text for people; `{"sealed":…}` as the log holds it; `{"erased":true}` after an erasure.
  static let confidential = FieldForm("a text of 1 to \(Confidential.byteLimit) bytes") {
    switch $0 {
    case .string(let text):
      return (1...Confidential.byteLimit).contains(text.utf8.count) ? .clear(text) : nil
    case .object(let members) where members.count == 1:
      if members[0].name == "erased", members[0].value == true { return .erased }
      guard members[0].name == "sealed" else { return nil }
      return members[0].value.text.flatMap { Base64.decode($0) }.map { .sealed($0) }
    case .object, .null, .bool, .number, .array:
      return nil
    }
  }
}

extension Confidential {
  /// The text, or the object that stands in its place.
  public var json: JSON {
    switch self {
    case .clear(let text): .string(text)
    case .sealed(let bytes): ["sealed": .string(Base64.encode(bytes))]
    case .erased: ["erased": true]
    }
  }
}
