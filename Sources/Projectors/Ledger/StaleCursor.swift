public import Charges
internal import Postgres
internal import Procedures

/// Why a ledger has not the very entry that a cursor names, and from where billing can go on.
public struct StaleCursor: Error, Hashable, Sendable {
  /// What has become of the entry.
  public enum Cause: Hashable, Sendable {
    /// The ledger was restored to a state before it, and may have given its number again.
    case lost
    /// The ledger was restored to a state before its epoch began.
    case epochUnknown
    /// Its epoch began later: no ledger ever gave this entry out.
    case neverGiven
  }

  /// The entry that the cursor names.
  public let cursor: EntryID
  /// What has become of it.
  public let cause: Cause
  /// The epoch of the ledger now; nil before the first.
  public let epoch: LedgerEpoch?
  /// The number of that epoch's first entry, which may still be to come.
  public let firstNumber: Int64?
  /// The ledger's last entry; nil where there is none.
  public let last: EntryID?
  /// The last entry that the ledger and the history of the cursor have in common; nil where there is
  /// none or that cannot be told.
  public let lastCommon: EntryID?

  /// What is the matter and what to do, in whole sentences.
  public var sentence: String {
    switch cause {
    case .lost: "This ledger has no entry \(cursor): it was restored to an earlier state. " + advice
    case .epochUnknown:
      "This ledger knows no epoch \(cursor.epoch): it was restored to an earlier state. "
        + "\(present) Pull again after the newest entry that you hold and it still has, and compare "
        + "that with what you pulled after it."
    case .neverGiven: "No ledger ever gave out an entry \(cursor). \(present)"
    }
  }

  private var present: String {
    guard let epoch, let firstNumber else { return "It has no entry." }
    let end = last.map { "; the last entry is \($0)." } ?? "."
    return "Its epoch is \(epoch) since entry \(firstNumber)\(end)"
  }

  private var advice: String {
    let start = lastCommon.map { "after=\($0)" } ?? "the beginning"
    let pulled = lastCommon.map { "after \($0)" } ?? "before"
    return "\(present) What was pulled \(pulled) must be compared with a new pull from \(start)."
  }
}

extension StaleCursor {
  /// Looks up what has become of an entry that the ledger has not.
  static func read(
    _ cursor: EntryID, in facility: FacilityCode, _ session: DatabaseSession
  ) throws(PostgresError) -> StaleCursor {
    let head = try LedgerHead.read(of: facility, session)
    let epochs = try LedgerEpochRecord.readAll(of: facility, session)
    let place = epochs.firstIndex { $0.epoch == cursor.epoch }
    let next = place.flatMap { epochs.dropFirst($0 + 1).first }
    let cause: Cause =
      if let place {
        cursor.number < epochs[place].firstNumber ? .neverGiven : .lost
      } else {
        .epochUnknown
      }
    // The epoch's part of the ledger ends where the next one's begins, or with the ledger.
    let end = min(next.map { $0.firstNumber - 1 } ?? head.lastNumber, head.lastNumber)
    return StaleCursor(
      cursor: cursor, cause: cause, epoch: epochs.last?.epoch,
      firstNumber: epochs.last?.firstNumber,
      last: try EntryID.read(head.lastNumber, of: facility, session),
      lastCommon: cause == .lost ? try EntryID.read(end, of: facility, session) : nil)
  }
}

/// Why a ledger was not read.
public enum LedgerError: Error {
  /// It has not the entry that was named.
  case stale(StaleCursor)
  /// It could not be read.
  case projector(ProjectorError)
}

extension LedgerError {
  /// Runs `body` in a transaction that sees this facility's ledger alone, as it was at one moment.
  ///
  /// An entry that is not there is a result like any other, so that it is told with its reasons.
  static func transaction<Value: Sendable>(
    _ pool: ConnectionPool, _ facility: FacilityCode,
    _ mode: TransactionMode = .readOnlyRepeatable,
    _ body: @Sendable (DatabaseSession) throws(PostgresError) -> Result<Value, StaleCursor>
  ) async throws(LedgerError) -> Value {
    let result: Result<Value, StaleCursor>
    do throws(PostgresError) {
      result = try await pool.transaction(mode.projecting(facility), body)
    } catch {
      throw .projector(.database(error))
    }
    switch result {
    case .success(let value): return value
    case .failure(let stale): throw .stale(stale)
    }
  }
}
