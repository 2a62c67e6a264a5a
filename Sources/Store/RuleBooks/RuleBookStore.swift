public import Postgres
public import Procedures

/// The rule books that facilities keep: stored once under their digest, never changed, never removed.
public struct RuleBookStore: Sendable {
  private let pool: ConnectionPool

  /// The books of the database to which the pool connects, in the role of the service.
  public init(pool: ConnectionPool) { self.pool = pool }

  /// What became of a book that was to be stored.
  public enum Outcome: Hashable, Sendable {
    /// It is stored now.
    case stored(at: Instant)
    /// The facility had these bytes already, since then.
    case repeated(since: Instant)
    /// The facility keeps as many books as it may (1,000).
    case full
  }
}

// MARK: - Writing

extension RuleBookStore {
  /// Stores a book for a facility, and answers after the commit.
  ///
  /// - Throws: ``StoreError/facilityUnknown`` where the facility has no log;
  ///   ``StoreError/misuse(_:)`` where the digest is not that of the bytes.
  public func store(
    _ book: RuleBookContents, in facility: FacilityCode, by recorder: PersonCode
  ) async throws(StoreError) -> Outcome {
    let outcome = try await run { session throws(PostgresError) -> Outcome? in
      let row = try session.queryOne(
        """
        SELECT outcome, stored_at FROM log.store_rule_book(
          \(facility.text), decode(substr(\(book.digest), 8), 'hex'), \(book.edition.text),
          \(book.bytes), \(recorder.text))
        """)
      switch try row[0, as: String.self] {
      case "stored": return .stored(at: try row[1])
      case "repeat": return .repeated(since: try row[1])
      case "full": return .full
      default: return nil
      }
    }
    guard let outcome else { throw .unreadable("the database's answer is none of this edition's") }
    return outcome
  }
}

// MARK: - Reading

extension RuleBookStore {
  /// The books that a facility keeps, in the order in which they were stored.
  public func books(of facility: FacilityCode) async throws(StoreError) -> [StoredRuleBook] {
    try await read(facility) { session throws(PostgresError) in
      try Self.books(of: facility, session)
    }
  }

  /// A book that a facility keeps, by its digest; nil when it keeps no such.
  public func contents(
    of digest: String, in facility: FacilityCode
  ) async throws(StoreError) -> RuleBookContents? {
    guard RuleBookAdopted.isDigest(digest) else { return nil }
    return try await read(facility) { session throws(PostgresError) in
      try Self.contents(of: digest, in: facility, session)
    }
  }

  /// The editions of those among these digests that a facility keeps.
  public func editions(
    of digests: Set<String>, in facility: FacilityCode
  ) async throws(StoreError) -> [String: RuleBookEdition] {
    let wanted = digests.filter(RuleBookAdopted.isDigest).sorted()
    let found = try await read(facility) { session throws(PostgresError) in
      try session.query(
        """
        SELECT w.digest, b.edition FROM unnest(\(wanted)) AS w (digest)
        JOIN log.rule_book b ON b.facility = \(facility.text)
          AND b.digest = decode(substr(w.digest, 8), 'hex')
        """
      ).map { row throws(PostgresError) in
        (try row[0, as: String.self], try row[1, as: String.self])
      }
    }
    return found.reduce(into: [:]) { $0[$1.0] = RuleBookEdition($1.1) }
  }

  /// The first book whose bytes are not what their digest says; nil where there is none.
  ///
  /// The database refuses such a row. This asks it anew, of every row, as a log is verified.
  public func firstBroken(in facility: FacilityCode) async throws(StoreError) -> String? {
    try await read(facility) { session throws(PostgresError) in
      try session.query(
        """
        SELECT 'sha256:' || encode(digest, 'hex') FROM log.rule_book
        WHERE facility = \(facility.text) AND digest <> sha256(document)
        ORDER BY digest LIMIT 1
        """
      ).first.map { row throws(PostgresError) in try row[0] }
    }
  }
}

// MARK: - Within a session

extension RuleBookStore {
  /// As ``books(of:)``, within a transaction that sees the facility.
  public static func books(
    of facility: FacilityCode, _ session: Session
  ) throws(PostgresError) -> [StoredRuleBook] {
    try session.query(
      """
      SELECT edition, 'sha256:' || encode(digest, 'hex'), recorded_at, recorder
      FROM log.rule_book WHERE facility = \(facility.text) ORDER BY recorded_at, digest
      """
    ).map { row throws(PostgresError) -> StoredRuleBook? in
      guard let edition = RuleBookEdition(try row[0]), let recorder = PersonCode(try row[3]) else {
        return nil
      }
      return StoredRuleBook(
        edition: edition, digest: try row[1], recordedAt: try row[2], recorder: recorder)
    }.compactMap(\.self)
  }

  /// As ``contents(of:in:)``, within a transaction that sees the facility.
  public static func contents(
    of digest: String, in facility: FacilityCode, _ session: Session
  ) throws(PostgresError) -> RuleBookContents? {
    let row = try session.query(
      """
      SELECT edition, document FROM log.rule_book
      WHERE facility = \(facility.text) AND digest = decode(substr(\(digest), 8), 'hex')
      """
    ).first
    guard let row, let edition = RuleBookEdition(try row[0]) else { return nil }
    return RuleBookContents(edition: edition, digest: digest, bytes: try row[1])
  }
}

extension RuleBookStore {
  private func run<Value: Sendable>(
    _ body: @Sendable (Session) throws(PostgresError) -> Value
  ) async throws(StoreError) -> Value {
    do throws(PostgresError) {
      return try await pool.run(body)
    } catch {
      throw StoreError(error)
    }
  }

  private func read<Value: Sendable>(
    _ facility: FacilityCode, _ body: @Sendable (Session) throws(PostgresError) -> Value
  ) async throws(StoreError) -> Value {
    let mode = TransactionMode.readOnly.setting("cathlog.facility", to: facility.text)
    do throws(PostgresError) {
      return try await pool.transaction(mode, body)
    } catch {
      throw StoreError(error)
    }
  }
}
