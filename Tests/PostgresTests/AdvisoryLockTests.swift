import Postgres
import Testing

@Suite(.serialized) struct `Advisory locks` {
  private let key = Int64.random(in: .min ... .max)

  /// Whether a connection of its own could take the lock now.
  private func isFree() async throws -> Bool {
    try await withSession { session throws(PostgresError) in
      try session.query("SELECT pg_try_advisory_lock(\(key))")[0][0, as: Bool.self]
    }
  }

  @Test func `a lock outlives the transactions of its body and nothing else`() async throws {
    let table = freshName("migrated")
    let held = { @Sendable (session: Session) throws(PostgresError) -> Int in
      try session.query(
        """
        SELECT count(*) FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()
        """)[0][0]
    }
    try await withConnection { connection in
      let counts = try await connection.run { session throws(PostgresError) in
        try session.withAdvisoryLock(key) { session throws(PostgresError) in
          let first = try session.transaction { session throws(PostgresError) in
            try session.runScript("CREATE TABLE \(table) (n int); INSERT INTO \(table) VALUES (1)")
            return try held(session)
          }
          let second = try session.transaction { session throws(PostgresError) in
            try session.runScript("INSERT INTO \(table) VALUES (2); DROP TABLE \(table)")
            return try held(session)
          }
          return [first, second, try held(session)]
        }
      }
      #expect(counts == [1, 1, 1])
      let isFreeAfter = try await isFree()
      #expect(isFreeAfter)
      #expect(connection.isUsable)
    }
  }

  @Test(arguments: ["throws", "fails a statement", "leaves a transaction open", "is cancelled"])
  func `a body lets go of the lock however it ends`(_ how: String) async throws {
    try await withConnection { connection in
      let task = Task {
        await postgresError {
          try await connection.run { session throws(PostgresError) in
            try session.withAdvisoryLock(key) { session throws(PostgresError) in
              switch how {
              case "throws": try session.execute("SELECT \("\0")")
              case "leaves a transaction open": try session.runScript("BEGIN")
              case "is cancelled":
                withUnsafeCurrentTask { $0?.cancel() }
                try session.execute("SELECT 1")
              default:
                try session.transaction { session throws(PostgresError) in
                  try session.execute("SELECT 1/0")
                }
              }
            }
          }
        }
      }
      let error = await task.value
      #expect(error?.kind != nil)
      let isFreeAfter = try await isFree()
      #expect(isFreeAfter)
      #expect(connection.isUsable)
    }
  }

  @Test func `a body that let go by hand costs the connection`() async throws {
    try await withConnection { connection in
      try await connection.run { session throws(PostgresError) in
        try session.withAdvisoryLock(key) { session throws(PostgresError) in
          try session.execute("SELECT pg_advisory_unlock(\(key))")
        }
      }
      #expect(!connection.isUsable)
    }
  }

  @Test func `the wait for a lock has its own limit and no other`() async throws {
    try await withConnection { holder in
      try await holder.run { session throws(PostgresError) in
        try session.execute("SELECT pg_advisory_lock(\(key))")
      }
      var settings = try PrivateServer.settings()
      settings.statementTimeout = .seconds(1)
      try await withConnection(settings) { connection in
        let error = await postgresError {
          try await connection.run { session throws(PostgresError) in
            try session.withAdvisoryLock(key, waitLimit: .milliseconds(1500)) {
              _ throws(PostgresError) in
              Issue.record("the body ran")
            }
          }
        }
        #expect(error?.sqlState == .lockNotAvailable)
      }
    }
  }

  @Test func `a cancelled task waits no longer for a lock`() async throws {
    let name = freshName("waiting")
    try await withConnection { holder in
      try await holder.run { session throws(PostgresError) in
        try session.execute("SELECT pg_advisory_lock(\(key))")
      }
      try await withConnection(PrivateServer.settings(applicationName: name)) { connection in
        let task = Task {
          await postgresError {
            try await connection.run { session throws(PostgresError) in
              try session.withAdvisoryLock(key) { _ throws(PostgresError) in
                Issue.record("the body ran")
              }
            }
          }
        }
        try await waitUntilRunning("pg_advisory_lock", applicationName: name)
        task.cancel()
        #expect(await task.value?.kind == .cancelled)
      }
    }
    let isFreeAfter = try await isFree()
    #expect(isFreeAfter)
  }

  @Test func `a lock within a transaction is refused, and the transaction goes on`() async throws {
    try await withConnection { connection in
      let value = try await connection.transaction { session throws(PostgresError) in
        do throws(PostgresError) {
          try session.withAdvisoryLock(key) { _ throws(PostgresError) in }
        } catch {
          guard error.kind == .invalidUse else { throw error }
        }
        return try session.query("SELECT 7")[0][0, as: Int.self]
      }
      #expect(value == 7)
      #expect(connection.isUsable)
    }
  }
}
