/// A table read from RFC 4180 text whose first line names the columns.
public struct CSVTable: Sendable {
  /// The names of the columns.
  public let columns: [String]
  /// The rows below the names, each with as many fields as there are columns.
  public let rows: [[String]]

  /// Reads the text; a field may stand in quotes, with a quote in it doubled.
  ///
  /// Lines end in LF or CRLF; empty ones are passed over. Nil when a row has more or fewer fields
  /// than the first, when a quoted field does not end, or when a quote stands within a field.
  public init?(_ text: String) {
    var reader = CSVReader(bytes: Array(text.utf8))
    var lines: [[String]] = []
    while !reader.isAtEnd {
      guard let line = reader.line() else { return nil }
      if line != [""] { lines.append(line) }
    }
    guard let first = lines.first, lines.allSatisfy({ $0.count == first.count }) else {
      return nil
    }
    columns = first
    rows = Array(lines.dropFirst())
  }

  /// The place of a column; nil when there is none of this name.
  public func index(of column: String) -> Int? { columns.firstIndex(of: column) }
}

private struct CSVReader {
  let bytes: [UInt8]
  var at = 0

  var isAtEnd: Bool { at == bytes.count }

  /// The fields up to the end of the line, which is passed.
  mutating func line() -> [String]? {
    var fields: [String] = []
    while true {
      guard let field = take("\"") ? quotedField() : plainField() else { return nil }
      fields.append(field)
      if take(",") { continue }
      _ = take("\r")
      guard isAtEnd || take("\n") else { return nil }
      return fields
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
    at += 1
    return true
  }

  private mutating func plainField() -> String? {
    let rest = bytes[at...]
    let field = rest.prefix {
      $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r")
    }
    at = field.endIndex
    return field.contains(UInt8(ascii: "\"")) ? nil : String(decoding: field, as: UTF8.self)
  }

  /// What stands between the quotes; the first is passed already.
  private mutating func quotedField() -> String? {
    var field: [UInt8] = []
    while !isAtEnd {
      let part = bytes[at...].prefix { $0 != UInt8(ascii: "\"") }
      field.append(contentsOf: part)
      at = part.endIndex
      guard take("\"") else { return nil }
      guard take("\"") else { return String(decoding: field, as: UTF8.self) }
      field.append(UInt8(ascii: "\""))
    }
    return nil
  }
}
