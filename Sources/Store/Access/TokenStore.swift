public import Postgres
public import Procedures
internal import Synchronization

/// The access tokens of a database's facilities.
public final class TokenStore: Sendable {
  /// How long and how much is remembered of tokens that were looked up.
  public struct Memory: Sendable {
    /// How many tokens are remembered.
    public var limit = 4096
    /// How long an answer is taken as it is.
    public var freshFor = Duration.seconds(2)
    /// After how long a revocation holds at the latest, also one by another process.
    public var usableFor = Duration.seconds(5)

    /// Begins with the defaults.
    public init() {}
  }

  private let pool: ConnectionPool
  private let now: @Sendable () -> ContinuousClock.Instant
  private let cache: Mutex<TokenCache>

  /// The tokens of the database to which the pool connects.
  public init(
    pool: ConnectionPool, memory: Memory = Memory(),
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.pool = pool
    self.now = now
    cache = Mutex(
      TokenCache(limit: memory.limit, freshFor: memory.freshFor, usableFor: memory.usableFor))
  }
}

// MARK: - Making and ending tokens

extension TokenStore {
  /// Makes a token.
  ///
  /// - Parameters:
  ///   - person: whom it lets in.
  ///   - roles: in which roles, at least one.
  ///   - facility: the one facility that it opens.
  ///   - lifetime: from now by the database's clock; nil for one that does not end by itself.
  /// - Returns: the token, and what to show for it, which is known here alone.
  /// - Throws: ``StoreError/facilityUnknown`` where the facility has no log; ``StoreError/misuse(_:)``
  ///   without a role.
  public func create(
    for person: PersonCode, roles: Set<StaffRole>, in facility: FacilityCode,
    lifetime: Duration? = nil
  ) async throws(StoreError) -> (token: AccessToken, presented: PresentedToken) {
    guard !roles.isEmpty else { throw .misuse("a token needs a role") }
    let presented = PresentedToken(facility: facility, id: .random())
    let names = roles.map(\.rawValue).sorted()
    let microseconds = lifetime.map { $0 / .microseconds(1) }
    let token = try await run { session throws(PostgresError) in
      try session.query(
        """
        INSERT INTO access.token (facility, token_id, secret_hash, person, roles, expires_at)
        SELECT \(facility.text), \(presented.id), \(presented.secretHash), \(person.text),
          \(names), clock_timestamp() + \(microseconds)::float8 * interval '1 microsecond'
        WHERE \(facility.text) IN (SELECT log.facilities())
        RETURNING \(unescaped: AccessToken.columns)
        """
      ).map { row throws(PostgresError) in try AccessToken(row, facility: facility) }.first ?? nil
    }
    guard let token else { throw .facilityUnknown }
    return (token, presented)
  }

  /// The tokens of a facility, the newest first.
  public func tokens(of facility: FacilityCode) async throws(StoreError) -> [AccessToken] {
    try await run { session throws(PostgresError) in
      try session.query(
        """
        SELECT \(unescaped: AccessToken.columns) FROM access.token
        WHERE facility = \(facility.text) ORDER BY created_at DESC, token_id
        """
      ).map { row throws(PostgresError) in try AccessToken(row, facility: facility) }
        .compactMap(\.self)
    }
  }

  /// Ends a token: here at once, in other processes within seconds.
  ///
  /// - Returns: whether there is such a token; one that was revoked before stays as it was.
  public func revoke(_ id: TokenID, in facility: FacilityCode) async throws(StoreError) -> Bool {
    let count = try await run { session throws(PostgresError) in
      try session.execute(
        """
        UPDATE access.token SET revoked_at = coalesce(revoked_at, clock_timestamp())
        WHERE facility = \(facility.text) AND token_id = \(id)
        """)
    }
    cache.withLock { $0.forget(id, in: facility) }
    return count > 0
  }
}

// MARK: - Letting in

extension TokenStore {
  /// Whether what a caller shows lets it in.
  public enum Verdict: Sendable {
    /// It does, as this token says.
    case accepted(AccessToken)
    /// It is a token of the facility, but it does not let in, for this reason.
    case refused(AccessToken, Reason)
    /// There is no such token.
    case unknown

    /// Why a known token does not let in.
    public enum Reason: String, Sendable {
      /// The secret is not the token's.
      case wrongSecret = "wrong-secret"
      /// Its time is over.
      case expired
      /// It was revoked.
      case revoked
    }
  }

  /// Judges what a caller shows, mostly without asking the database.
  public func judge(_ presented: PresentedToken) async throws(StoreError) -> Verdict {
    let answer = cache.withLock { $0.ask(presented, now: now()) }
    switch answer {
    case .known(let entry): return verdict(presented, entry)
    case .lookUp(let stale):
      do throws(StoreError) {
        let entry = try await lookUp(presented)
        cache.withLock { $0.settle(presented, entry, now: now()) }
        return verdict(presented, entry)
      } catch {
        cache.withLock { $0.giveUp(presented) }
        guard let stale else { throw error }
        return verdict(presented, stale)
      }
    }
  }

  private func verdict(_ presented: PresentedToken, _ entry: TokenCache.Entry?) -> Verdict {
    guard let entry else { return .unknown }
    guard Self.isEqual(presented.secretHash, entry.secretHash) else {
      return .refused(entry.token, .wrongSecret)
    }
    if entry.token.revokedAt != nil { return .refused(entry.token, .revoked) }
    if let endsAt = entry.endsAt, now() >= endsAt { return .refused(entry.token, .expired) }
    return .accepted(entry.token)
  }

  private func lookUp(_ presented: PresentedToken) async throws(StoreError) -> TokenCache.Entry? {
    let askedAt = now()
    return try await run { session throws(PostgresError) in
      try session.query(
        """
        SELECT \(unescaped: AccessToken.columns), secret_hash, clock_timestamp()
        FROM access.token
        WHERE facility = \(presented.facility.text) AND token_id = \(presented.id)
        """
      ).map { row throws(PostgresError) -> TokenCache.Entry? in
        guard let token = try AccessToken(row, facility: presented.facility) else { return nil }
        let databaseNow: Instant = try row[7]
        return TokenCache.Entry(
          token: token, secretHash: try row[6],
          endsAt: token.expiresAt.map {
            askedAt + .microseconds($0.microseconds - databaseNow.microseconds)
          },
          lookedUpAt: askedAt)
      }.first ?? nil
    }
  }

  /// Takes as long for any two hashes, so that the time says nothing of the difference.
  private static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private func run<Value: Sendable>(
    _ body: @Sendable (Session) throws(PostgresError) -> Value
  ) async throws(StoreError) -> Value {
    do throws(PostgresError) {
      return try await pool.run(body)
    } catch {
      throw StoreError(error)
    }
  }
}

extension AccessToken {
  /// The columns of `access.token` but for the facility and the hash.
  fileprivate static let columns = "token_id, person, roles, created_at, expires_at, revoked_at"

  /// Nil for a row that no edition wrote; a role that this edition does not know gives no right.
  fileprivate init?(_ row: Row, facility: FacilityCode) throws(PostgresError) {
    let roles: [String] = try row[2]
    guard let person = PersonCode(try row[1, as: String.self]) else { return nil }
    self.init(
      id: try row[0], facility: facility, person: person,
      roles: Set(roles.compactMap(StaffRole.init)), createdAt: try row[3],
      expiresAt: try row[4], revokedAt: try row[5])
  }
}
