public import Procedures

/// What the ledger has of one code in a period.
public struct CodeUnits: Hashable, Sendable {
  /// The code.
  public let code: BillingCode
  /// The units of its charges, those credited later among them.
  public let chargedUnits: Int
  /// The units of its credits.
  public let creditedUnits: Int
  /// The units that stand over a case's medically unlikely edit, since a person released the hold.
  public let unitsOverLimit: Int
  /// The cases of which a charge of it stands.
  public let caseCount: Int

  /// A code of these figures.
  public init(
    _ code: BillingCode, chargedUnits: Int, creditedUnits: Int, unitsOverLimit: Int,
    caseCount: Int
  ) {
    self.code = code
    self.chargedUnits = chargedUnits
    self.creditedUnits = creditedUnits
    self.unitsOverLimit = unitsOverLimit
    self.caseCount = caseCount
  }

  /// The units that stand.
  public var netUnits: Int { chargedUnits - creditedUnits }
}

/// How far a ledger is, and how far billing says to be; of all dates of service.
public struct ReconciledLedger: Hashable, Sendable {
  /// What billing has said last.
  public struct Acknowledgement: Hashable, Sendable {
    /// The last entry that it has posted.
    public let through: EntryID
    /// Who said so.
    public let person: PersonCode
    /// When.
    public let time: Instant

    /// An acknowledgement of these parts.
    public init(through: EntryID, person: PersonCode, time: Instant) {
      self.through = through
      self.person = person
      self.time = time
    }
  }

  /// An entry and when it was posted.
  public struct Posted: Hashable, Sendable {
    /// The entry.
    public let entry: EntryID
    /// When.
    public let time: Instant

    /// An entry posted at a time.
    public init(_ entry: EntryID, at time: Instant) {
      self.entry = entry
      self.time = time
    }
  }

  /// The epoch in which entries are posted now; nil before the first.
  public let epoch: LedgerEpoch?
  /// The last entry; nil where there is none.
  public let last: Posted?
  /// What billing has said last; nil where it has said nothing.
  public let acknowledgement: Acknowledgement?
  /// How many entries billing has not acknowledged.
  public let outstandingEntryCount: Int
  /// The units charged by those.
  public let outstandingChargedUnits: Int
  /// The units credited by those.
  public let outstandingCreditedUnits: Int
  /// The first of those.
  public let oldestOutstanding: Posted?

  /// A ledger of these figures.
  public init(
    epoch: LedgerEpoch?, last: Posted?, acknowledgement: Acknowledgement?,
    outstandingEntryCount: Int, outstandingChargedUnits: Int, outstandingCreditedUnits: Int,
    oldestOutstanding: Posted?
  ) {
    self.epoch = epoch
    self.last = last
    self.acknowledgement = acknowledgement
    self.outstandingEntryCount = outstandingEntryCount
    self.outstandingChargedUnits = outstandingChargedUnits
    self.outstandingCreditedUnits = outstandingCreditedUnits
    self.oldestOutstanding = oldestOutstanding
  }
}
