internal import Crypto
public import Postgres
internal import Schema

/// Brings a database to this edition's schema: forward only, each migration once, under a lock.
public struct Migrator: Sendable {
  /// What stands in a database.
  public struct Status: Hashable, Sendable {
    /// The names of the migrations that are still to be applied.
    public var pending: [String]
    /// Whether ALTER and DROP of the log's tables are refused to their owner too, which only a
    /// superuser can install.
    public var isDefinitionGuarded: Bool
    /// How many migrations have been applied.
    public var appliedCount: Int

    /// Whether nothing is left to apply.
    public var isCurrent: Bool { pending.isEmpty }
  }

  /// By this lock the database knows that a migration is under way: `migration.is_under_way()`.
  private static let lock: Int64 = 67 << 32 | 1

  private let migrations: [Schema.Migration]

  /// Applies this edition's migrations.
  public init() { self.init(Schema.migrations) }

  init(_ migrations: [Schema.Migration]) { self.migrations = migrations }

  /// Applies what is missing, and returns the names of what was applied.
  ///
  /// Several processes may ask at once: one applies, the others wait and find nothing to do. Each
  /// migration is a transaction of its own. The session's role must be allowed to create roles and
  /// schemas; a superuser's also installs the guard of definitions.
  /// - Throws: ``MigrationError``; what was applied before it stays.
  @discardableResult
  public func migrate(_ settings: ConnectionSettings) async throws(MigrationError) -> [String] {
    var settings = settings
    settings.statementTimeout = .zero
    settings.role = nil
    let outcome: Result<[String], MigrationError>
    do throws(PostgresError) {
      let connection = try await Connection.open(settings)
      outcome = try await connection.run { session throws(PostgresError) in
        try session.withAdvisoryLock(Self.lock) { session throws(PostgresError) in
          Result { () throws(MigrationError) in try apply(session) }
        }
      }
      await connection.close()
    } catch {
      throw .database(error, migration: nil)
    }
    return try outcome.get()
  }

  /// What is applied and what is not, as any role may read it.
  ///
  /// - Throws: ``MigrationError``, for a schema that this edition did not make, too.
  public func status(_ pool: ConnectionPool) async throws(MigrationError) -> Status {
    let outcome: Result<Status, MigrationError>
    do throws(PostgresError) {
      outcome = try await pool.run { session throws(PostgresError) in
        Result { () throws(MigrationError) in try status(session) }
      }
    } catch {
      throw .database(error, migration: nil)
    }
    return try outcome.get()
  }

  /// What is applied and what is not, within a session.
  ///
  /// - Throws: As ``status(_:)-(ConnectionPool)``.
  public func status(_ session: Session) throws(MigrationError) -> Status {
    let found = try Self.attempt(nil) { () throws(PostgresError) in
      let hasTable: Bool = try session.queryOne(
        "SELECT to_regclass('migration.applied') IS NOT NULL")[0]
      let guardCount: Int64 = try session.queryOne(
        """
        SELECT count(*) FROM pg_event_trigger
        WHERE evtname IN ('cathlog_refuse_change_of_log', 'cathlog_refuse_drop_of_log')
          AND evtenabled = 'A'
        """)[0]
      return (applied: hasTable ? try Applied.all(session) : [], guardCount: guardCount)
    }
    return Status(
      pending: try pending(after: found.applied).map(\.name),
      isDefinitionGuarded: found.guardCount == 2, appliedCount: found.applied.count)
  }
}

extension Migrator {
  private func apply(_ session: Session) throws(MigrationError) -> [String] {
    let applied = try Self.attempt(nil) { () throws(PostgresError) in
      let hasTable: Bool = try session.queryOne(
        "SELECT to_regclass('migration.applied') IS NOT NULL")[0]
      if !hasTable { try session.runScript(Schema.migrationsTable) }
      return try Applied.all(session)
    }
    let pending = try pending(after: applied)
    for migration in pending {
      try Self.attempt(migration.name) { () throws(PostgresError) in
        try session.transaction { session throws(PostgresError) in
          try session.runScript(migration.text)
          try session.runScript("RESET ROLE")
          try session.execute(
            """
            INSERT INTO migration.applied (number, name, checksum)
            VALUES (\(Int32(migration.number)), \(migration.name), \(migration.checksum))
            """)
        }
      }
    }
    try Self.attempt("guard_definitions") { () throws(PostgresError) in
      let isSuperuser: Bool = try session.queryOne(
        "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")[0]
      guard isSuperuser else { return }
      try session.transaction { session throws(PostgresError) in
        try session.runScript(Schema.definitionGuard)
      }
    }
    return pending.map(\.name)
  }

  /// The migrations that are left, once the applied ones are found to be this edition's.
  private func pending(after applied: [Applied]) throws(MigrationError) -> [Schema.Migration] {
    for row in applied {
      guard let migration = migrations.first(where: { $0.number == row.number }) else {
        throw .ahead(number: row.number)
      }
      guard migration.name == row.name, migration.checksum == row.checksum else {
        throw .edited(name: row.name)
      }
    }
    let numbers = Set(applied.map(\.number))
    return migrations.filter { !numbers.contains($0.number) }
  }

  @discardableResult
  private static func attempt<Value>(
    _ name: String?, _ body: () throws(PostgresError) -> Value
  ) throws(MigrationError) -> Value {
    do throws(PostgresError) {
      return try body()
    } catch {
      throw .database(error, migration: name)
    }
  }
}

/// A row of `migration.applied`.
private struct Applied: Sendable {
  let number: Int
  let name: String
  let checksum: [UInt8]

  static func all(_ session: Session) throws(PostgresError) -> [Applied] {
    try session.query("SELECT number, name, checksum FROM migration.applied ORDER BY number")
      .map { row throws(PostgresError) in
        Applied(
          number: Int(try row[0, as: Int32.self]), name: try row[1], checksum: try row[2])
      }
  }
}

extension Schema.Migration {
  /// SHA-256 of the text.
  var checksum: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
}
