/// Whether a payload is plainly canonical, and what its hot columns must say: a reader of bytes that
/// makes no value.
///
/// It knows the payloads of nearly every row: names in order, ASCII without escapes, whole numbers.
/// Whatever else it meets, it says that it cannot tell, and the payload is read in full.
struct PlainPayload {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0
  private var depth = 0
  /// The member of the outermost object that is being read.
  private var member: Range<Int>?

  /// The values of the hot members in the order of ``names``: texts without their quotes, or the word
  /// `true` or `false`.
  private var hot = InlineArray<6, Range<Int>?>(repeating: nil)

  /// Deeper and longer ones are left to the full reader, which has its own bounds.
  private static let depthLimit = 16
  private static let byteLimit = 65_536
  /// Longer numbers are left to the full reader, which knows how many digits may be.
  private static let digitLimit = 15

  /// Reads a payload; nil when it cannot be told.
  init?(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    guard bytes.count <= Self.byteLimit, bytes.first == UInt8(ascii: "{") else { return nil }
    guard value(), offset == bytes.count else { return nil }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard offset < bytes.count, bytes[offset] == byte else { return false }
    offset += 1
    return true
  }

  private mutating func value() -> Bool {
    guard offset < bytes.count else { return false }
    switch bytes[offset] {
    case UInt8(ascii: "{"): return object()
    case UInt8(ascii: "["): return array()
    case UInt8(ascii: "\""):
      guard let text = string() else { return false }
      note(text, isText: true)
      return true
    case UInt8(ascii: "t"): return word("true")
    case UInt8(ascii: "f"): return word("false")
    case UInt8(ascii: "n"): return word("null")
    default: return number()
    }
  }

  private mutating func object() -> Bool {
    offset += 1
    depth += 1
    guard depth <= Self.depthLimit else { return false }
    defer { depth -= 1 }
    if take(UInt8(ascii: "}")) { return true }
    var last: Range<Int>?
    while true {
      guard let name = string(), take(UInt8(ascii: ":")) else { return false }
      // Each name once and in order.
      if let last, !bytes[last].lexicographicallyPrecedes(bytes[name]) { return false }
      last = name
      if depth == 1 { member = name }
      guard value() else { return false }
      if take(UInt8(ascii: "}")) { return true }
      guard take(UInt8(ascii: ",")) else { return false }
    }
  }

  private mutating func array() -> Bool {
    offset += 1
    depth += 1
    guard depth <= Self.depthLimit else { return false }
    defer { depth -= 1 }
    if take(UInt8(ascii: "]")) { return true }
    while true {
      guard value() else { return false }
      if take(UInt8(ascii: "]")) { return true }
      guard take(UInt8(ascii: ",")) else { return false }
    }
  }

  /// A text without escapes; where it stands, without its quotes.
  private mutating func string() -> Range<Int>? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = offset
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\"") {
        offset += 1
        return start..<offset - 1
      }
      guard (0x20..<0x7F).contains(byte), byte != UInt8(ascii: "\\") else { return nil }
      offset += 1
    }
    return nil
  }

  private mutating func word(_ word: StaticString) -> Bool {
    let start = offset
    for place in 0..<word.utf8CodeUnitCount where !take(word.utf8Start[place]) { return false }
    note(start..<offset, isText: false)
    return true
  }

  /// A whole number that is not negative and has no needless zero.
  private mutating func number() -> Bool {
    let start = offset
    while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) { offset += 1 }
    let count = offset - start
    guard (1...Self.digitLimit).contains(count) else { return false }
    return count == 1 || bytes[start] != UInt8(ascii: "0")
  }
}

extension PlainPayload {
  private static let names: [(name: StaticString, column: StoredLeaf.Column)] = [
    ("vessel", .vessel), ("side", .side), ("modality", .modality),
    ("imagesStored", .imagesStored), ("lesion", .lesion), ("entry", .entryID),
  ]

  /// Remembers a value of the outermost object that stands in a column, too.
  private mutating func note(_ value: Range<Int>, isText: Bool) {
    guard depth == 1, let member else { return }
    for place in Self.names.indices where isName(member, Self.names[place].name) {
      // A flag where a text is due, or the other way round, is not in the column.
      let isNull = !isText && bytes[value.lowerBound] == UInt8(ascii: "n")
      if isText == (Self.names[place].column != .imagesStored), !isNull { hot[place] = value }
    }
  }

  private func isName(_ member: Range<Int>, _ name: StaticString) -> Bool {
    member.count == name.utf8CodeUnitCount
      && bytes[member].elementsEqual(
        UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }

  /// Whether the hot columns of a row say what the payload says; false also where it cannot be told.
  func agrees(with leaf: StoredLeaf) -> Bool {
    for (index, (_, column)) in Self.names.enumerated() {
      switch (hot[index], leaf.places[column.rawValue]) {
      case (nil, nil): continue
      case (let said?, let place?):
        let stored = leaf.bytes[place]
        switch column {
        case .imagesStored:
          guard (bytes[said.lowerBound] == UInt8(ascii: "t")) == (stored.first == 1) else {
            return false
          }
        // An id is compared as the id that it is, by the full reader.
        case .entryID: return false
        default: guard bytes[said].elementsEqual(stored) else { return false }
        }
      default: return false
      }
    }
    return true
  }
}
