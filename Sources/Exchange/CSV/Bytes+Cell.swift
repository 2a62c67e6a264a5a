internal import Procedures

extension [UInt8] {
  /// What stands in a cell whose text was erased.
  private static let erased = "(erased)"

  /// A text in quotes, guarded against being taken for a formula; nothing where there is none.
  ///
  /// A spreadsheet computes a cell that begins with `=`, `+`, `-` or `@`, also in the full-width
  /// forms, and some drop white space before it (OWASP, "CSV Injection"). An apostrophe before such
  /// a text makes it a text. One is set also before a text that begins with an apostrophe or reads
  /// as an erased one, so that taking one apostrophe away from a cell that begins with one always
  /// gives the text back.
  mutating func putCell(_ text: String?) {
    guard let text, !text.isEmpty else { return }
    append(UInt8(ascii: "\""))
    if Self.needsGuard(text) { append(UInt8(ascii: "'")) }
    var quoted = text
    quoted.withUTF8 { bytes in
      for byte in bytes where byte == UInt8(ascii: "\"") {
        for byte in bytes {
          append(byte)
          if byte == UInt8(ascii: "\"") { append(byte) }
        }
        return
      }
      append(contentsOf: bytes)
    }
    append(UInt8(ascii: "\""))
  }

  /// A confidential text, or the word that stands for an erased one.
  mutating func putCell(_ text: Confidential?) {
    switch text {
    case .clear(let text): putCell(text)
    case .erased: putQuoted { $0.put(Self.erased) }
    // Whoever cannot open it learns no more than that it is there.
    case .sealed: putQuoted { $0.put("(sealed)") }
    case nil: break
    }
  }

  /// A text of our own making, in quotes.
  mutating func putQuoted(_ write: (inout [UInt8]) -> Void) {
    append(UInt8(ascii: "\""))
    write(&self)
    append(UInt8(ascii: "\""))
  }

  /// A list of codes in one cell; nothing where it is empty.
  mutating func putCellList<Elements: Sequence>(
    _ elements: Elements, _ write: (inout [UInt8], Elements.Element) -> Void
  ) {
    let start = count
    append(UInt8(ascii: "\""))
    putList(elements, separator: ";", write)
    if count == start + 1 {
      removeLast()
    } else {
      append(UInt8(ascii: "\""))
    }
  }

  private static func needsGuard(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return false }
    // Most texts begin so; no formula does.
    if UInt8(ascii: "0")...UInt8(ascii: "9") ~= first
      || UInt8(ascii: "a")...UInt8(ascii: "z") ~= first | 0x20
    {
      return false
    }
    if text == erased || text == "(sealed)" { return true }
    let scalars = text.unicodeScalars
    if let first = scalars.first, isWhiteSpaceOfControl(first) || first == "'" { return true }
    return scalars.first { !isPassedOver($0) }.map(beginsFormula) ?? false
  }

  private static func isWhiteSpaceOfControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\t" || scalar == "\r" || scalar == "\n"
  }

  /// Spaces, and characters that are not seen.
  private static func isPassedOver(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
      || scalar.value < 0x20 || scalar == "\""
  }

  private static func beginsFormula(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}", "\u{2212}": true
    default: false
    }
  }
}
