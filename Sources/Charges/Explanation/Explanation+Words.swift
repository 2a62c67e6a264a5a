internal import Procedures

extension RuleBook {
  /// What a rule says, in words; its name where the book has none.
  public func sentence(of citation: Citation) -> String { tables.texts.sentence(citation.rule) }
}

extension ExplainedEntry.Part {
  /// What the entry does, in words.
  var sentence: String {
    switch self {
    case .earns: "earns the unit"
    case .again: "is a further look at the same place"
    case .segment(let whole): "belongs to \(whole.phrase)"
    case .lesion(let lesions, let entries):
      "is joined by lesion \(lesions.map(\.text).enumeration())"
        + " (\(entries.map { "entry \($0)" }.enumeration()))"
    case .policy(let group, let policy):
      "is one with others as \(group) by policy \(policy)"
    case .states: "states the unit"
    }
  }
}

extension ExplainedCorrection.Change {
  /// The field, what it said, and what it says.
  var sentence: String {
    let before = before.map(Self.text) ?? "nothing"
    let after = after.map(Self.text) ?? "nothing"
    return "\(field) said \(before) and says \(after)"
  }

  private static func text(_ value: JSON) -> String { value.text ?? value.compactText }
}

extension Citation {
  /// Where the rule comes from, in words.
  var origin: String { isAssumed ? "Assumed: \(source)" : "Source: \(source)" }
}

extension Price {
  /// The price in sentences.
  var sentences: [String] {
    var sentences: [String] = []
    switch professional {
    case .amount(let amount, let figures):
      let assumed = amount.isAssumed ? " (a figure is assumed)" : ""
      sentences.append(
        "Professional: \(amount.dollars)\(assumed), \(figures.perUnit.dollars) a unit = "
          + figures.sentence)
      sentences.append("Relative values: \(figures.valuesSource)")
      sentences.append("Conversion factor: \(figures.factorSource)")
    case .none(_, let because): sentences.append("Professional: \(because)")
    }
    if let facility { sentences.append("Facility: \(facility.because)") }
    sentences.append(Self.basis)
    return sentences
  }
}

extension UnearnedVessel.Reason {
  /// Its name in a document.
  var name: String {
    switch self {
    case .folded: "folded"
    case .countsUnder: "counts-under-another-code"
    case .yields: "yields"
    case .modality: "modality-does-not-count"
    case .retracted: "retracted"
    case .corrected: "corrected"
    case .notImaged: "not-imaged"
    }
  }

  /// Why the vessel earned no unit, in words.
  var sentence: String {
    switch self {
    case .folded(let vessel, let codes, let part):
      "it \(part.sentence), in the unit of \(vessel.phrase)"
        + (codes.isEmpty ? "" : ", \(codes.map(\.text).enumeration())")
    case .countsUnder(let codes): "it counts under \(codes.map(\.text).enumeration())"
    case .yields(let others, let citation):
      "it yields to \(others.phrase()), imaged on that side (\(citation.source))"
    case .modality(let modalities, let entries, let citation):
      "only \(modalities.map(\.rawValue).enumeration()) of it is recorded "
        + "(\(Self.list(entries))), which does not count there (\(citation.source))"
    case .retracted(let image, let retractions):
      "its image (entry \(image)) was retracted by \(Self.list(retractions))"
    case .corrected(let image, let site, let correction):
      "entry \(image) named it before entry \(correction) corrected it"
        + (site.map { " to \($0.phrase)" } ?? "")
    case .notImaged(let deeds):
      "it was never imaged; recorded there: " + deeds.map(\.sentence).joined(separator: ", ")
    }
  }

  private static func list(_ entries: [EventID]) -> String {
    entries.map { "entry \($0)" }.enumeration()
  }
}

extension UnearnedVessel.Deed {
  /// The entry in a few words.
  var sentence: String {
    "\(type.rawValue)\(what.map { " \($0)" } ?? "") (entry \(entry))"
  }
}
