internal import Procedures

extension Explanation {
  /// The explanation for a person, in lines of text.
  public var text: String {
    var lines = [
      "\(code) × \(units.count) in case \(derivation.caseID) through version "
        + "\(derivation.throughVersion) (rule book \(derivation.ruleBook), "
        + "policy \(derivation.groupingPolicy))"
    ]
    for (index, unit) in units.enumerated() { lines += unit.lines(index + 1) }
    if !unearned.isEmpty {
      lines.append("Images that earned no \(code):")
      lines += unearned.map { "  \($0.site), entry \($0.entry): \($0.reason.sentence)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension ExplainedUnit {
  fileprivate func lines(_ number: Int) -> [String] {
    var lines = ["Unit \(number), \(status.rawValue): \(unit.group)"]
    for entry in entries {
      let site = entry.site.map { " \($0)" } ?? ""
      lines.append(
        "  \(entry.occurredAt) version \(entry.version), entry \(entry.entry):\(site) "
          + entry.part.sentence)
    }
    for rule in rules {
      let source = rule.citation.isAssumed ? "assumed" : rule.citation.source
      lines.append("  Rule \(rule.citation.rule): \(rule.sentence) (\(source))")
    }
    for finding in holds + edits {
      lines.append("  \(finding.code.rawValue): \(finding.because)")
    }
    return lines
  }
}

extension ExplainedEntry.Part {
  /// What the entry does, in words.
  public var sentence: String {
    switch self {
    case .earns: "earns the unit"
    case .again: "is a further look at the same place"
    case .segment(let whole): "belongs to \(whole)"
    case .lesion(let lesions):
      "is joined by lesion \(lesions.map(\.text).joined(separator: ", "))"
    case .policy(let group): "is one with \(group) by the policy"
    case .states: "states the unit"
    }
  }
}

extension UnearnedImage.Reason {
  /// Why the image earned no unit, in words.
  public var sentence: String {
    switch self {
    case .retracted: "its entry was retracted"
    case .modality(let modality, let citation):
      "\(modality.rawValue) does not count for this vessel (\(citation.source))"
    case .yields(let citation):
      "its vessel yields to another that was imaged (\(citation.source))"
    case .countsUnder(let codes):
      "it counts under \(codes.map(\.text).joined(separator: ", "))"
    }
  }
}
