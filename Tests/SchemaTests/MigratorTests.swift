import Postgres
import Schema
import TestDatabase
import Testing

@testable import Store

@Suite struct `Migrations` {
  private func settings() async throws -> ConnectionSettings {
    ConnectionSettings(url: try await TestDatabase.fresh())
  }

  private func status(_ settings: ConnectionSettings) async throws -> Migrator.Status {
    let pool = ConnectionPool(settings)
    let status = try await Migrator().status(pool)
    await pool.shutdown()
    return status
  }

  @Test func `are numbered without a gap and named after their number`() {
    for (index, migration) in Schema.migrations.enumerated() {
      #expect(migration.number == index + 1)
      let digits = String(migration.number)
      let prefix = String(repeating: "0", count: 4 - digits.count) + digits + "_"
      #expect(migration.name.hasPrefix(prefix), "\(migration.name)")
      #expect(!migration.text.isEmpty)
    }
  }

  @Test func `are all applied once, and the log's definitions are guarded`() async throws {
    let settings = try await settings()
    #expect(try await status(settings).pending == Schema.migrations.map(\.name))
    #expect(try await Migrator().migrate(settings) == Schema.migrations.map(\.name))
    #expect(try await Migrator().migrate(settings).isEmpty)
    let status = try await status(settings)
    #expect(status.isCurrent)
    #expect(status.isDefinitionGuarded)
  }

  @Test func `are applied by one of several instances that start at once`() async throws {
    let settings = try await settings()
    let applied = try await withThrowingTaskGroup(of: [String].self) { group in
      for _ in 0..<6 { group.addTask { try await Migrator().migrate(settings) } }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(applied == Schema.migrations.map(\.name))
  }

  @Test func `that were edited after they were applied are refused by name`() async throws {
    let settings = try await settings()
    try await Migrator().migrate(settings)
    var edited = Schema.migrations
    edited[1] = Schema.Migration(number: 2, name: edited[1].name, text: edited[1].text + "\n")
    await #expect {
      try await Migrator(edited).migrate(settings)
    } throws: { error in
      guard case MigrationError.edited(name: "0002_log") = error else { return false }
      return "\(error)".contains("0002_log")
    }
  }

  @Test func `of a newer edition are refused`() async throws {
    let settings = try await settings()
    try await Migrator().migrate(settings)
    let older = Array(Schema.migrations.dropLast())
    await #expect {
      try await Migrator(older).migrate(settings)
    } throws: { error in
      guard case MigrationError.ahead(number: Schema.migrations.count) = error else { return false }
      return true
    }
  }

  @Test func `that fail leave nothing of themselves, and all before them`() async throws {
    let settings = try await settings()
    let broken = Schema.Migration(
      number: Schema.migrations.count + 1, name: "broken",
      text: "CREATE TABLE projection.half (n int); SELECT 1 / 0")
    await #expect {
      try await Migrator(Schema.migrations + [broken]).migrate(settings)
    } throws: { error in
      guard case MigrationError.database(_, migration: "broken") = error else { return false }
      return true
    }
    #expect(try await status(settings).isCurrent)
    let connection = try await Connection.open(settings)
    let hasTable: Bool = try await connection.run { session throws(PostgresError) in
      try session.queryOne("SELECT to_regclass('projection.half') IS NOT NULL")[0]
    }
    #expect(!hasTable)
  }
}
