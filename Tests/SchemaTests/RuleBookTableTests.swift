import Postgres
import Procedures
import Store
import TestDatabase
import Testing

/// What the database itself holds the stored rule books to, without the program's care.
@Suite struct `The table of rule books` {
  /// A database with the log of one facility.
  private func database() async throws -> ConnectionSettings {
    ConnectionSettings(
      url: try await TestDatabase.fromTemplate("rule-books") { url in
        let settings = ConnectionSettings(url: url)
        try await Migrator().migrate(settings)
        var service = settings
        service.role = PostgresLogStore.serviceRole
        let pool = ConnectionPool(service)
        try await Fixture.openLog(in: PostgresLogStore(pool: pool))
        await pool.shutdown()
      })
  }

  /// What each script comes to in one session: its last value, or the SQLSTATE that refuses it.
  private func answers(_ scripts: [(role: String, sql: SQL)]) async throws -> [String] {
    let connection = try await Connection.open(try await database())
    var answers: [String] = []
    for (role, sql) in scripts {
      do throws(PostgresError) {
        answers.append(
          try await connection.run { session throws(PostgresError) in
            try session.runScript("RESET ROLE; SET ROLE \(role)")
            return try session.query(sql).last.map { row throws(PostgresError) -> String in
              try row[0]
            } ?? "-"
          })
      } catch {
        answers.append(error.sqlState?.rawValue ?? "\(error.kind)")
      }
    }
    await connection.close()
    return answers
  }

  private static func store(
    _ facility: String, digestOf contents: String, _ stored: String
  ) -> SQL {
    """
    SELECT outcome FROM log.store_rule_book(
      \(facility), sha256(convert_to(\(contents), 'UTF8')), '2026.1-general',
      convert_to(\(stored), 'UTF8'), 'ad-1')
    """
  }

  @Test func `takes a book once by its function, and only under its own digest`() async throws {
    let service = "cathlog_service"
    let answers = try await answers([
      (service, Self.store("general", digestOf: "one", "one")),
      (service, Self.store("general", digestOf: "one", "one")),
      (service, Self.store("general", digestOf: "two", "one")),
      (service, Self.store("nowhere", digestOf: "one", "one")),
      (service, Self.store("general", digestOf: "", "")),
      (
        "cathlog_writer",
        """
        INSERT INTO log.rule_book
        VALUES ('general', sha256('two'), '2026.1', 'three', now(), 'ad-1') RETURNING edition
        """
      ),
      (
        service,
        """
        SELECT outcome FROM (SELECT convert_to(repeat('x', 4194305), 'UTF8') AS b) big,
          LATERAL log.store_rule_book('general', sha256(b), '2026.1', b, 'ad-1')
        """
      ),
      (
        service,
        """
        SELECT outcome FROM (SELECT convert_to('nameless', 'UTF8') AS b) nameless,
          LATERAL log.store_rule_book('general', sha256(b), '', b, 'ad-1')
        """
      ),
    ])
    #expect(
      answers == ["stored", "repeat", "CL002", "CL001", "23514", "23514", "23514", "23514"])
  }

  @Test func `keeps at most a thousand books of a facility`() async throws {
    let answers = try await answers([
      (
        "cathlog_service",
        """
        SELECT outcome FROM generate_series(1, 1000) n,
          LATERAL log.store_rule_book('general', sha256(convert_to(n::text, 'UTF8')), '2026.1',
            convert_to(n::text, 'UTF8'), 'ad-1')
        """
      ),
      ("cathlog_service", Self.store("general", digestOf: "one", "one")),
      ("cathlog_service", Self.store("general", digestOf: "1000", "1000")),
    ])
    #expect(answers == ["stored", "full", "repeat"])
  }

  @Test func `shows the service the books of one facility`() async throws {
    let count: SQL = "SELECT count(*)::text FROM log.rule_book"
    let answers = try await answers([
      ("cathlog_service", Self.store("general", digestOf: "one", "one")),
      ("cathlog_service", count),
      ("cathlog_service", "SELECT set_config('cathlog.facility', 'other', false)"),
      ("cathlog_service", count),
      ("cathlog_service", "SELECT set_config('cathlog.facility', 'general', false)"),
      ("cathlog_service", count),
    ])
    #expect(answers == ["stored", "0", "other", "0", "general", "1"])
  }
}
