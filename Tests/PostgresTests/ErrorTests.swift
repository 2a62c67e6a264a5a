import Postgres
import Testing

// A server allows a hundred connections unless it is told otherwise.
@Suite(.serialized) struct `Errors` {
  @Test(arguments: [
    ("23505", false), ("42501", false), ("40001", true), ("40P01", true), ("55P03", true),
    ("53300", true), ("57P03", true), ("P0001", false), ("22012", false), ("57014", false),
  ])
  func `an error carries its SQLSTATE`(_ state: String, _ isRetryable: Bool) async {
    let error = await postgresError {
      try await withSession { session throws(PostgresError) in
        try session.runScript(
          "DO 'BEGIN RAISE EXCEPTION ''seen'' USING ERRCODE = ''\(state)''; END'")
      }
    }
    #expect(error?.kind == .server)
    #expect(error?.sqlState == SQLState(rawValue: state))
    #expect(error?.isRetryable == isRetryable)
  }

  @Test func `an error carries the names of what refused, and its message apart`() async {
    let error = await postgresError {
      try await withSession { session throws(PostgresError) in
        try session.runScript(
          """
          CREATE TEMP TABLE patients (
            name text NOT NULL CONSTRAINT short CHECK (length(name) < 9), CONSTRAINT one UNIQUE (name))
          """)
        try session.execute("INSERT INTO patients VALUES (\("Eve"))")
        try session.execute("INSERT INTO patients VALUES (\("Eve"))")
      }
    }
    #expect(error?.sqlState == .uniqueViolation)
    #expect(error?.constraintName == "one")
    #expect(error?.tableName == "patients")
    #expect(error?.serverDetail?.contains("Eve") == true)
    #expect(error?.serverMessage?.contains("one") == true)
  }

  @Test func `a missing value names its column`() async {
    let error = await postgresError {
      try await withSession { session throws(PostgresError) in
        try session.runScript("CREATE TEMP TABLE t (a int NOT NULL)")
        try session.execute("INSERT INTO t VALUES (NULL)")
      }
    }
    #expect(error?.sqlState == .notNullViolation)
    #expect(error?.columnName == "a")
  }

  /// Everything that printing, logging and dumping can show.
  private func shown(_ value: some Any) -> String {
    var text = "\(value) \(String(reflecting: value)) "
    dump(value, to: &text)
    return text
  }

  @Test func `no value and no server message is shown`() async throws {
    let secret = "Eve Adams"
    let sql: SQL = "INSERT INTO t VALUES (\(secret))"
    let error = await postgresError {
      try await withSession { session throws(PostgresError) in
        try session.runScript("CREATE TEMP TABLE t (name text UNIQUE)")
        try session.execute(sql)
        try session.execute(sql)
      }
    }
    let found = try #require(error)
    #expect(found.serverDetail?.contains(secret) == true)
    #expect(!shown(found).contains("Eve"))
    #expect(!shown(sql).contains("Eve"))
    let row = try await withSession { session throws(PostgresError) in
      try session.query("SELECT \(secret)")[0]
    }
    #expect(!shown(row).contains("Eve"))
  }

  @Test(arguments: [
    "postgresql://me:s3cret@127.0.0.1:1/db",
    "host=127.0.0.1 port=1 password=s3cret user=me dbname=db",
    "postgresql://me:s3cret@127.0.0.1:1/db?nonsense=1", "postgresql://me:s3cret@[::1",
  ])
  func `no password is shown`(_ url: String) async {
    let settings = ConnectionSettings(url: url)
    #expect(!shown(settings).contains("s3cret"))
    let error = await postgresError { try await Connection.open(settings) }
    #expect(error?.kind == .connectionFailed)
    #expect(error.map(shown)?.contains("s3cret") == false)
  }

  @Test func `a notice goes to its handler and shows no message`() async throws {
    let (stream, sink) = AsyncStream.makeStream(of: Notice.self)
    var settings = try PrivateServer.settings()
    settings.onNotice = { sink.yield($0) }
    try await withConnection(settings) { connection in
      try await connection.run { session throws(PostgresError) in
        try session.runScript("DO 'BEGIN RAISE WARNING ''seen Eve''; END'")
      }
    }
    sink.finish()
    let notices = await stream.reduce(into: []) { $0.append($1) }
    #expect(notices.map(\.severity) == ["WARNING"])
    #expect(notices.map(\.message) == ["seen Eve"])
    #expect(!notices.map(shown).joined().contains("Eve"))
  }
}
