public import Procedures

/// One look at a case, or one attempt that was refused, as the record of access keeps it.
public struct AccessEntry: Hashable, Sendable {
  /// What was asked for; the spelling is the record's.
  public enum Action: String, CaseIterable, Sendable {
    /// A case stood in a list.
    case worklist
    /// The case as it stands, with its charges.
    case caseRead = "case-read"
    /// The case's events.
    case eventsRead = "events-read"
    /// The case's events as they come; the row is of the stream's beginning.
    case eventsFollowed = "events-followed"
    /// The case at an earlier moment or under other rules.
    case replay
    /// The case's line items.
    case lineItemsRead = "line-items-read"
    /// The case's charges were pulled from the ledger.
    case chargesRead = "charges-read"
    /// One entry of the ledger, with the events that it rests on.
    case chargeRead = "charge-read"
    /// Billing said how far it has posted, which speaks of no case.
    case chargesAcknowledged = "charges-acknowledged"
    /// The case stood in a report that holds charges against what was done.
    case reconciliationRead = "reconciliation-read"
    /// The case left in a file.
    case export
    /// The facility's rule books, which speak of no case.
    case ruleBooksRead = "rule-books-read"
    /// What was asked for was refused for want of a right.
    case refused
  }

  /// Who asked.
  public var person: PersonCode
  /// With which token; nil on the command line.
  public var tokenID: TokenID?
  /// What was asked for.
  public var action: Action
  /// The case; nil where no one case was meant.
  public var caseID: CaseID?
  /// The address from which it was asked; nil where there is none.
  public var origin: String?

  /// An entry of these parts.
  public init(
    person: PersonCode, tokenID: TokenID?, action: Action, caseID: CaseID? = nil,
    origin: String? = nil
  ) {
    self.person = person
    self.tokenID = tokenID
    self.action = action
    self.caseID = caseID
    self.origin = origin
  }
}
