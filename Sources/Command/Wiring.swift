import Charges
import Logging
import Postgres
import Procedures
import Projectors
import Settings
import Store

/// The live objects of a process: the one place that builds them.
struct Parts: Sendable {
  let pool: ConnectionPool
  let store: PostgresLogStore
  let vault: Vault
  let ticks: LogTicks
  let appender: Appender
  let reader: LogReader
  let tokens: TokenStore
  let access: AccessRecorder
  let charges: CurrentCharges
  let ledger: LedgerReader
  let ledgerOrders: LedgerOrders
  let runner: ProjectorRunner
  let replay: Replay
  let ruleBooks: RuleBookLibrary
  let migrations: Migrator.Status
  let settings: ConnectionSettings
}

enum Wiring {
  /// Opens the database in its present schema, and calls `body` with everything that works on it.
  ///
  /// Nothing of it runs yet.
  static func withOpenDatabase<Output: Sendable>(
    _ settings: CathlogSettings, isShared: Bool = true, _ logger: Logger,
    _ body: @Sendable @escaping (Parts) async throws -> Output
  ) async throws -> Output {
    try await settings.place.withDatabase(isShared: isShared) { connection in
      var connection = connection
      connection.statementTimeout = settings.statementTimeout
      if !isShared { try await checkServer(connection, settings.durability, logger) }
      let pool = ConnectionPool(service(connection), pool: settings.pool)
      do {
        let output = try await body(try await build(settings, connection, pool, logger))
        await pool.shutdown()
        return output
      } catch {
        await pool.shutdown()
        throw error
      }
    }
  }

  /// The same for a command: the appender runs for as long as `body` does.
  static func withParts<Output: Sendable>(
    _ settings: CathlogSettings, _ body: @Sendable @escaping (Parts) async throws -> Output
  ) async throws -> Output {
    try await withOpenDatabase(settings, quiet) { parts in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await parts.appender.run() }
        defer { parts.appender.shutdown() }
        return try await body(parts)
      }
    }
  }

  /// Brings the schema up to date where the role may; a schema that is current needs no such right.
  static func migrated(
    _ settings: ConnectionSettings, _ pool: ConnectionPool
  ) async throws -> Migrator.Status {
    let migrator = Migrator()
    if let status = try? await migrator.status(pool), status.isCurrent { return status }
    try await migrator.migrate(settings)
    return try await migrator.status(pool)
  }

  private static func build(
    _ settings: CathlogSettings, _ connection: ConnectionSettings, _ pool: ConnectionPool,
    _ logger: Logger
  ) async throws -> Parts {
    let migrations = try await migrated(connection, pool)
    let store = PostgresLogStore(pool: pool)
    let source = try MasterKeySource(settings)
    let masterKeys = try source.keys(databaseHoldsKeys: try await store.holdsKeys())
    let vault = Vault(store: store, masterKeys: masterKeys)
    let ticks = LogTicks()
    let ruleBook = RuleBook.standard
    let ruleBooks = RuleBookLibrary(pool: pool, shipped: ruleBook)
    let reader = LogReader(store: store, vault: vault)
    return Parts(
      pool: pool, store: store, vault: vault, ticks: ticks,
      appender: Appender(
        store: store, vault: vault, ticks: ticks, derivedCodes: ruleBook.derivedCodes,
        ruleBooks: ruleBooks.adoptable, limits: settings.appender),
      reader: reader, tokens: TokenStore(pool: pool), access: AccessRecorder(pool: pool),
      charges: CurrentCharges(pool: pool), ledger: LedgerReader(pool: pool, log: reader),
      ledgerOrders: LedgerOrders(pool: pool),
      runner: ProjectorRunner(
        pool: pool, store: store, ticks: ticks, ruleBook: ruleBook, logger: logger,
        settings: settings.projectors),
      replay: Replay(pool: pool, ruleBook: ruleBook), ruleBooks: ruleBooks,
      migrations: migrations, settings: connection)
  }

  private static func service(_ settings: ConnectionSettings) -> ConnectionSettings {
    var settings = settings
    settings.role = PostgresLogStore.serviceRole
    return settings
  }

  /// For commands, which say what they have to say themselves.
  static let quiet = Logger(label: "cathlog") { _ in SwiftLogNoOpLogHandler() }
}

extension Parts {
  /// Appends an event of the facility that it names, and with which its log begins.
  func openFacility(_ event: Event) async throws {
    guard case .facilityOpened(let opened) = event.body else { return }
    try await append(
      Submission(caseID: .zero, events: [event], recorder: Operator.person),
      to: opened.facility)
  }

  /// Appends, with what the log says no to as a command's failure.
  @discardableResult
  func append(
    _ submission: Submission, to facility: FacilityCode
  ) async throws(CommandFailure) -> [Receipt] {
    do throws(AppendFailure) {
      return try await appender.append(submission, to: facility)
    } catch {
      throw CommandFailure(error)
    }
  }
}
