public import Postgres
public import Procedures

/// The logs in PostgreSQL; see `schema/` for what the database itself guards.
///
/// The pool's sessions act in the role of the service (``serviceRole``), which may append through
/// one function and read one facility at a time.
public struct PostgresLogStore: LogStore {
  /// The role that the service's sessions take on.
  public static let serviceRole = "cathlog_service"

  /// How many rows ``forEachRow(of:in:_:)`` holds at once.
  static let pageSize = 4096

  private let pool: ConnectionPool

  /// The logs of the database to which the pool connects.
  public init(pool: ConnectionPool) {
    self.pool = pool
  }
}

// MARK: - Reading

extension PostgresLogStore {
  /// Where the log ends; nil when there is no such log.
  public func head(of facility: FacilityCode) async throws(StoreError) -> LogEnd? {
    try await read(facility) { session throws(PostgresError) in
      try session.query(
        "SELECT position, recorded_at FROM log.head WHERE facility = \(facility.text)"
      ).first.map { row throws(PostgresError) in
        LogEnd(position: try row[0], recordedAt: try row[1])
      }
    }
  }

  /// The database's clock.
  public func now() async throws(StoreError) -> Instant {
    try await run { session throws(PostgresError) in
      try session.queryOne("SELECT clock_timestamp()")[0]
    }
  }

  /// The facilities that have a log, by code.
  public func facilities() async throws(StoreError) -> [FacilityCode] {
    let codes: [String] = try await run { session throws(PostgresError) in
      try session.query("SELECT log.facilities()").map { row throws(PostgresError) in try row[0] }
    }
    return codes.compactMap(FacilityCode.init)
  }

  /// Rows of the log after a position, in order, at most `limit`.
  public func rows(
    of facility: FacilityCode, after position: Int64, limit: Int
  ) async throws(StoreError) -> [LogRow] {
    try await rows(
      facility,
      """
      SELECT \(unescaped: LogRow.columns) FROM log.event
      WHERE facility = \(facility.text) AND position > \(position)
      ORDER BY position LIMIT \(Int64(limit))
      """)
  }

  /// Rows of a case after a version, in order, at most `limit`.
  public func rows(
    of caseID: CaseID, in facility: FacilityCode, after version: Int64, limit: Int
  ) async throws(StoreError) -> [LogRow] {
    try await rows(
      facility,
      """
      SELECT \(unescaped: LogRow.columns) FROM log.event
      WHERE facility = \(facility.text) AND case_id = \(caseID) AND version > \(version)
      ORDER BY version LIMIT \(Int64(limit))
      """)
  }

  /// The first row of each of these cases.
  public func firstRows(
    of cases: [CaseID], in facility: FacilityCode
  ) async throws(StoreError) -> [LogRow] {
    try await rows(
      facility,
      """
      SELECT \(unescaped: LogRow.columns) FROM log.event
      WHERE facility = \(facility.text) AND case_id = ANY (\(cases)) AND version = 1
      """)
  }

  /// Calls `body` with each row of the log in a range of positions, a page at a time.
  ///
  /// Rows never change and the range is fixed, so that pages of different transactions are one
  /// snapshot.
  public func forEachRow(
    of facility: FacilityCode, in positions: ClosedRange<Int64>,
    _ body: @escaping @Sendable (LogRow) throws(StoreError) -> Void
  ) async throws(StoreError) {
    var last = positions.lowerBound - 1
    while last < positions.upperBound {
      let limit = Int(min(Int64(Self.pageSize), positions.upperBound - last))
      let page = try await rows(of: facility, after: last, limit: limit)
      for row in page { try body(row) }
      guard let end = page.last else { return }
      last = end.position
    }
  }
}

// MARK: - Keys

extension PostgresLogStore {
  /// The keys of these cases, without those that have none.
  public func keys(
    of cases: [CaseID], in facility: FacilityCode
  ) async throws(StoreError) -> [CaseID: WrappedKey] {
    let pairs = try await run { session throws(PostgresError) in
      try session.query(
        """
        SELECT case_id, key_id, master_key, wrapped FROM identity.case_key
        WHERE facility = \(facility.text) AND case_id = ANY (\(cases))
        """
      ).map { row throws(PostgresError) -> (CaseID, WrappedKey) in
        (try row[0], WrappedKey(id: try row[1], masterKey: try row[2], bytes: try row[3]))
      }
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// The key under which the facility's patients are hashed; the first that is committed stays.
  public func registryKey(
    of facility: FacilityCode, proposing key: WrappedKey
  ) async throws(StoreError) -> WrappedKey {
    try await run { session throws(PostgresError) in
      try session.execute(
        """
        INSERT INTO identity.registry_key (facility, key_id, master_key, wrapped)
        VALUES (\(facility.text), \(key.id), \(key.masterKey), \(key.bytes))
        ON CONFLICT (facility) DO NOTHING
        """)
      let row = try session.queryOne(
        """
        SELECT key_id, master_key, wrapped FROM identity.registry_key
        WHERE facility = \(facility.text)
        """)
      return WrappedKey(id: try row[0], masterKey: try row[1], bytes: try row[2])
    }
  }

  /// Whether any key is stored, which only the master key of its time can open.
  public func holdsKeys() async throws(StoreError) -> Bool {
    try await run { session throws(PostgresError) in
      try session.queryOne(
        """
        SELECT EXISTS (SELECT FROM identity.case_key)
          OR EXISTS (SELECT FROM identity.registry_key)
        """)[0]
    }
  }

  /// The pseudonym behind a hashed identifier; the first that is committed stays.
  public func pseudonym(
    for identifierHash: [UInt8], in facility: FacilityCode,
    proposing pseudonym: PatientPseudonym
  ) async throws(StoreError) -> PatientPseudonym {
    try await run { session throws(PostgresError) in
      try session.execute(
        """
        INSERT INTO identity.patient (facility, identifier_hash, pseudonym)
        VALUES (\(facility.text), \(identifierHash), \(pseudonym))
        ON CONFLICT (facility, identifier_hash) DO NOTHING
        """)
      return try session.queryOne(
        """
        SELECT pseudonym FROM identity.patient
        WHERE facility = \(facility.text) AND identifier_hash = \(identifierHash)
        """)[0]
    }
  }
}

extension PostgresLogStore {
  /// Whether the registry gave out this pseudonym.
  public func knows(
    _ pseudonym: PatientPseudonym, in facility: FacilityCode
  ) async throws(StoreError) -> Bool {
    try await run { session throws(PostgresError) in
      try session.queryOne(
        """
        SELECT EXISTS (
          SELECT FROM identity.patient
          WHERE facility = \(facility.text) AND pseudonym = \(pseudonym))
        """)[0]
    }
  }
}

// MARK: - Sessions

extension PostgresLogStore {
  func run<Value: Sendable>(
    _ body: @Sendable (Session) throws(PostgresError) -> Value
  ) async throws(StoreError) -> Value {
    do throws(PostgresError) {
      return try await pool.run(body)
    } catch {
      throw StoreError(error)
    }
  }

  /// Reads one facility's log, which row-level security asks to be named.
  ///
  /// A plan that was kept from when the log was empty would read all of it for one case.
  func read<Value: Sendable>(
    _ facility: FacilityCode, _ body: @Sendable (Session) throws(PostgresError) -> Value
  ) async throws(StoreError) -> Value {
    let mode = TransactionMode.readOnly.setting("cathlog.facility", to: facility.text)
      .setting("plan_cache_mode", to: "force_custom_plan")
    do throws(PostgresError) {
      return try await pool.transaction(mode, body)
    } catch {
      throw StoreError(error)
    }
  }

  private func rows(_ facility: FacilityCode, _ sql: SQL) async throws(StoreError) -> [LogRow] {
    try await read(facility) { session throws(PostgresError) in
      try session.query(sql).map { row throws(PostgresError) in
        try LogRow(row, facility: facility)
      }
    }
  }
}

extension StoreError {
  /// What an error of the database means to a caller of the log.
  init(_ error: PostgresError) {
    self =
      switch (error.kind, error.sqlState?.rawValue) {
      case (.closed, _): .closed
      // Raised by log.append.
      case (.server, "CL001"): .facilityUnknown
      case (.server, "CL002"): .misuse("the append function refused the form of the call")
      default: .database(error)
      }
  }
}
