extension VesselSite {
  /// The vessel in the words of a sentence: `the left renal artery`, `the left external iliac artery
  /// (distal)`.
  public var phrase: String {
    // What a vessel was called in former times is left out.
    let name = Self.withoutFormerName(vessel.facts.display)
    // "Left main coronary artery" in the midst of a sentence; abbreviations stand further on.
    var words = name.prefix(1).lowercased() + name.dropFirst()
    if let comma = words.firstIndex(of: ",") {
      let part = words[words.index(after: comma)...].drop { $0 == " " }
      words = words[..<comma] + " (\(part.filter { $0 != "(" && $0 != ")" }))"
    }
    return "the \(side.map { "\($0.rawValue) " } ?? "")\(words)"
  }

  private static func withoutFormerName(_ display: String) -> Substring {
    let mark = " (formerly "
    for start in display.indices where display[start...].hasPrefix(mark) {
      return display[..<start]
    }
    return display[...]
  }
}

extension Sequence<VesselSite> {
  /// The vessels in the words of a sentence: `the left renal artery and the right renal artery`.
  public func phrase(joinedBy word: String = "and") -> String {
    map(\.phrase).enumeration(joinedBy: word)
  }
}

extension [String] {
  /// The texts as a sentence lists them: `a`, `a and b`, `a, b and c`.
  public func enumeration(joinedBy word: String = "and") -> String {
    guard count > 1, let last else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " \(word) " + last
  }
}
