import Postgres
import Procedures
import Store
import TestDatabase
import Testing

/// Every store that keeps the promises of `LogStore`: the contract suites run over each.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
  case memory
  case postgres

  var testDescription: String { rawValue }
}

/// Runs a test on a store of a kind; the one place that makes stores.
///
/// A store holds logs of other tests too, so each test takes facilities of its own.
func withStore<Value>(
  _ kind: StoreKind, _ body: (any LogStore) async throws -> Value
) async throws -> Value {
  switch kind {
  case .memory: return try await body(MemoryLogStore(clock: TestClock().read))
  case .postgres:
    var settings = ConnectionSettings(url: try await TestLogs.shared.database())
    settings.role = PostgresLogStore.serviceRole
    let pool = ConnectionPool(settings)
    do {
      let value = try await body(PostgresLogStore(pool: pool))
      await pool.shutdown()
      return value
    } catch {
      await pool.shutdown()
      throw error
    }
  }
}

/// The one database of this process's stores, with the migrations applied.
private actor TestLogs {
  static let shared = TestLogs()

  private var making: Task<String, any Error>?

  func database() async throws -> String {
    if let making { return try await making.value }
    let task = Task {
      let url = try await TestDatabase.fresh()
      try await Migrator().migrate(ConnectionSettings(url: url))
      return url
    }
    making = task
    return try await task.value
  }
}
