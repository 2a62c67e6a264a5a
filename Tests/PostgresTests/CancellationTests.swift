import Postgres
import Testing

@Suite struct `Cancellation` {
  @Test(arguments: ["a statement", "rows", "COPY out", "a script", "a transaction"])
  func `a cancelled task ends its statement, and the connection goes on`(
    _ kind: String
  ) async throws {
    let name = freshName("cancel")
    try await withConnection(PrivateServer.settings(applicationName: name)) { connection in
      let task = Task {
        await postgresError {
          try await connection.run { session throws(PostgresError) in
            switch kind {
            case "rows": try session.forEachRow("SELECT pg_sleep(60)") { _ in }
            case "COPY out": try session.copyOut("COPY (SELECT pg_sleep(60)) TO STDOUT") { _ in }
            case "a script": try session.runScript("SELECT pg_sleep(60)")
            case "a transaction":
              try session.transaction { session throws(PostgresError) in
                try session.execute("SELECT pg_sleep(60)")
              }
            default: try session.execute("SELECT pg_sleep(60)")
            }
          }
        }
      }
      try await waitUntilRunning("pg_sleep", applicationName: name)
      task.cancel()
      let error = await task.value
      #expect(error?.kind == .cancelled)
      #expect(error?.sqlState == .queryCanceled)
      #expect(connection.isUsable)
      let value = try await connection.run { session throws(PostgresError) in
        try session.query("SELECT 7")[0][0, as: Int.self]
      }
      #expect(value == 7)
    }
  }

  @Test func `a task that was cancelled before sends nothing`() async throws {
    try await withConnection { connection in
      let table = freshName("never")
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return await postgresError {
          try await connection.run { session throws(PostgresError) in
            try session.execute("CREATE TABLE \(unescaped: table) (n int)")
          }
        }
      }
      #expect(await task.value?.kind == .cancelled)
      let isMissing = try await connection.run { session throws(PostgresError) in
        try session.query("SELECT to_regclass(\(table)) IS NULL")[0][0, as: Bool.self]
      }
      #expect(isMissing)
    }
  }

  @Test func `a transaction that was cancelled before COMMIT is rolled back`() async throws {
    try await withConnection { connection in
      let table = freshName("rolled")
      let task = Task {
        await postgresError {
          try await connection.transaction { session throws(PostgresError) in
            try session.execute("CREATE TABLE \(unescaped: table) (n int)")
            withUnsafeCurrentTask { $0?.cancel() }
          }
        }
      }
      #expect(await task.value?.kind == .cancelled)
      let isMissing = try await connection.run { session throws(PostgresError) in
        try session.query("SELECT to_regclass(\(table)) IS NULL")[0][0, as: Bool.self]
      }
      #expect(isMissing)
    }
  }

  @Test func `a COMMIT that is under way is not cancelled`() async throws {
    let name = freshName("commit")
    let lock = Int64.random(in: 1...Int64.max)
    try await withConnection { other in
      try await other.run { session throws(PostgresError) in
        // The deferred trigger runs within COMMIT and waits there for the lock.
        try session.runScript(
          """
          CREATE TABLE \(name) (n int);
          CREATE FUNCTION \(name)_wait() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_advisory_xact_lock(\(lock)); RETURN NULL; END';
          CREATE CONSTRAINT TRIGGER last AFTER INSERT ON \(name) DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION \(name)_wait()
          """)
        try session.execute("SELECT pg_advisory_lock(\(lock))")
      }
      try await withConnection(PrivateServer.settings(applicationName: name)) { connection in
        let task = Task {
          await postgresError {
            try await connection.transaction { session throws(PostgresError) in
              try session.execute("INSERT INTO \(unescaped: name) VALUES (1)")
            }
          }
        }
        try await waitUntilRunning("COMMIT", applicationName: name)
        task.cancel()
        // Time for a cancel request, which is a connection, to overtake the lock's release.
        for _ in 0..<20 { try await withConnection { _ in } }
        try await other.run { session throws(PostgresError) in
          try session.execute("SELECT pg_advisory_unlock(\(lock))")
        }
        let error = await task.value
        #expect(error == nil)
        let count = try await other.run { session throws(PostgresError) in
          try session.query("SELECT n FROM \(unescaped: name)").count
        }
        #expect(count == 1)
        #expect(connection.isUsable)
      }
    }
  }

  @Test func `connecting to a host that never answers ends with its task`() async throws {
    let silent = try SilentHost()
    var settings = ConnectionSettings(
      url: "host=127.0.0.1 port=\(silent.port) user=postgres dbname=postgres")
    settings.connectTimeout = .seconds(3600)
    let patient = settings
    let task = Task { await postgresError { try await Connection.open(patient) } }
    await silent.waitForClient()
    task.cancel()
    #expect(await task.value?.kind == .cancelled)
  }
}
