public import Procedures

/// What billing pulls: a charge, or the credit of one, entered once and never changed.
public struct LedgerEntry: Hashable, Sendable {
  /// Whether it charges or takes back.
  public enum Kind: Hashable, Sendable {
    case charge
    /// Takes a charge back whole.
    case credit(of: EntryID)
  }

  /// What names it.
  public let id: EntryID
  /// Whether it charges or takes back.
  public let kind: Kind
  /// The case.
  public let caseID: CaseID
  /// The version of the case after the event that brought it about, or up to it where that was an
  /// event of another case or of the facility.
  public let version: Int64
  /// The place in the facility's log of the event that brought it about.
  public let position: Int64
  /// When that event was recorded.
  public let recordedAt: Instant
  /// When it was entered.
  public let postedAt: Instant
  /// The edition of the rule book by which the case was derived at that event.
  public let ruleBook: RuleBookEdition
  /// The digest of that book.
  public let ruleBookDigest: String
  /// The policy by which vessels were grouped then.
  public let groupingPolicy: GroupingPolicyName
  /// What is charged or credited; a credit's is that of its charge.
  public let charge: Charge

  /// An entry of these parts.
  public init(
    id: EntryID, kind: Kind, caseID: CaseID, version: Int64, position: Int64,
    recordedAt: Instant, postedAt: Instant, ruleBook: RuleBookEdition, ruleBookDigest: String,
    groupingPolicy: GroupingPolicyName, charge: Charge
  ) {
    self.id = id
    self.kind = kind
    self.caseID = caseID
    self.version = version
    self.position = position
    self.recordedAt = recordedAt
    self.postedAt = postedAt
    self.ruleBook = ruleBook
    self.ruleBookDigest = ruleBookDigest
    self.groupingPolicy = groupingPolicy
    self.charge = charge
  }

  /// The charge that it takes back; nil of a charge.
  public var credited: EntryID? {
    if case .credit(let charge) = kind { charge } else { nil }
  }
}

/// An entry as it is pulled: with what the ledger does not hold, opened for a role that may see it.
public struct PulledEntry: Hashable, Sendable {
  /// The entry.
  public let entry: LedgerEntry
  /// The billing account; nil where the case was opened without one, erased where its key is gone.
  public let account: Confidential?
  /// The hospital's encounter number, likewise.
  public let encounter: Confidential?

  /// An entry with these identifiers.
  public init(_ entry: LedgerEntry, account: Confidential?, encounter: Confidential?) {
    self.entry = entry
    self.account = account
    self.encounter = encounter
  }
}
