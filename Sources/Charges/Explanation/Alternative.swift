public import Procedures

/// Something that would change the units of a code, or whether they can be billed.
public struct Alternative: Hashable, Sendable {
  /// What would have to be otherwise.
  public let condition: Condition
  /// The same in words, with what would follow.
  public let sentence: String
  /// What would follow: the lines that differ, of all codes.
  public let changes: [DerivationComparison.Line]

  /// What would have to be otherwise.
  public enum Condition: Hashable, Sendable {
    /// Another policy of the book.
    case policy(GroupingPolicyName)
    /// Any one of these entries retracted.
    case retraction([EventID])
    /// A hold cleared by what clears it.
    case cleared(HoldCode)
    /// A modifier applied with a reason.
    case modifier(Modifier, BillingCode)
  }
}

extension Derivation {
  /// What would follow of an alternative for these codes, where they differ, in words: `37253 × 4
  /// instead of 6`.
  func consequence(of other: Derivation, for wanted: Set<BillingCode>) -> String {
    func units(_ derivation: Derivation, _ code: BillingCode, _ status: LineStatus?) -> Int {
      derivation.lines.filter { $0.code == code && (status == nil || $0.status == status) }
        .reduce(0) { $0 + $1.units }
    }
    return wanted.sorted().filter { code in
      LineStatus.allCases.contains { units(self, code, $0) != units(other, code, $0) }
    }.map { code in
      let before = units(self, code, nil)
      let after = units(other, code, nil)
      guard before == after else {
        if after == 0 { return "no \(code) instead of \(before)" }
        return "\(code) × \(after) instead of \(before == 0 ? "none" : String(before))"
      }
      let gained = LineStatus.allCases.filter { units(other, code, $0) > units(self, code, $0) }
      let lost = LineStatus.allCases.filter { units(other, code, $0) < units(self, code, $0) }
      let moved = gained.reduce(0) { $0 + units(other, code, $1) - units(self, code, $1) }
      return "\(code) × \(moved) \(gained.map(\.rawValue).enumeration()) instead of "
        + lost.map(\.rawValue).enumeration()
    }.enumeration()
  }
}
