internal import Procedures

/// Where the next page of a list begins, in a form that callers pass back and do not read.
///
/// A cursor is the sort key of a page's last row. It carries no right: what it leads to is looked up
/// anew within the caller's facility.
enum PageCursor {
  static func text(_ key: JSON) -> String {
    String(
      decoding: Base64.encode(key.canonicalBytes).utf8.compactMap { letter -> UInt8? in
        switch letter {
        case UInt8(ascii: "+"): UInt8(ascii: "-")
        case UInt8(ascii: "/"): UInt8(ascii: "_")
        case UInt8(ascii: "="): nil
        default: letter
        }
      }, as: UTF8.self)
  }

  static func key(_ text: String) -> JSON? {
    var letters = text.utf8.map { letter in
      switch letter {
      case UInt8(ascii: "-"): UInt8(ascii: "+")
      case UInt8(ascii: "_"): UInt8(ascii: "/")
      default: letter
      }
    }
    letters.append(contentsOf: repeatElement(UInt8(ascii: "="), count: (4 - letters.count % 4) % 4))
    guard text.utf8.count <= 1024,
      let bytes = Base64.decode(String(decoding: letters, as: UTF8.self))
    else { return nil }
    return try? JSON.read(bytes)
  }
}
