import ArgumentParser
import Charges
import Foundation
import Logging
import Postgres
import Procedures
import Store

/// Where a measurement works: a database in its present schema, and a facility's log in it.
struct Bench: ParsableArguments {
  @Option(help: "The facility whose log is used; opened if it is not there.")
  var facility = "bench"

  func code() throws -> FacilityCode {
    guard let code = FacilityCode(facility) else {
      throw ValidationError("--facility takes 1 to 63 of a-z, 0-9 and -.")
    }
    return code
  }

  /// Calls `body` with an appender that runs meanwhile, into a log that is there.
  func run<Output: Sendable>(
    _ body: @Sendable @escaping (Live) async throws -> Output
  ) async throws -> Output {
    let environment = ProcessInfo.processInfo.environment
    guard let url = environment["DATABASE_URL"] else {
      throw ValidationError("DATABASE_URL must name a database.")
    }
    guard let text = environment["CATHLOG_MASTER_KEY"], let key = MasterKey(base64: text) else {
      throw ValidationError("CATHLOG_MASTER_KEY must be 32 bytes in base64.")
    }
    let code = try code()
    var settings = ConnectionSettings(url: url)
    settings.role = PostgresLogStore.serviceRole
    // Of the whole log, one statement may take as long as it takes.
    settings.statementTimeout = .seconds(3600)
    var poolSettings = PoolSettings()
    poolSettings.maximumConnectionCount = 8
    let live = Live(
      pool: ConnectionPool(settings, pool: poolSettings), facility: code, masterKey: key)
    do {
      let output = try await live.whileAppending { try await body(live) }
      await live.pool.shutdown()
      return output
    } catch {
      await live.pool.shutdown()
      throw error
    }
  }
}

/// The live objects of a measurement, wired as the service wires them.
struct Live: Sendable {
  let pool: ConnectionPool
  let facility: FacilityCode
  let store: PostgresLogStore
  let ticks = LogTicks()
  let appender: Appender

  init(pool: ConnectionPool, facility: FacilityCode, masterKey: MasterKey) {
    self.pool = pool
    self.facility = facility
    store = PostgresLogStore(pool: pool)
    appender = Appender(
      store: store, vault: Vault(store: store, masterKeys: [masterKey]), ticks: ticks,
      derivedCodes: RuleBook.standard.derivedCodes,
      ruleBooks: AdoptableRuleBooks(shipped: [], store: nil))
  }

  fileprivate func whileAppending<Output: Sendable>(
    _ body: @Sendable @escaping () async throws -> Output
  ) async throws -> Output {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await appender.run() }
      defer { appender.shutdown() }
      return try await body()
    }
  }
}

/// Says nothing: a measurement prints its result alone.
let quiet = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
