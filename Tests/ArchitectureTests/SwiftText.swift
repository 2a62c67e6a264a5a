/// The words and signs of Swift source, without its comments and the words of its texts: what is
/// left is code, so that a rule about code is not met by a sentence that speaks of it.
struct SwiftText {
  /// A word, or a single sign.
  struct Token: Equatable {
    let text: String
    let line: Int
    let start: Int

    /// Whether nothing stands between this and the next.
    func touches(_ next: Token) -> Bool { start + text.utf8.count == next.start }

    var isWord: Bool { text.utf8.first.map(Self.isWordByte) ?? false }
    var isCapitalized: Bool { text.first?.isUppercase ?? false }

    static func isWordByte(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
        true
      default: false
      }
    }
  }

  let tokens: [Token]

  init(_ source: String) {
    var reader = CodeReader(Array(source.utf8))
    reader.readCode(until: nil)
    tokens = reader.tokens
  }

  subscript(_ index: Int) -> String {
    tokens.indices.contains(index) ? tokens[index].text : ""
  }

  /// The modules that are imported, with the number of the line.
  var imports: [(line: Int, module: String)] {
    let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
    return tokens.indices.compactMap { index in
      guard self[index] == "import", self[index - 1] != "." else { return nil }
      let module = kinds.contains(self[index + 1]) ? index + 2 : index + 1
      guard tokens.indices.contains(module), tokens[module].line == tokens[index].line,
        tokens[module].isWord
      else { return nil }
      return (tokens[index].line, self[module])
    }
  }
}

/// Walks over source and takes its tokens, passing comments and the words of texts.
private struct CodeReader {
  private let source: [UInt8]
  private var at = 0
  private var line = 1
  private(set) var tokens: [SwiftText.Token] = []

  init(_ source: [UInt8]) { self.source = source }

  private func next(is first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
    at + 1 < source.count && source[at] == UInt8(ascii: first)
      && source[at + 1] == UInt8(ascii: second)
  }

  private mutating func skip() {
    if source[at] == UInt8(ascii: "\n") { line += 1 }
    at += 1
  }

  /// Reads to the end or, within a text, to the parenthesis that closes an interpolation.
  mutating func readCode(until closing: UInt8?) {
    var depth = 0
    while at < source.count {
      let byte = source[at]
      if next(is: "/", "/") {
        while at < source.count, source[at] != UInt8(ascii: "\n") { at += 1 }
      } else if next(is: "/", "*") {
        skipBlockComment()
      } else if let hashes = startOfText() {
        skipText(hashes)
      } else if SwiftText.Token.isWordByte(byte) {
        takeWord()
      } else {
        if let closing, byte == closing, depth == 0 { return }
        if byte == UInt8(ascii: "(") { depth += 1 }
        if byte == UInt8(ascii: ")") { depth -= 1 }
        if byte > 0x20 { take(source[at...at]) }
        skip()
      }
    }
  }

  private mutating func take(_ bytes: ArraySlice<UInt8>) {
    tokens.append(
      SwiftText.Token(
        text: String(decoding: bytes, as: UTF8.self), line: line, start: bytes.startIndex))
  }

  private mutating func takeWord() {
    let word = source[at...].prefix(while: SwiftText.Token.isWordByte)
    take(word)
    at = word.endIndex
  }

  private mutating func skipBlockComment() {
    var depth = 0
    repeat {
      if next(is: "/", "*") {
        depth += 1
        at += 2
      } else if next(is: "*", "/") {
        depth -= 1
        at += 2
      } else {
        skip()
      }
    } while depth > 0 && at < source.count
  }

  /// How many number signs stand before the quote that begins a text here; nil for no text.
  private func startOfText() -> Int? {
    var place = at
    while place < source.count, source[place] == UInt8(ascii: "#") { place += 1 }
    guard place < source.count, source[place] == UInt8(ascii: "\"") else { return nil }
    return place - at
  }

  private mutating func skipText(_ hashes: Int) {
    at += hashes
    let isLong = next(is: "\"", "\"") && at + 2 < source.count && source[at + 2] == source[at]
    let signs = [UInt8](repeating: UInt8(ascii: "#"), count: hashes)
    let quote = [UInt8](repeating: UInt8(ascii: "\""), count: isLong ? 3 : 1)
    at += quote.count
    while at < source.count {
      switch source[at] {
      case UInt8(ascii: "\"") where source[at...].starts(with: quote + signs):
        at += quote.count + hashes
        return
      case UInt8(ascii: "\\") where source[(at + 1)...].starts(with: signs):
        at += 1 + hashes
        guard at < source.count else { return }
        let isInterpolation = source[at] == UInt8(ascii: "(")
        skip()
        guard isInterpolation else { continue }
        readCode(until: UInt8(ascii: ")"))
        at += 1
      default: skip()
      }
    }
  }
}
