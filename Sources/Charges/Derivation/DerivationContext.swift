public import Procedures

/// What a derivation depends on beyond its case.
public struct DerivationContext: Sendable {
  /// The rules.
  public var ruleBook: RuleBook
  /// Which named vessels count as one.
  public var policy: GroupingPolicyName
  /// Other cases of the same patient and date, not cancelled; others than those are ignored.
  public var otherSessions: [Session]

  /// A context of these parts.
  public init(ruleBook: RuleBook, policy: GroupingPolicyName, otherSessions: [Session] = []) {
    self.ruleBook = ruleBook
    self.policy = policy
    self.otherSessions = otherSessions
  }
}

/// Why a case cannot be derived; the case is held with `derivation-failed` then.
public enum DerivationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The case has no opening, so no date of service and no setting.
  case notOpened
  /// A correction or retraction cannot be read, so nobody knows what the case says now.
  case amendmentUnreadable(EventID)
  /// The policy in force is not in the rule book.
  case policyUnknown(GroupingPolicyName)
  /// A supply is recorded under a code that is counted from imaged vessels.
  case supplyUnderDerivedCode(BillingCode)
  /// A code has more units than a case can have.
  case tooManyUnits(BillingCode)
  /// The adopted rule book is not the one at hand.
  case ruleBookUnknown(RuleBookEdition, digest: String)

  /// How many units of one code a case may have.
  public static let unitLimit = 10_000

  /// The reason in a sentence.
  public var description: String {
    switch self {
    case .notOpened: "The case was not opened, so it has no date of service."
    case .amendmentUnreadable(let id):
      "The amendment \(id) cannot be read, so what the case says now is not known."
    case .policyUnknown(let policy): "The rule book has no grouping policy \(policy)."
    case .supplyUnderDerivedCode(let code):
      "A supply is recorded under \(code), which is counted from imaged vessels."
    case .tooManyUnits(let code): "\(code) has more than \(Self.unitLimit) units."
    case .ruleBookUnknown(let edition, let digest):
      "The adopted rule book \(edition) (\(digest)) is not at hand."
    }
  }
}
