/// A table read from RFC 4180 text whose first line names the columns.
public struct CSVTable: Sendable {
  /// The names of the columns.
  public let columns: [String]
  /// The rows below the names, each with as many fields as there are columns.
  public let rows: [[String]]

  /// Reads the text; a field may stand in quotes, with a quote in it doubled.
  ///
  /// Nil when a row has more or fewer fields than the first.
  public init?(_ text: String) {
    var lines: [[String]] = [[]]
    var field = ""
    var quoted = false
    var wasQuoted = false
    for character in text {
      switch character {
      case "\"" where quoted:
        quoted = false
        wasQuoted = true
      case "\"":
        // A quote right after a closing one is a quote of the text.
        if wasQuoted { field.append("\"") }
        quoted = true
      case "," where !quoted, "\n" where !quoted, "\r\n" where !quoted:
        lines[lines.count - 1].append(field)
        field = ""
        wasQuoted = false
        if character != "," { lines.append([]) }
      default:
        field.append(character)
      }
    }
    if !field.isEmpty || lines.last?.isEmpty == false { lines[lines.count - 1].append(field) }
    let filled = lines.filter { !$0.isEmpty && $0 != [""] }
    guard let first = filled.first, filled.allSatisfy({ $0.count == first.count }) else {
      return nil
    }
    columns = first
    rows = Array(filled.dropFirst())
  }

  /// The place of a column; nil when there is none of this name.
  public func index(of column: String) -> Int? { columns.firstIndex(of: column) }
}
