extension ChargeFormat {
  /// The form that an HTTP `Accept` header asks for; nil where it takes none.
  ///
  /// As RFC 9110, 12.5.1 has it: of the ranges that fit a form the most specific one says how much
  /// it is wanted (`q`, 1 if left out, 0 for never). The form wanted most is chosen; of those wanted
  /// alike the one named more exactly, then the one named first, then the first of all cases. A
  /// range that is malformed is passed over. Without a header, or with an empty one, it is JSON.
  ///
  /// - Parameter header: the values of the header, joined by commas where it stood several times.
  /// - Returns: the form, or nil where none is acceptable.
  public static func accepted(by header: String?) -> ChargeFormat? {
    let header = header ?? ""
    guard header.contains(where: { $0 != " " && $0 != "\t" && $0 != "," }) else { return .json }
    let ranges = MediaRange.all(in: header)
    var best: (format: ChargeFormat, wanted: (quality: Int, specificity: Int, place: Int))?
    for format in allCases {
      guard let range = format.range(in: ranges), range.quality > 0 else { continue }
      let wanted = (range.quality, range.specificity, -range.place)
      if let known = best, known.wanted >= wanted { continue }
      best = (format, wanted)
    }
    return best?.format
  }

  /// The range that says how much the form is wanted: the most specific that fits, the first of
  /// such.
  private func range(in ranges: [MediaRange]) -> MediaRange? {
    var closest: MediaRange?
    for range in ranges where fits(range) {
      if let closest, closest.specificity >= range.specificity { continue }
      closest = range
    }
    return closest
  }

  private func fits(_ range: MediaRange) -> Bool {
    guard knownTypes.contains(where: { range.takes(type: $0.type, subtype: $0.subtype) }) else {
      return false
    }
    return range.parameters.allSatisfy { name, value in
      switch name {
      case "charset": value == "utf-8" || value == "utf8"
      case "fhirversion": !isFHIR || value == "4.0" || value == "4.0.1"
      // What a receiver says of itself besides (`header=present`, `profile=…`) bars nothing.
      default: true
      }
    }
  }
}

/// One element of an `Accept` header.
private struct MediaRange {
  let type: String
  let subtype: String
  /// Names and values in lower case, without `q`.
  let parameters: [(name: String, value: String)]
  /// How much it is wanted, in thousandths: 0 for never, 1000 where nothing is said.
  let quality: Int
  /// Its place in the header, from 0.
  let place: Int

  /// The well-formed ranges of a header.
  static func all(in header: String) -> [MediaRange] {
    split(header, at: ",").enumerated().compactMap { MediaRange($0.element, place: $0.offset) }
  }

  private init?(_ text: String, place: Int) {
    let parts = Self.split(text, at: ";").map(Self.trimmed)
    let names = parts[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard names.count == 2, names.allSatisfy(Self.isToken), names[0] != "*" || names[1] == "*"
    else {
      return nil
    }
    var parameters: [(name: String, value: String)] = []
    var quality = 1000
    for part in parts.dropFirst() where !part.isEmpty {
      guard let mark = part.firstIndex(of: "=") else { return nil }
      let name = Self.trimmed(String(part[..<mark])).lowercased()
      let value = Self.unquoted(Self.trimmed(String(part[part.index(after: mark)...])))
      guard Self.isToken(name) else { return nil }
      if name == "q" {
        guard let read = Self.thousandths(value) else { return nil }
        quality = read
        // What follows `q` speaks of no media type (RFC 7231 called it an extension).
        break
      }
      parameters.append((name, value.lowercased()))
    }
    (type, subtype) = (names[0].lowercased(), names[1].lowercased())
    self.parameters = parameters
    self.quality = quality
    self.place = place
  }

  /// 0 for `*/*`, 1 for `text/*`, 2 for a type, and 1 more for each parameter.
  var specificity: Int {
    if type == "*" { return 0 }
    return subtype == "*" ? 1 : 2 + parameters.count
  }

  func takes(type: String, subtype: String) -> Bool {
    (self.type == "*" || self.type == type) && (self.subtype == "*" || self.subtype == subtype)
  }

  /// The parts between separators that stand in no quotes.
  private static func split(_ text: String, at separator: Character) -> [String] {
    var parts = [""]
    var isQuoted = false
    var isEscaped = false
    for character in text {
      if character == separator, !isQuoted {
        parts.append("")
        continue
      }
      if character == "\"", !isEscaped { isQuoted.toggle() }
      isEscaped = isQuoted && character == "\\" && !isEscaped
      parts[parts.count - 1].append(character)
    }
    return parts
  }

  private static func trimmed(_ text: String) -> String {
    let start = text.drop { $0 == " " || $0 == "\t" }
    let end = start.lastIndex { $0 != " " && $0 != "\t" }
    return end.map { String(start[...$0]) } ?? ""
  }

  private static func unquoted(_ text: String) -> String {
    guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
    var value = ""
    var isEscaped = false
    for character in text.dropFirst().dropLast() {
      isEscaped = character == "\\" && !isEscaped
      if !isEscaped { value.append(character) }
    }
    return value
  }

  /// RFC 9110, 5.6.2.
  private static func isToken(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || "!#$%&'*+-.^_`|~".utf8.contains(byte)
      }
  }

  /// A weight of RFC 9110, 12.4.2: 0 to 1 with at most three digits after the point.
  private static func thousandths(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, first == UInt8(ascii: "0") || first == UInt8(ascii: "1"),
      bytes.count <= 5, bytes.count == 1 || bytes[1] == UInt8(ascii: ".")
    else { return nil }
    var value = Int(first - UInt8(ascii: "0")) * 1000
    var power = 100
    for byte in bytes.dropFirst(2) {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value += Int(byte - UInt8(ascii: "0")) * power
      power /= 10
    }
    return value <= 1000 ? value : nil
  }
}
