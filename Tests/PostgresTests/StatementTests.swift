import Postgres
import Testing

// A server allows a hundred connections unless it is told otherwise.
@Suite(.serialized) struct `Statements` {
  @Test func `an interpolated value becomes a parameter`() {
    let name = "x'; DROP TABLE staff"
    let sql: SQL = "SELECT \(1) WHERE a = \(name) AND b = \(Int64?.none)"
    #expect(sql.text == "SELECT $1 WHERE a = $2 AND b = $3")
    #expect(sql.parameterCount == 3)
  }

  @Test func `unescaped text is spliced as it is`() {
    let table = "staff"
    let sql: SQL = "SELECT \(2) FROM \(unescaped: table)"
    #expect(sql.text == "SELECT $1 FROM staff")
  }

  @Test func `execute gives the number of rows touched`() async throws {
    let counts = try await withSession { session throws(PostgresError) in
      try session.execute("CREATE TEMP TABLE t (n bigint)")
      let inserted = try session.execute("INSERT INTO t SELECT generate_series(1, 7)")
      let deleted = try session.execute("DELETE FROM t WHERE n > \(5)")
      return [inserted, deleted, try session.execute("SET LOCAL work_mem = '4MB'")]
    }
    #expect(counts == [7, 2, 0])
  }

  @Test func `an empty statement is no error`() async throws {
    let count = try await withSession { session throws(PostgresError) in try session.execute("") }
    #expect(count == 0)
  }

  @Test func `columns are read by place and by name`() async throws {
    try await withSession { session throws(PostgresError) in
      let row = try session.query("SELECT 1::bigint AS \"First\", 'x' AS second, NULL::bool")[0]
      #expect(row.count == 3)
      #expect(row.columnNames == ["First", "second", "bool"])
      #expect(try row["First", as: Int64.self] == 1)
      #expect(try row["second"] == "x")
      #expect(try row.withBytes(of: 1) { $0.byteCount } == 1)
      #expect(try row.withBytes(of: 2) { $0.byteCount } == nil)
      #expect(try row.type(of: 0) == .int8)
    }
  }

  @Test func `reading a column wrongly is an error`() async throws {
    try await withSession { session throws(PostgresError) in
      let row = try session.query("SELECT 1::bigint AS first, NULL::text")[0]
      expectDecodingError { () throws(PostgresError) in try row[0, as: String.self] }
      expectDecodingError { () throws(PostgresError) in try row[0, as: Int32.self] }
      expectDecodingError { () throws(PostgresError) in try row[1, as: String.self] }
      expectDecodingError { () throws(PostgresError) in try row[2, as: String?.self] }
      expectDecodingError { () throws(PostgresError) in try row[-1, as: String?.self] }
      expectDecodingError { () throws(PostgresError) in try row["FIRST", as: Int64.self] }
      expectDecodingError { () throws(PostgresError) in try row["none", as: Int64.self] }
    }
  }

  private func expectDecodingError<Value>(_ read: () throws(PostgresError) -> Value) {
    do throws(PostgresError) {
      _ = try read()
      Issue.record("the read succeeded")
    } catch {
      #expect(error.kind == .decoding)
    }
  }

  @Test func `rows outlive their connection`() async throws {
    let rows = try await withSession { session throws(PostgresError) in
      try session.query("SELECT n::bigint FROM generate_series(1, 3) n")
    }
    #expect(try rows.map { try $0[0, as: Int64.self] } == [1, 2, 3])
  }

  private static let prepared: SQL = "SELECT count(*) FROM pg_prepared_statements"

  @Test func `the same text is prepared once`() async throws {
    let count = try await withSession { session throws(PostgresError) in
      for number in 0..<5 { _ = try session.query("SELECT \(number)") }
      return try session.query(Self.prepared)[0][0, as: Int.self]
    }
    #expect(count == 2)
  }

  @Test func `the same text with other types is another statement`() async throws {
    try await withSession { session throws(PostgresError) in
      #expect(try session.query("SELECT \(1)")[0][0, as: Int.self] == 1)
      #expect(try session.query("SELECT \("one")")[0][0, as: String.self] == "one")
    }
  }

  @Test func `a statement that was not used for longest is deallocated`() async throws {
    var settings = try PrivateServer.settings()
    settings.statementCacheCapacity = 3
    try await withConnection(settings) { connection in
      let run = { @Sendable (number: Int) async throws in
        try await connection.run { session throws(PostgresError) in
          _ = try session.query("SELECT \(unescaped: "\(number)")")
        }
      }
      for number in [1, 2, 3, 1, 4, 5] { try await run(number) }
      let texts = try await connection.run { session throws(PostgresError) in
        try session.query("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time")
          .map { row throws(PostgresError) in try row[0, as: String.self] }
      }
      #expect(texts.prefix(3) == ["SELECT 1", "SELECT 4", "SELECT 5"])
      // The statement that asked has pushed out 1, which is deallocated before the next run.
      let count = try await connection.run { session throws(PostgresError) in
        try session.query("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time")
          .count
      }
      #expect(count == 3)
    }
  }

  @Test func `a changed table is no error outside a transaction`() async throws {
    let counts = try await withSession { session throws(PostgresError) in
      try session.runScript("CREATE TEMP TABLE t (a int)")
      let before = try session.query("SELECT * FROM t").count
      try session.execute("INSERT INTO t VALUES (1)")
      try session.runScript("ALTER TABLE t ADD b text")
      let row = try session.query("SELECT * FROM t")[0]
      try session.runScript("ALTER TABLE t ADD c text")
      var streamed = 0
      try session.forEachRow("SELECT * FROM t") { streamed += $0.count }
      return [before, row.count, streamed]
    }
    #expect(counts == [0, 2, 3])
  }

  @Test func `a changed table fails a transaction once`() async throws {
    try await withConnection { connection in
      let table = freshName("stale")
      let select = SQL(stringLiteral: "SELECT * FROM \(table)")
      try await connection.run { session throws(PostgresError) in
        try session.runScript("CREATE TABLE \(table) (a int)")
        _ = try session.query(select)
        try session.runScript("ALTER TABLE \(table) ADD b text")
      }
      let error = await postgresError {
        try await connection.transaction { session throws(PostgresError) in
          try session.query(select)
        }
      }
      #expect(error?.sqlState == .featureNotSupported)
      let rows = try await connection.transaction { session throws(PostgresError) in
        let rows = try session.query(select)
        try session.execute("DROP TABLE \(unescaped: table)")
        return rows
      }
      #expect(rows.isEmpty)
    }
  }

  @Test func `statements are prepared again after the server forgot them`() async throws {
    try await withConnection { connection in
      for _ in 0..<2 {
        let value = try await connection.run { session throws(PostgresError) in
          let value = try session.query("SELECT \(8)")[0][0, as: Int.self]
          try session.runScript("DEALLOCATE ALL")
          return value
        }
        #expect(value == 8)
      }
    }
  }

  @Test func `a script runs many statements and stops at the first error`() async throws {
    try await withSession { session throws(PostgresError) in
      try session.runScript("CREATE TEMP TABLE t (n int); INSERT INTO t VALUES (1); -- end")
      do throws(PostgresError) {
        try session.runScript("INSERT INTO t VALUES (2); SELECT 1/0; INSERT INTO t VALUES (3)")
        Issue.record("the script succeeded")
      } catch {
        #expect(error.sqlState?.category == "22")
      }
      #expect(try session.query("SELECT n FROM t").count == 1)
    }
  }

  @Test(arguments: ["SELECT '\0'", "\0"])
  func `a script or statement with a NUL character is refused`(_ text: String) async throws {
    try await withSession { session throws(PostgresError) in
      do throws(PostgresError) {
        try session.runScript(text)
        Issue.record("the script was sent")
      } catch {
        #expect(error.kind == .encoding)
      }
      do throws(PostgresError) {
        try session.execute("\(unescaped: text)")
        Issue.record("the statement was sent")
      } catch {
        #expect(error.kind == .encoding)
      }
    }
  }

  @Test func `more than 65,535 values are refused`() async throws {
    var interpolation = SQL.StringInterpolation(literalCapacity: 0, interpolationCount: 0)
    interpolation.appendLiteral("SELECT 1 WHERE 1 IN (0")
    for _ in 0...65_535 {
      interpolation.appendLiteral(",")
      interpolation.appendInterpolation(1)
    }
    interpolation.appendLiteral(")")
    let sql = SQL(stringInterpolation: interpolation)
    let error = await postgresError {
      try await withSession { session throws(PostgresError) in try session.execute(sql) }
    }
    #expect(error?.kind == .encoding)
  }

  @Test func `a COPY that comes as a statement is refused and the connection goes on`() async throws
  {
    try await withSession { session throws(PostgresError) in
      try session.execute("CREATE TEMP TABLE t (n int)")
      for text in ["COPY t FROM STDIN", "COPY (SELECT generate_series(1, 100000)) TO STDOUT"] {
        do throws(PostgresError) {
          try session.execute("\(unescaped: text)")
          Issue.record("the COPY succeeded")
        } catch {
          #expect(error.kind == .invalidUse)
        }
        #expect(try session.query("SELECT 1").count == 1)
      }
    }
  }
}
