internal import Procedures

extension CaseUnderRules {
  /// Why a code has no unit in the case, in sentences.
  func reasonsForNoUnit(of code: BillingCode) -> [String] {
    if state.phase == .cancelled { return ["The case is cancelled and derives nothing."] }
    guard let rules = tables.families.first(where: { $0.family == tables.familyOfCode[code] })
    else { return reasonsForNothingStated(of: code) }
    let codes = rules.codes(on: date)
    guard codes.contains(code) else {
      return [
        "\(code) is not the code of such a vessel on \(date)"
          + (codes.isEmpty ? "." : "; \(codes.map(\.text).enumeration()) are.")
      ]
    }
    let counted = groups(of: rules.family).filter { $0.yieldsBy == nil }
    let place = rules.territory == .coronary ? "in the heart" : "outside the heart"
    let modalities = rules.modalities.map(\.rawValue).sorted().enumeration(joinedBy: "or")
    guard let only = counted.first, counted.count == 1,
      let pair = rules.pairs.first(where: { $0.further == code && $0.span.contains(date) })
    else { return ["No vessel \(place) was imaged by \(modalities)."] }
    return [
      "\(code) counts each vessel after the first. Only one counts here: "
        + "\(only.vessels.phrase())\(only.vessels.count > 1 ? ", which are one," : ""), "
        + "and it is \(pair.first)."
    ]
  }

  /// Of a code that is stated, or of a supply.
  private func reasonsForNothingStated(of code: BillingCode) -> [String] {
    let statements = state.entries.filter { entry in
      if case .procedureCoded(let coded) = entry.body { coded.code == code } else { false }
    }
    let supplies = facts.supplies.filter { $0.payload.code == code }
    if !supplies.isEmpty { return ["As much of \(code) was returned as was used."] }
    guard !statements.isEmpty else {
      return ["Nobody stated \(code) in the case, and no supply is recorded under it."]
    }
    return statements.map {
      "It was stated by entry \($0.id) (version \($0.version)), retracted since."
    }
  }
}
