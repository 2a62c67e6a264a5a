internal import Procedures

/// What would pass the pairs that keep a code off the claims.
struct Bypass {
  /// In words.
  let sentence: String
  /// The modifiers any one of which passes all of them; empty where none does.
  let modifiers: [Modifier]
  /// The codes beside which it cannot be billed.
  let rivals: [BillingCode]
}

extension CaseUnderRules {
  /// What would pass the edits that exclude a code; nil where none does.
  func bypass(of code: BillingCode, in lines: [LineItem]) -> Bypass? {
    let mine = lines.filter { $0.code == code && $0.status == .notBillable }
    guard let edits = mine.first?.edits.filter(\.code.excludesLine), !edits.isEmpty else {
      return nil
    }
    if edits.contains(where: { $0.code == .codeNotActive }) {
      return Bypass(
        sentence: "No modifier passes it; a code that is in force on \(date) is stated instead.",
        modifiers: [], rivals: [])
    }
    // Only those whose edit stands: a code that is itself kept off excludes no other.
    let rivals = Set(lines.map(\.code))
      .filter { excludes($0, code).map(edits.contains) == true }.sorted()
    let indicators = rivals.compactMap { tables.cms.pair($0, code, on: date)?.indicator }
    let names = rivals.map(\.text).enumeration()
    guard indicators.allSatisfy(tables.edits.bypassIndicators.contains), !rivals.isEmpty else {
      return Bypass(
        sentence: "No modifier passes it; \(code) is billed only without \(names).", modifiers: [],
        rivals: rivals)
    }
    let modifiers = tables.edits.bypassModifiers.sorted()
    return Bypass(
      sentence: "Modifier \(modifiers.map(\.text).enumeration(joinedBy: "or")) on \(code), applied "
        + "with a reason, passes it where it was apart from \(names).", modifiers: modifiers,
      rivals: rivals)
  }
}
