/// One step from a value of a document to a value within it.
enum JSONStep: Hashable, Sendable {
  case member(String)
  case element(Int)
}

/// The lines on which the values of a JSON text begin.
///
/// A value carries no place of its own, so a text that was read, and found at fault in its content,
/// is walked a second time.
struct JSONPlaces {
  private indirect enum Content {
    case leaf
    case object([String: Place])
    case array([Place])
  }

  private struct Place {
    let line: Int
    let content: Content
  }

  private let root: Place

  /// Walks a text that was read as JSON before; nil where it is none after all.
  init?(_ text: [UInt8]) {
    var walker = Walker(text: text)
    guard let root = walker.value(depth: 0) else { return nil }
    self.root = root
  }

  /// The line, from 1, of the value at the end of a path, or of the last value on the way to it;
  /// for a member that is of its name.
  func line(of path: [JSONStep]) -> Int {
    var place = root
    for step in path {
      switch (step, place.content) {
      case (.member(let name), .object(let members)):
        guard let member = members[name] else { return place.line }
        place = member
      case (.element(let index), .array(let elements)):
        guard elements.indices.contains(index) else { return place.line }
        place = elements[index]
      case (.member, .leaf), (.member, .array), (.element, .leaf), (.element, .object):
        return place.line
      }
    }
    return place.line
  }

  /// The line, from 1, in which a byte stands.
  static func line(ofByte offset: Int, in text: [UInt8]) -> Int {
    text.prefix(max(0, offset)).count { $0 == UInt8(ascii: "\n") } + 1
  }

  /// Walks validated text; the reader that went before bounds its depth and size.
  private struct Walker {
    let text: [UInt8]
    var at = 0
    var line = 1

    init(text: [UInt8]) { self.text = text }

    mutating func value(depth: Int, from start: Int? = nil) -> Place? {
      skipSpace()
      guard depth <= RuleBook.depthLimit, at < text.count else { return nil }
      let start = start ?? line
      switch text[at] {
      case UInt8(ascii: "{"):
        return object(depth).map { Place(line: start, content: .object($0)) }
      case UInt8(ascii: "["):
        return array(depth).map { Place(line: start, content: .array($0)) }
      case UInt8(ascii: "\""):
        _ = string()
      default:
        while at < text.count, !Self.ends(text[at]) { at += 1 }
      }
      return Place(line: start, content: .leaf)
    }

    private mutating func object(_ depth: Int) -> [String: Place]? {
      var members: [String: Place] = [:]
      at += 1
      skipSpace()
      if take("}") { return members }
      while at < text.count {
        skipSpace()
        let start = line
        let name = string()
        skipSpace()
        guard take(":"), let place = value(depth: depth + 1, from: start) else { return nil }
        members[name] = place
        skipSpace()
        if take("}") { return members }
        guard take(",") else { return nil }
      }
      return nil
    }

    private mutating func array(_ depth: Int) -> [Place]? {
      var elements: [Place] = []
      at += 1
      skipSpace()
      if take("]") { return elements }
      while at < text.count {
        guard let place = value(depth: depth + 1) else { return nil }
        elements.append(place)
        skipSpace()
        if take("]") { return elements }
        guard take(",") else { return nil }
      }
      return nil
    }

    /// A text as it is spelled, which is what it says where it holds no escape.
    private mutating func string() -> String {
      guard take("\"") else { return "" }
      let start = at
      while at < text.count, text[at] != UInt8(ascii: "\"") {
        at += text[at] == UInt8(ascii: "\\") ? 2 : 1
      }
      at = min(at, text.count)
      defer { at = min(at + 1, text.count) }
      return String(decoding: text[start..<at], as: UTF8.self)
    }

    private mutating func skipSpace() {
      while at < text.count {
        switch text[at] {
        case UInt8(ascii: "\n"): line += 1
        case 0x20, 0x09, 0x0D: break
        default: return
        }
        at += 1
      }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard at < text.count, text[at] == UInt8(ascii: character) else { return false }
      at += 1
      return true
    }

    private static func ends(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x20, 0x09, 0x0A, 0x0D: true
      default: false
      }
    }
  }
}
