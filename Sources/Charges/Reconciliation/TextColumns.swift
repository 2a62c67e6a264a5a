/// Rows for people, in columns as wide as their widest cell, two letters in.
struct TextColumns {
  private let header: [String]
  private var rows: [[String]] = []
  private let rightAligned: Set<Int>

  init(_ header: [String], rightAligned: Set<Int> = []) {
    self.header = header
    self.rightAligned = rightAligned
  }

  mutating func add(_ cells: [String]) { rows.append(cells) }

  /// The heading and a line a row, the last one ended.
  var text: String {
    var widths = header.map(\.count)
    for row in rows {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
    }
    return ([header] + rows).map { line($0, widths) + "\n" }.joined()
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = "  "
    for (column, cell) in cells.enumerated() {
      let padding = String(repeating: " ", count: widths[column] - cell.count)
      let isLast = column == cells.count - 1
      text += rightAligned.contains(column) ? padding + cell : cell + (isLast ? "" : padding)
      if !isLast { text += "  " }
    }
    // A last cell that is empty leaves no blanks behind.
    return String(text.reversed().drop { $0 == " " }.reversed())
  }
}
