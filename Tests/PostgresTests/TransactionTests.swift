import Postgres
import Testing

// A server allows a hundred connections unless it is told otherwise.
@Suite(.serialized) struct `Transactions` {
  private func withTable<Value>(
    _ body: (Connection, String) async throws -> Value
  ) async throws {
    try await withConnection { connection in
      let table = freshName("tx")
      try await connection.run { session throws(PostgresError) in
        try session.runScript("CREATE TABLE \(table) (n bigint PRIMARY KEY)")
      }
      _ = try await body(connection, table)
      try await connection.run { session throws(PostgresError) in
        try session.runScript("DROP TABLE \(table)")
      }
    }
  }

  /// What another connection sees.
  private func rowCount(_ table: String) async throws -> Int {
    try await withSession { session throws(PostgresError) in
      try session.query("SELECT n FROM \(unescaped: table)").count
    }
  }

  @Test func `a body that returns is committed`() async throws {
    try await withTable { connection, table in
      let result = try await connection.transaction { session throws(PostgresError) in
        try session.execute("INSERT INTO \(unescaped: table) VALUES (1)")
        return "done"
      }
      #expect(result == "done")
      let count = try await rowCount(table)
      #expect(count == 1)
    }
  }

  @Test func `a body that throws is rolled back, and the connection goes on`() async throws {
    try await withTable { connection, table in
      let error = await postgresError {
        try await connection.transaction { session throws(PostgresError) in
          try session.execute("INSERT INTO \(unescaped: table) VALUES (1)")
          try session.execute("SELECT \("\0")")
        }
      }
      #expect(error?.kind == .encoding)
      let count = try await rowCount(table)
      #expect(count == 0)
      #expect(connection.isUsable)
    }
  }

  @Test func `a body that swallows a failed statement is not committed`() async throws {
    try await withTable { connection, table in
      let error = await postgresError {
        try await connection.transaction { session throws(PostgresError) in
          try session.execute("INSERT INTO \(unescaped: table) VALUES (1)")
          _ = try? session.execute("SELECT 1/0")
        }
      }
      #expect(error?.kind == .transactionAborted)
      let count = try await rowCount(table)
      #expect(count == 0)
      #expect(connection.isUsable)
    }
  }

  @Test func `a constraint that is checked at COMMIT refuses it`() async throws {
    try await withConnection { connection in
      let error = await postgresError {
        try await connection.transaction { session throws(PostgresError) in
          try session.runScript(
            "CREATE TEMP TABLE t (n int UNIQUE DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP")
          try session.execute("INSERT INTO t VALUES (1), (1)")
        }
      }
      #expect(error?.sqlState == .uniqueViolation)
      #expect(connection.isUsable)
    }
  }

  @Test(arguments: ["readOnly", "readOnlyRepeatable"])
  func `a read-only transaction refuses to write`(_ name: String) async throws {
    try await withTable { connection, table in
      let error = await postgresError {
        try await connection.transaction(name == "readOnly" ? .readOnly : .readOnlyRepeatable) {
          session throws(PostgresError) in
          try session.execute("INSERT INTO \(unescaped: table) VALUES (1)")
        }
      }
      #expect(error?.sqlState == .readOnlyTransaction)
    }
  }

  @Test(arguments: [(true, "repeatable read"), (false, "read committed")])
  func `a mode names its isolation whatever the server's default`(
    _ isRepeatable: Bool, _ expected: String
  ) async throws {
    try await withConnection { connection in
      try await connection.run { session throws(PostgresError) in
        try session.runScript("SET default_transaction_isolation = 'serializable'")
      }
      let isolation = try await connection.transaction(
        isRepeatable ? .readOnlyRepeatable : .readWrite
      ) { session throws(PostgresError) in
        try session.query("SELECT current_setting('transaction_isolation')")[0][0, as: String.self]
      }
      #expect(isolation == expected)
    }
  }

  @Test func `settings hold within the transaction and no longer`() async throws {
    try await withConnection { connection in
      let mode = TransactionMode.readOnly
        .setting("cathlog.facility", to: "it's \\ 7").setting("statement_timeout", to: "5s")
      let read = { @Sendable (session: Session) throws(PostgresError) -> [String] in
        let row = try session.query(
          "SELECT current_setting('cathlog.facility', true), current_setting('statement_timeout')")[
            0]
        return [try row[0, as: String?.self] ?? "", try row[1]]
      }
      let within = try await connection.transaction(mode, read)
      let after = try await connection.run(read)
      #expect(within == ["it's \\ 7", "5s"])
      #expect(after == ["", "30s"])
    }
  }

  @Test func `a transaction's own time limit ends its statement`() async throws {
    try await withConnection { connection in
      let error = await postgresError {
        try await connection.transaction(.readWrite.setting("statement_timeout", to: "10ms")) {
          session throws(PostgresError) in
          try session.execute("SELECT pg_sleep(60)")
        }
      }
      #expect(error?.kind == .server)
      #expect(error?.sqlState == .queryCanceled)
      #expect(connection.isUsable)
    }
  }

  @Test(arguments: ["no such setting", "cathlog.\0"])
  func `a setting that the server refuses begins nothing`(_ name: String) async throws {
    try await withConnection { connection in
      let error = await postgresError {
        try await connection.transaction(.readWrite.setting(name, to: "1")) {
          _ throws(PostgresError) in
          Issue.record("the body ran")
        }
      }
      #expect(error?.kind == (name.contains("\0") ? .encoding : .server))
      #expect(connection.isUsable)
    }
  }

  @Test func `a transaction within another is refused`() async throws {
    try await withConnection { connection in
      let error = await postgresError {
        try await connection.transaction { session throws(PostgresError) in
          try session.transaction { _ throws(PostgresError) in }
        }
      }
      #expect(error?.kind == .invalidUse)
      #expect(connection.isUsable)
    }
  }

  @Test func `a transaction that was begun by hand and left open is rolled back`() async throws {
    try await withTable { connection, table in
      let error = await postgresError {
        try await connection.run { session throws(PostgresError) in
          try session.runScript("BEGIN; INSERT INTO \(table) VALUES (1)")
        }
      }
      #expect(error?.kind == .invalidUse)
      let count = try await rowCount(table)
      #expect(count == 0)
      #expect(connection.isUsable)
    }
  }

  @Test func `a lost connection after COMMIT was sent is an outcome nobody knows`() async throws {
    try await withTable { connection, table in
      // A deferred trigger runs within COMMIT and ends its own connection.
      try await connection.run { session throws(PostgresError) in
        try session.runScript(
          """
          CREATE FUNCTION \(table)_end() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
          CREATE CONSTRAINT TRIGGER last AFTER INSERT ON \(table) DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION \(table)_end()
          """)
      }
      try await withConnection { victim in
        let error = await postgresError {
          try await victim.transaction { session throws(PostgresError) in
            try session.execute("INSERT INTO \(unescaped: table) VALUES (1)")
          }
        }
        #expect(error?.kind == .commitUnknown)
        #expect(error?.isRetryable == false)
        #expect(!victim.isUsable)
      }
    }
  }
}
