internal import Procedures

extension [UInt8] {
  /// A carriage return: HL7 v2 knows no other end of a segment.
  ///
  /// Separators of fields that stay empty up to the end are left out, as is the custom; no escaped
  /// text ends in one.
  mutating func endSegment() {
    while last == UInt8(ascii: "|") { removeLast() }
    append(0x0D)
  }

  /// A text with what would be read as structure escaped (HL7 v2.5.1, 2.7).
  ///
  /// The delimiters have escapes of their own. Control characters, and the others at which some
  /// readers break lines, are written in hexadecimal, byte by byte of their UTF-8. A text of just
  /// two quotation marks would mean "delete", and is written in hexadecimal too.
  mutating func putHL7(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      for byte in bytes where !byte.isPlainInHL7 { return putEscaped(bytes) }
      append(contentsOf: bytes)
    }
  }

  private mutating func putEscaped(_ bytes: UnsafeBufferPointer<UInt8>) {
    if bytes.elementsEqual([UInt8(ascii: "\""), UInt8(ascii: "\"")]) {
      put(#"\X2222\"#)
      return
    }
    var at = 0
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "|"): put(#"\F\"#)
      case UInt8(ascii: "^"): put(#"\S\"#)
      case UInt8(ascii: "&"): put(#"\T\"#)
      case UInt8(ascii: "~"): put(#"\R\"#)
      case UInt8(ascii: #"\"#): put(#"\E\"#)
      default:
        let length = Self.lengthOfBreak(bytes, at)
        if length > 0 {
          put(#"\X"#)
          for byte in bytes[at..<at + length] { putHexadecimal(byte) }
          put(#"\"#)
          at += length
          continue
        }
        append(bytes[at])
      }
      at += 1
    }
  }

  /// The length of the character at a place where it is a control character or breaks lines: C0,
  /// DEL, C1, U+2028 and U+2029; 0 for any other.
  private static func lengthOfBreak(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int {
    let byte = bytes[at]
    if byte < 0x20 || byte == 0x7F { return 1 }
    if byte == 0xC2, at + 1 < bytes.count, bytes[at + 1] < 0xA0 { return 2 }
    if byte == 0xE2, at + 2 < bytes.count, bytes[at + 1] == 0x80,
      bytes[at + 2] == 0xA8 || bytes[at + 2] == 0xA9
    {
      return 3
    }
    return 0
  }

  private mutating func putHexadecimal(_ byte: UInt8) {
    for nibble in [byte >> 4, byte & 15] {
      append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10)
    }
  }

  /// A diagnosis with its point, as the classification writes it, also where it was recorded
  /// without.
  mutating func putPointed(_ code: DiagnosisCode) {
    var text = code.text
    text.withUTF8 { bytes in
      append(contentsOf: bytes.prefix(3))
      if bytes.count > 3, bytes[3] != UInt8(ascii: ".") { append(UInt8(ascii: ".")) }
      append(contentsOf: bytes.dropFirst(3))
    }
  }
}

extension UInt8 {
  /// Whether the byte stands for itself wherever it is.
  fileprivate var isPlainInHL7: Bool {
    switch self {
    case UInt8(ascii: "|"), UInt8(ascii: "^"), UInt8(ascii: "&"), UInt8(ascii: "~"),
      UInt8(ascii: #"\"#), UInt8(ascii: "\""), 0x7F:
      false
    default: (0x20..<0x80).contains(self)
    }
  }
}
