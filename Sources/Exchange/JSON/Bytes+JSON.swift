internal import Procedures

extension [UInt8] {
  /// A JSON text, escaped only where JSON demands it, as ``JSON/bytes`` does.
  mutating func putJSON(_ text: String) {
    append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { bytes in
      for byte in bytes where byte.isEscapedInJSON {
        for byte in bytes { putJSON(byte) }
        return
      }
      append(contentsOf: bytes)
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func putJSON(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): put(#"\""#)
    case UInt8(ascii: "\\"): put(#"\\"#)
    case 0x0A: put(#"\n"#)
    case 0x0D: put(#"\r"#)
    case 0x09: put(#"\t"#)
    case 0..<0x20:
      put(#"\u00"#)
      append(ShortText.digit(byte >> 4))
      append(ShortText.digit(byte & 15))
    default: append(byte)
    }
  }

  /// A JSON text, or null.
  mutating func putJSON(_ text: String?) {
    if let text { putJSON(text) } else { put("null") }
  }

  /// A confidential text, the object that stands in its place, or null.
  mutating func putJSON(_ text: Confidential?) {
    switch text {
    case .clear(let text): putJSON(text)
    case .erased: put(#"{"erased":true}"#)
    case .sealed, nil: text?.json.write(into: &self, sorted: false) ?? put("null")
    }
  }
}

extension UInt8 {
  fileprivate var isEscapedInJSON: Bool {
    self < 0x20 || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\\")
  }
}
