/// A JSON value as RFC 8259 has it, with what the log needs kept exact: the order of members
/// does not matter to equality, and a number is a decimal, never binary floating point.
public enum JSON: Sendable {
  case null
  case bool(Bool)
  case number(Decimal)
  case string(String)
  case array([JSON])
  /// Members in the order in which they were read; names are distinct.
  case object([Member])

  /// One name and its value.
  public struct Member: Sendable {
    /// The member's name.
    public let name: String
    /// The member's value.
    public let value: JSON

    /// A member of the given name and value.
    public init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// What the value is called in a sentence for a person.
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// The value of the member of this name, where the value is an object that has it.
  public subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The text, where the value is one.
  public var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// The elements, where the value is a list.
  public var elements: [JSON]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  /// The members, where the value is an object.
  public var members: [Member]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// The number, where the value is one.
  public var number: Decimal? {
    guard case .number(let number) = self else { return nil }
    return number
  }

  /// The truth value, where the value is one.
  public var flag: Bool? {
    guard case .bool(let flag) = self else { return nil }
    return flag
  }
}

extension JSON: Equatable {
  /// Two values are equal when they are after decoding: members in any order, numbers by value.
  public static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)):
      a.count == b.count
        && zip(a.byName, b.byName).allSatisfy {
          $0.name.utf8.elementsEqual($1.name.utf8) && $0.value == $1.value
        }
    case (.null, _), (.bool, _), (.number, _), (.string, _), (.array, _), (.object, _): false
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .number(Decimal(value)) }
  /// A list.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// An object; names must be distinct.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }

  /// A whole number.
  public static func integer(_ value: some BinaryInteger) -> JSON { .number(Decimal(value)) }

  /// A text, or null.
  public static func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }

  /// A list of texts.
  public static func texts(_ values: some Sequence<String>) -> JSON {
    .array(values.map { .string($0) })
  }
}

extension [JSON.Member] {
  /// The members in the byte order of their names.
  var byName: [JSON.Member] {
    sorted { $0.name.precedesInBytes($1.name) }
  }
}

extension String {
  /// Whether the text stands before another in the order of its UTF-8 bytes, which is also that of
  /// its Unicode scalars.
  func precedesInBytes(_ other: String) -> Bool {
    var left = self
    var right = other
    return left.withUTF8 { left in
      right.withUTF8 { right in
        for place in 0..<Swift.min(left.count, right.count) where left[place] != right[place] {
          return left[place] < right[place]
        }
        return left.count < right.count
      }
    }
  }
}

extension JSON: Hashable {
  /// Equal values hash alike, whatever the order of their members.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(canonicalBytes)
  }
}
