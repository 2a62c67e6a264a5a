public import Charges
internal import Postgres
public import Procedures

/// Where a facility's ledger stands, and how far billing is with it.
public struct LedgerStanding: Hashable, Sendable {
  /// Its epochs, the oldest first.
  public let epochs: [LedgerEpochRecord]
  /// The last entry; nil where there is none.
  public let last: EntryID?
  /// How far billing says that it has posted; nil before it said so.
  public let acknowledgement: LedgerAcknowledgement?

  /// How many entries billing has not acknowledged.
  public var outstanding: Int64 {
    (last?.number ?? 0) - (acknowledgement?.through.number ?? 0)
  }
}

/// When and from which entry on a ledger has an epoch.
public struct LedgerEpochRecord: Hashable, Sendable {
  /// The epoch.
  public let epoch: LedgerEpoch
  /// The number of its first entry; that of the next epoch, where it has none.
  public let firstNumber: Int64
  /// When it began.
  public let beganAt: Instant
  /// Who ordered it; nil where it began by itself.
  public let person: PersonCode?

  /// The epochs of a facility, the oldest first.
  static func readAll(
    of facility: FacilityCode, _ session: DatabaseSession
  ) throws(PostgresError) -> [LedgerEpochRecord] {
    try session.query(
      """
      SELECT epoch, first_number, began_at, person FROM ledger.epoch
      WHERE facility = \(facility.text) ORDER BY ordinal
      """
    ).map { row throws(PostgresError) in
      LedgerEpochRecord(
        epoch: try LedgerEpoch(stored: try row[0]), firstNumber: try row[1],
        beganAt: try row[2], person: try row[3, as: String?.self].flatMap { PersonCode($0) })
    }
  }
}

/// What billing said of how far it has posted.
public struct LedgerAcknowledgement: Hashable, Sendable {
  /// The last entry that it has posted.
  public let through: EntryID
  /// When it said so.
  public let acknowledgedAt: Instant
  /// Who said so.
  public let person: PersonCode

  init(epoch: String, number: Int64, at time: Instant, by person: String) throws(PostgresError) {
    guard let person = PersonCode(person) else {
      throw .unreadable("an acknowledgement of the ledger names no person")
    }
    through = EntryID(epoch: try LedgerEpoch(stored: epoch), number: number)
    acknowledgedAt = time
    self.person = person
  }

  /// The last one of a facility.
  static func read(
    of facility: FacilityCode, _ session: DatabaseSession
  ) throws(PostgresError) -> LedgerAcknowledgement? {
    try session.query(
      """
      SELECT epoch, through_number, acknowledged_at, person FROM ledger.acknowledgement
      WHERE facility = \(facility.text) ORDER BY ordinal DESC LIMIT 1
      """
    ).first.map { row throws(PostgresError) in
      try LedgerAcknowledgement(
        epoch: try row[0], number: try row[1], at: try row[2], by: try row[3])
    }
  }
}

extension LedgerEpoch {
  /// An epoch as the database's own check lets it in.
  init(stored text: String) throws(PostgresError) {
    guard let epoch = LedgerEpoch(text) else {
      throw .unreadable("an epoch of the ledger has not its form")
    }
    self = epoch
  }
}

extension EntryID {
  /// The id of the entry of this number; nil where there is none.
  static func read(
    _ number: Int64, of facility: FacilityCode, _ session: DatabaseSession
  ) throws(PostgresError) -> EntryID? {
    try session.query(
      """
      SELECT epoch FROM ledger.entry WHERE facility = \(facility.text) AND number = \(number)
      """
    ).first.map { row throws(PostgresError) in
      EntryID(epoch: try LedgerEpoch(stored: try row[0]), number: number)
    }
  }
}
