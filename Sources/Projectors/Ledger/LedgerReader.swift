public import Charges
public import Postgres
public import Procedures
public import Store

/// Reads a facility's ledger as billing has it: entries from a cursor on, oldest first.
///
/// A cursor is the id of an entry, and it is good where the ledger has that very entry: after a
/// restore a number may have been given again, which the epoch in the id tells.
public struct LedgerReader: Sendable {
  /// The most entries of a page.
  public static let pageLimit = 1_000
  /// The most entries of a pull over HTTP.
  public static let pullLimit = 1_000_000

  let pool: ConnectionPool
  let log: LogReader

  /// Reads through connections in the role of the service; accounts and encounters are opened out of
  /// the log.
  public init(pool: ConnectionPool, log: LogReader) {
    self.pool = pool
    self.log = log
  }

  /// Where the ledger stands, and how far billing is.
  ///
  /// - Throws: ``ProjectorError``.
  public func standing(of facility: FacilityCode) async throws(ProjectorError) -> LedgerStanding {
    try await pool.transaction(in: facility, .readOnlyRepeatable) {
      session throws(PostgresError) in
      let head = try LedgerHead.read(of: facility, session)
      return LedgerStanding(
        epochs: try LedgerEpochRecord.readAll(of: facility, session),
        last: try EntryID.read(head.lastNumber, of: facility, session),
        acknowledgement: try LedgerAcknowledgement.read(of: facility, session))
    }
  }

  /// Fixes what a pull has: looks at its cursor, and for its last entry.
  ///
  /// - Parameters:
  ///   - selection: which entries are wanted.
  ///   - cursor: the entry after which to begin; nil at the beginning.
  ///   - limit: how many entries it has at most; nil for all that there are now.
  ///   - facility: whose ledger it is.
  /// - Returns: where it begins and ends, and whether there is more.
  /// - Throws: ``LedgerError``; ``LedgerError/stale(_:)`` where the ledger has not the cursor's entry.
  public func pull(
    _ selection: LedgerSelection = LedgerSelection(), after cursor: EntryID? = nil,
    limit: Int? = nil, in facility: FacilityCode
  ) async throws(LedgerError) -> LedgerPull {
    try await LedgerError.transaction(pool, facility) { session throws(PostgresError) in
      if let cursor, try EntryID.read(cursor.number, of: facility, session) != cursor {
        return .failure(try StaleCursor.read(cursor, in: facility, session))
      }
      let bounds = try Self.bounds(of: selection, after: cursor, in: facility, session)
      let (end, hasMore) = try Self.end(bounds, selection, limit, in: facility, session)
      let last = try Self.last(selection, after: bounds.start, through: end, facility, session)
      return .success(
        LedgerPull(
          facility: facility, selection: selection, after: cursor, last: last?.id,
          lastPostedAt: last?.postedAt, hasMore: hasMore, start: bounds.start))
    }
  }

  /// The entries of a pull.
  public func pages(of pull: LedgerPull) -> LedgerPages { LedgerPages(self, pull) }
}

// MARK: - From where to where

extension LedgerReader {
  /// After which number and up to which a selection can have entries now.
  private static func bounds(
    of selection: LedgerSelection, after cursor: EntryID?, in facility: FacilityCode,
    _ session: DatabaseSession
  ) throws(PostgresError) -> (start: Int64, end: Int64) {
    let start = cursor?.number ?? 0
    let end = try LedgerHead.read(of: facility, session).lastNumber
    guard let status = selection.status else { return (start, end) }
    let billed =
      try LedgerAcknowledgement.read(of: facility, session)?.through.number ?? 0
    switch status {
    case .billed: return (start, min(end, billed))
    case .billable: return (max(start, billed), end)
    }
  }

  /// Up to which number a pull of so many entries goes, and whether more follow.
  private static func end(
    _ bounds: (start: Int64, end: Int64), _ selection: LedgerSelection, _ limit: Int?,
    in facility: FacilityCode, _ session: DatabaseSession
  ) throws(PostgresError) -> (end: Int64, hasMore: Bool) {
    guard let limit = limit.map({ Int64(max($0, 1)) }) else { return (bounds.end, false) }
    guard selection.hasHoles else {
      // Numbers have no gap.
      let (end, isTooLarge) = bounds.start.addingReportingOverflow(limit)
      return isTooLarge || end >= bounds.end ? (bounds.end, false) : (end, true)
    }
    var sql = SQL.StringInterpolation(literalCapacity: 500, interpolationCount: 8)
    sql.appendLiteral("SELECT e.number FROM ledger.entry e")
    sql.appendEntries(of: facility, selection, after: bounds.start, through: bounds.end)
    sql.appendLiteral(" ORDER BY e.number LIMIT 2 OFFSET ")
    sql.appendInterpolation(limit - 1)
    let found = try session.query(SQL(stringInterpolation: sql))
    guard let last = found.first else { return (bounds.end, false) }
    return (try last[0], found.count > 1)
  }

  /// The last entry of a selection in a range of numbers.
  private static func last(
    _ selection: LedgerSelection, after start: Int64, through end: Int64,
    _ facility: FacilityCode, _ session: DatabaseSession
  ) throws(PostgresError) -> (id: EntryID, postedAt: Instant)? {
    var sql = SQL.StringInterpolation(literalCapacity: 500, interpolationCount: 8)
    sql.appendLiteral("SELECT e.number, e.epoch, e.posted_at FROM ledger.entry e")
    sql.appendEntries(of: facility, selection, after: start, through: end)
    sql.appendLiteral(" ORDER BY e.number DESC LIMIT 1")
    return try session.query(SQL(stringInterpolation: sql)).first.map {
      row throws(PostgresError) in
      (EntryID(epoch: try LedgerEpoch(stored: try row[1]), number: try row[0]), try row[2])
    }
  }
}

// MARK: - Entries

extension LedgerReader {
  /// The next entries of a pull after a number, with what identifies their accounts.
  func page(of pull: LedgerPull, after number: Int64) async throws(ProjectorError) -> [PulledEntry]
  {
    var sql = SQL.StringInterpolation(literalCapacity: 700, interpolationCount: 8)
    sql.appendLiteral("SELECT \(LedgerEntry.columns) FROM \(LedgerEntry.source)")
    sql.appendEntries(of: pull.facility, pull.selection, after: number, through: pull.end)
    sql.appendLiteral(" ORDER BY e.number LIMIT ")
    sql.appendInterpolation(Int64(Self.pageLimit))
    let entries = try await entries(SQL(stringInterpolation: sql), of: pull.facility)
    if !pull.selection.hasHoles {
      let expected = (number + 1...pull.end).prefix(Self.pageLimit)
      guard entries.lazy.map(\.id.number).elementsEqual(expected) else {
        throw .ledgerDamaged("the ledger misses an entry after \(number)")
      }
    }
    return try await pulled(entries, in: pull.facility)
  }

  func entries(
    _ sql: SQL, of facility: FacilityCode
  ) async throws(ProjectorError) -> [LedgerEntry] {
    do throws(PostgresError) {
      return try await pool.transaction(TransactionMode.readOnly.projecting(facility)) {
        session throws(PostgresError) in
        try session.query(sql).map { row throws(PostgresError) in try LedgerEntry(row) }
      }
    } catch {
      guard error.kind == .decoding else { throw .database(error) }
      throw .ledgerDamaged(error.description)
    }
  }

  /// Opens the account and the encounter of each entry's case.
  func pulled(
    _ entries: [LedgerEntry], in facility: FacilityCode
  ) async throws(ProjectorError) -> [PulledEntry] {
    let openings: [CaseID: CaseOpened]
    do throws(StoreError) {
      openings = try await log.openings(
        of: Array(Set(entries.map(\.caseID))), in: facility, disclosure: .clear)
    } catch {
      throw .store(error)
    }
    return entries.map { entry in
      let opening = openings[entry.caseID]
      return PulledEntry(entry, account: opening?.account, encounter: opening?.encounter)
    }
  }
}
