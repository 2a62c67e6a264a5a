import Postgres
import TestDatabase
import Testing

@testable import Store

@Suite struct `What is found of a schema` {
  private func facts(_ edition: SchemaFacts.Edition) -> SchemaFacts {
    SchemaFacts(
      edition: edition, isDefinitionGuarded: true,
      roles: ["cathlog_owner": false, "cathlog_service": false, "cathlog_writer": false],
      mayServe: true, writableTables: [])
  }

  private func verdicts(_ facts: SchemaFacts) -> [String: Diagnosis.Verdict] {
    facts.diagnoses.filter { $0.verdict != .ok }.reduce(into: [:]) { $0[$1.code] = $1.verdict }
  }

  @Test(
    arguments: [
      (.current, nil), (.none, .warning), (.behind(pending: ["0002_log"]), .warning),
      (.ahead(number: 99), .misconfigured), (.edited(name: "0002_log"), .misconfigured),
    ] as [(SchemaFacts.Edition, Diagnosis.Verdict?)])
  func `of each edition`(edition: SchemaFacts.Edition, verdict: Diagnosis.Verdict?) {
    #expect(verdicts(facts(edition))["schema"] == verdict)
  }

  @Test func `of its guards and roles`() {
    var found = facts(.current)
    found.isDefinitionGuarded = false
    #expect(verdicts(found) == ["definition-guard": .warning])
    found = facts(.current)
    found.roles["cathlog_writer"] = true
    #expect(verdicts(found) == ["roles": .misconfigured])
    found.roles["cathlog_writer"] = nil
    #expect(verdicts(found) == ["roles": .misconfigured])
    found = facts(.current)
    found.mayServe = false
    #expect(verdicts(found) == ["service-role": .misconfigured])
    found = facts(.current)
    found.writableTables = ["log.event"]
    #expect(verdicts(found) == ["log-guard": .misconfigured])
  }

  @Test func `is read from a real one`() async throws {
    let settings = ConnectionSettings(url: try await TestDatabase.fresh())
    let empty = try await read(settings)
    #expect(verdicts(empty)["schema"] == .warning)
    try await Migrator().migrate(settings)
    #expect(verdicts(try await read(settings)) == [:])

    let connection = try await Connection.open(settings)
    try await connection.run { session throws(PostgresError) in
      try session.runScript(
        """
        DROP EVENT TRIGGER cathlog_refuse_change_of_log;
        GRANT INSERT ON log.event TO cathlog_service;
        DELETE FROM migration.applied WHERE number = 5;
        """)
    }
    await connection.close()
    #expect(
      verdicts(try await read(settings)) == [
        "schema": .warning, "definition-guard": .warning, "log-guard": .misconfigured,
      ])
  }

  private func read(_ settings: ConnectionSettings) async throws -> SchemaFacts {
    let connection = try await Connection.open(settings)
    let facts = try await connection.transaction(.readOnly) { session throws(PostgresError) in
      try SchemaFacts.read(session)
    }
    await connection.close()
    return facts
  }
}
