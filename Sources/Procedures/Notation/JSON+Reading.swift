/// Why bytes are not the JSON that the log takes.
public struct JSONError: Error, Equatable, Sendable {
  /// Offset of the first byte at fault, from 0.
  public let offset: Int
  /// What is wrong, in a sentence that repeats none of the content.
  public let sentence: String
}

extension JSON {
  /// How much one document may hold.
  ///
  /// The limits are checked while reading, so that hostile input costs no more than its first
  /// excess byte.
  public struct Limits: Sendable {
    /// Levels of arrays and objects within each other.
    public var depth: Int
    /// Bytes in the whole document.
    public var bytes: Int

    /// Limits of the given depth and size.
    public init(depth: Int = 32, bytes: Int = 1 << 20) {
      self.depth = depth
      self.bytes = bytes
    }
  }

  /// Reads one document and nothing after it.
  ///
  /// Stricter than most readers, since a log cannot be mended: duplicate names, lone surrogates,
  /// NUL characters (PostgreSQL's text has none), bytes that are not UTF-8, and numbers of more than
  /// 18 significant digits are refused.
  /// - Throws: ``JSONError`` with the place of the fault.
  public static func read(
    _ bytes: some Collection<UInt8>, limits: Limits = Limits()
  ) throws(JSONError) -> JSON {
    guard bytes.count <= limits.bytes else {
      throw JSONError(offset: limits.bytes, sentence: "longer than \(limits.bytes) bytes")
    }
    let copied: [UInt8] = if let array = bytes as? [UInt8] { array } else { Array(bytes) }
    guard String(validating: copied, as: UTF8.self) != nil else {
      throw JSONError(offset: invalidOffset(copied), sentence: "not UTF-8")
    }
    var reader = JSONReader(bytes: copied, depthLimit: limits.depth)
    return try reader.document()
  }

  private static func invalidOffset(_ bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      offset += UTF8.width(scalar)
    }
    return min(offset, bytes.count)
  }
}

/// A recursive descent over validated UTF-8; the recursion is bounded by the depth limit.
private struct JSONReader {
  let bytes: [UInt8]
  let depthLimit: Int
  var at = 0

  init(bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  func fault(_ sentence: String) -> JSONError { JSONError(offset: at, sentence: sentence) }

  mutating func document() throws(JSONError) -> JSON {
    skipSpace()
    let value = try value(depth: 0)
    skipSpace()
    guard at == bytes.count else { throw fault("more text after the value") }
    return value
  }

  mutating func skipSpace() {
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x09, 0x0A, 0x0D: at += 1
      default: return
      }
    }
  }

  mutating func value(depth: Int) throws(JSONError) -> JSON {
    guard at < bytes.count else { throw fault("the text ends where a value should stand") }
    switch bytes[at] {
    case UInt8(ascii: "{"): return try object(depth: depth + 1)
    case UInt8(ascii: "["): return try array(depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw fault("a character that starts no value")
    }
  }

  mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
    let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard bytes[at...].starts(with: expected) else {
      throw fault("a word that is not true, false or null")
    }
    at += expected.count
    return value
  }

  mutating func object(depth: Int) throws(JSONError) -> JSON {
    guard depth <= depthLimit else { throw fault("nested deeper than \(depthLimit) levels") }
    at += 1
    var members: [JSON.Member] = []
    var names: Set<String> = []
    skipSpace()
    if take("}") { return .object([]) }
    while true {
      skipSpace()
      guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
        throw fault("a member's name should stand here")
      }
      let start = at
      let name = try string()
      guard isNew(name, members, &names) else {
        at = start
        throw fault("a name stands twice in one object")
      }
      skipSpace()
      guard take(":") else { throw fault("a colon should stand here") }
      skipSpace()
      members.append(JSON.Member(name, try value(depth: depth)))
      skipSpace()
      if take(",") { continue }
      guard take("}") else { throw fault("a comma or a closing brace should stand here") }
      return .object(members)
    }
  }

  /// Whether a name stands for the first time; the set is filled only for objects of many members.
  func isNew(_ name: String, _ members: [JSON.Member], _ names: inout Set<String>) -> Bool {
    guard members.count >= 16 else { return !members.contains { $0.name == name } }
    if names.isEmpty { names.formUnion(members.lazy.map(\.name)) }
    return names.insert(name).inserted
  }

  mutating func array(depth: Int) throws(JSONError) -> JSON {
    guard depth <= depthLimit else { throw fault("nested deeper than \(depthLimit) levels") }
    at += 1
    var elements: [JSON] = []
    skipSpace()
    if take("]") { return .array([]) }
    while true {
      skipSpace()
      elements.append(try value(depth: depth))
      skipSpace()
      if take(",") { continue }
      guard take("]") else { throw fault("a comma or a closing bracket should stand here") }
      return .array(elements)
    }
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
    at += 1
    return true
  }

  mutating func number() throws(JSONError) -> JSON {
    let start = at
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
        UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        at += 1
        continue
      default: break
      }
      break
    }
    guard let number = Decimal(jsonNumber: bytes[start..<at]) else {
      at = start
      throw fault("a number that JSON does not allow, or of more than 18 digits")
    }
    return .number(number)
  }
}

extension JSONReader {
  mutating func string() throws(JSONError) -> String {
    at += 1
    let start = at
    // Most texts hold no escape: one slice, no copy by character.
    while at < bytes.count, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\") {
      guard bytes[at] >= 0x20 else { throw fault("a control character in a text") }
      at += 1
    }
    guard at < bytes.count else { throw fault("a text that does not end") }
    if take("\"") { return String(decoding: bytes[start..<(at - 1)], as: UTF8.self) }
    return try escapedString(from: start)
  }

  private mutating func escapedString(from start: Int) throws(JSONError) -> String {
    var text = Array(bytes[start..<at])
    while at < bytes.count {
      let byte = bytes[at]
      switch byte {
      case UInt8(ascii: "\""):
        at += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        text.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20:
        throw fault("a control character in a text")
      default:
        text.append(byte)
        at += 1
      }
    }
    throw fault("a text that does not end")
  }

  private mutating func escape() throws(JSONError) -> Character {
    at += 1
    guard at < bytes.count else { throw fault("a text that does not end") }
    defer { at += 1 }
    switch bytes[at] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return Character(try unicodeEscape())
    default: throw fault("an escape that JSON does not have")
    }
  }

  /// Leaves `at` on the last digit.
  private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let unit = try fourHexDigits()
    if unit == 0 { throw fault("a NUL character, which the log cannot hold") }
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard (0xD800...0xDBFF).contains(unit), at + 2 < bytes.count,
      bytes[at + 1] == UInt8(ascii: "\\"), bytes[at + 2] == UInt8(ascii: "u")
    else { throw fault("half of a surrogate pair") }
    at += 2
    let low = try fourHexDigits()
    guard (0xDC00...0xDFFF).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    else { throw fault("half of a surrogate pair") }
    return scalar
  }

  private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
    guard at + 4 < bytes.count else { throw fault("an escape that is cut short") }
    var unit: UInt32 = 0
    for offset in 1...4 {
      guard let digit = hexValue(bytes[at + offset]) else {
        throw fault("an escape that needs four hexadecimal digits")
      }
      unit = unit << 4 | UInt32(digit)
    }
    at += 4
    return unit
  }
}
