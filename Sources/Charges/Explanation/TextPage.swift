/// Lines of text for a person, wrapped at a width, under heads that may stand out.
struct TextPage {
  private let width: Int
  private let head: (String) -> String
  private var lines: [String] = []

  init(width: Int, head: @escaping (String) -> String) {
    self.width = width
    self.head = head
  }

  /// A head, with an empty line before it unless it is the first.
  mutating func addHead(_ text: String) {
    if !lines.isEmpty { lines.append("") }
    lines += wrapped(text, indent: 0).map(head)
  }

  /// A paragraph; what does not fit on a line goes on below, two letters further in.
  ///
  /// A word that is longer than a line, such as a code, is not broken.
  mutating func add(_ text: String, indent: Int = 2) {
    lines += wrapped(text, indent: indent)
  }

  private func wrapped(_ text: String, indent: Int) -> [String] {
    var lines: [String] = []
    var line = String(repeating: " ", count: indent)
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = String(repeating: " ", count: indent + 2) + word
      } else {
        line += (isEmpty ? "" : " ") + word
      }
      isEmpty = false
    }
    return lines + [line]
  }

  /// The page.
  var text: String { lines.map { $0 + "\n" }.joined() }
}

extension String {
  /// The text as a sentence begins.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
