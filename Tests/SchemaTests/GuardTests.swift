import Postgres
import Procedures
import Store
import TestDatabase
import Testing

/// Statements that would change what the log says, tried in each role that a session can have.
@Suite struct `The database's guards` {
  enum Actor: String, CaseIterable {
    case service = "SET ROLE cathlog_service"
    case owner = "SET ROLE cathlog_owner"
    case superuser = "RESET ROLE"
    case replica = "RESET ROLE; SET session_replication_role = replica"
  }

  static let statements = [
    "INSERT INTO log.event SELECT * FROM log.event",
    "INSERT INTO log.event SELECT * FROM log.event WHERE false",
    "UPDATE log.event SET recorder = 'x'",
    "UPDATE log.event SET recorder = 'x' WHERE false",
    "DELETE FROM log.event",
    "TRUNCATE log.event",
    "TRUNCATE log.event CASCADE",
    "INSERT INTO log.head VALUES ('other', 0, now())",
    "UPDATE log.head SET position = 0",
    "DELETE FROM log.head",
    "TRUNCATE log.head",
    "INSERT INTO access.record SELECT * FROM access.record",
    "UPDATE access.record SET person = 'x'",
    "DELETE FROM access.record",
    "TRUNCATE access.record",
    "INSERT INTO log.rule_book SELECT * FROM log.rule_book",
    "INSERT INTO log.rule_book SELECT * FROM log.rule_book WHERE false",
    "UPDATE log.rule_book SET edition = 'x'",
    "UPDATE log.rule_book SET edition = 'x' WHERE false",
    "DELETE FROM log.rule_book",
    "TRUNCATE log.rule_book",
    "INSERT INTO ledger.entry SELECT * FROM ledger.entry",
    "INSERT INTO ledger.entry SELECT * FROM ledger.entry WHERE false",
    "UPDATE ledger.entry SET units = 9",
    "DELETE FROM ledger.entry",
    "TRUNCATE ledger.entry",
    "INSERT INTO ledger.head VALUES ('other', 0, 0)",
    "UPDATE ledger.head SET last_number = 0",
    "DELETE FROM ledger.head",
    "TRUNCATE ledger.head",
    "UPDATE ledger.epoch SET place = 'x'",
    "DELETE FROM ledger.epoch",
    "INSERT INTO ledger.acknowledgement SELECT * FROM ledger.acknowledgement",
    "UPDATE ledger.acknowledgement SET through_number = 1",
    "DELETE FROM ledger.acknowledgement",
    "INSERT INTO ledger.withheld_case SELECT * FROM ledger.withheld_case",
    "DELETE FROM ledger.withheld_case",
  ]

  static let definitions = [
    "ALTER TABLE log.event ADD COLUMN note text",
    "ALTER TABLE log.event DISABLE TRIGGER ALL",
    "ALTER TABLE log.event RENAME TO event_before",
    "ALTER TABLE log.event SET SCHEMA projection",
    "ALTER TABLE log.event DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE log.head ADD COLUMN note text",
    "DROP TABLE log.event",
    "DROP TABLE log.event CASCADE",
    "DROP TRIGGER only_grows ON log.event",
    "DROP FUNCTION log.refuse_change CASCADE",
    "DROP SCHEMA log CASCADE",
    "ALTER SCHEMA log RENAME TO log_before",
    "CREATE RULE skip AS ON INSERT TO log.event DO INSTEAD NOTHING",
    """
    CREATE OR REPLACE FUNCTION log.refuse_change() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN RETURN NULL; END'
    """,
    "DROP TABLE access.record CASCADE",
    "ALTER TABLE log.rule_book ADD COLUMN note text",
    "ALTER TABLE log.rule_book DISABLE TRIGGER ALL",
    "ALTER TABLE log.rule_book SET SCHEMA projection",
    "ALTER TABLE log.rule_book DROP CONSTRAINT rule_book_check",
    "DROP TABLE log.rule_book",
    "DROP FUNCTION log.store_rule_book",
    "CREATE RULE skip AS ON INSERT TO log.rule_book DO INSTEAD NOTHING",
    "ALTER TABLE ledger.entry DISABLE TRIGGER ALL",
    "ALTER TABLE ledger.entry SET SCHEMA projection",
    "ALTER TABLE ledger.head ADD COLUMN note text",
    "DROP TABLE ledger.acknowledgement",
    "DROP INDEX ledger.credited_once",
    "DROP SCHEMA ledger CASCADE",
    "ALTER FUNCTION ledger.post RENAME TO post_before",
    "CREATE RULE skip AS ON INSERT TO ledger.entry DO INSTEAD NOTHING",
  ]

  /// A database with a log of two events, as its superuser.
  private func database() async throws -> ConnectionSettings {
    ConnectionSettings(
      url: try await TestDatabase.fromTemplate("guarded") { url in
        let settings = ConnectionSettings(url: url)
        try await Migrator().migrate(settings)
        var service = settings
        service.role = PostgresLogStore.serviceRole
        let pool = ConnectionPool(service)
        try await Fixture.openLog(in: PostgresLogStore(pool: pool))
        await pool.shutdown()
      })
  }

  /// The SQLSTATE with which each statement is refused, or `done`; in sessions of their own.
  private func sqlStates(_ statements: [String], as actor: Actor) async throws -> [String] {
    let settings = try await database()
    var states: [String] = []
    for statement in statements {
      let connection = try await Connection.open(settings)
      do throws(PostgresError) {
        try await connection.run { session throws(PostgresError) in
          try session.runScript(actor.rawValue)
          try session.runScript(statement)
        }
        states.append("done")
      } catch {
        states.append(error.sqlState?.rawValue ?? "\(error.kind)")
      }
      await connection.close()
    }
    return states
  }

  @Test(arguments: Actor.allCases)
  func `refuse every change of rows`(actor: Actor) async throws {
    let states = try await sqlStates(Self.statements, as: actor)
    for (statement, state) in zip(Self.statements, states) {
      #expect(state == "42501", "\(actor): \(statement)")
    }
  }

  @Test(arguments: [Actor.service, .owner, .superuser])
  func `refuse every change of definitions`(actor: Actor) async throws {
    let states = try await sqlStates(Self.definitions, as: actor)
    for (statement, state) in zip(Self.definitions, states) {
      #expect(state == "42501", "\(actor): \(statement)")
    }
  }

  @Test func `leave other schemas alone`() async throws {
    let statement = """
      CREATE TABLE public.other (n int);
      ALTER TABLE public.other ADD m int;
      DROP TABLE public.other
      """
    #expect(try await sqlStates([statement], as: .superuser) == ["done"])
  }

  @Test func `show the service one facility at a time`() async throws {
    let connection = try await Connection.open(try await database())
    let counts = try await connection.run { session throws(PostgresError) in
      try session.runScript(Actor.service.rawValue)
      let none: Int64 = try session.queryOne("SELECT count(*) FROM log.event")[0]
      try session.runScript("SET cathlog.facility = 'other'")
      let other: Int64 = try session.queryOne("SELECT count(*) FROM log.event")[0]
      try session.runScript("SET cathlog.facility = 'general'")
      let own: Int64 = try session.queryOne("SELECT count(*) FROM log.event")[0]
      return [none, other, own]
    }
    #expect(counts == [0, 0, 2])
  }

  @Test func `do not let the service become the writer by itself`() async throws {
    var settings = try await database()
    settings.role = PostgresLogStore.serviceRole
    let connection = try await Connection.open(settings)
    let isMember: Bool = try await connection.run { session throws(PostgresError) in
      try session.queryOne(
        """
        SELECT pg_has_role('cathlog_service', 'cathlog_writer', 'MEMBER')
          OR pg_has_role('cathlog_service', 'cathlog_owner', 'MEMBER')
        """)[0]
    }
    #expect(!isMember)
  }
}
