import Foundation
import Postgres
import Testing

@Suite struct `Connections` {
  @Test func `a session has the settings that were asked for`() async throws {
    var settings = try PrivateServer.settings(applicationName: "who asks")
    settings.statementTimeout = .milliseconds(2_500)
    settings.role = "pg_read_all_data"
    let row = try await withConnection(settings) { connection in
      try await connection.run { session throws(PostgresError) in
        let row = try session.query(
          """
          SELECT current_setting('application_name'), current_setting('statement_timeout'),
            current_user::text, current_setting('client_encoding')
          """)[0]
        return [try row[0, as: String.self], try row[1], try row[2], try row[3]]
      }
    }
    #expect(row == ["who asks", "2500ms", "pg_read_all_data", "UTF8"])
  }

  @Test func `a role with a space and a backslash is escaped`() async throws {
    let role = "odd \\ role"
    try await withSession { session throws(PostgresError) in
      try session.runScript(
        "DO 'BEGIN CREATE ROLE \"odd \\ role\"; EXCEPTION WHEN duplicate_object THEN END'")
    }
    var settings = try PrivateServer.settings()
    settings.role = role
    let user = try await withConnection(settings) { connection in
      try await connection.run { session throws(PostgresError) in
        try session.query("SELECT current_user::text")[0][0, as: String.self]
      }
    }
    #expect(user == role)
  }

  @Test func `options of the URL are kept, and its application name wins`() async throws {
    let url = try PrivateServer.url() + " application_name=url options='-c work_mem=5MB'"
    let row = try await withConnection(ConnectionSettings(url: url)) { connection in
      try await connection.run { session throws(PostgresError) in
        let row = try session.query(
          "SELECT current_setting('application_name'), current_setting('work_mem')")[0]
        return [try row[0, as: String.self], try row[1]]
      }
    }
    #expect(row == ["url", "5MB"])
  }

  @Test func `a statement that takes too long is ended by the server`() async throws {
    var settings = try PrivateServer.settings()
    settings.statementTimeout = .milliseconds(50)
    try await withConnection(settings) { connection in
      let error = await postgresError {
        try await connection.run { session throws(PostgresError) in
          try session.execute("SELECT pg_sleep(60)")
        }
      }
      #expect(error?.kind == .server)
      #expect(error?.sqlState == .queryCanceled)
      #expect(connection.isUsable)
    }
  }

  @Test func `a closed connection refuses use`() async throws {
    let connection = try await Connection.open(PrivateServer.settings())
    await connection.close()
    await connection.close()
    let error = await postgresError {
      try await connection.run { session throws(PostgresError) in try session.execute("SELECT 1") }
    }
    #expect(error?.kind == .closed)
    #expect(!connection.isUsable)
  }

  @Test(arguments: ["a statement", "rows", "COPY in", "COPY out", "a transaction"])
  func `a killed backend is a lost connection`(_ during: String) async throws {
    try await withConnection { connection in
      let kill: SQL = "SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(60)"
      let killText = "SELECT pg_terminate_backend(pg_backend_pid()), 1"
      let error = await postgresError {
        try await connection.run { session throws(PostgresError) in
          switch during {
          case "rows": try session.forEachRow(kill) { _ in }
          case "COPY out": try session.copyOut("COPY (\(killText)) TO STDOUT") { _ in }
          case "COPY in":
            try session.runScript(
              """
              CREATE TEMP TABLE t (n int);
              CREATE FUNCTION pg_temp.f() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END';
              CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION pg_temp.f()
              """)
            try session.copyIn("COPY t FROM STDIN") { sink throws(PostgresError) in
              for _ in 0..<1_000 { try sink.write(Array("1\n".utf8)) }
            }
          case "a transaction":
            try session.transaction { session throws(PostgresError) in
              try session.execute(kill)
            }
          default: try session.execute(kill)
          }
        }
      }
      #expect(error?.kind == .connectionLost)
      #expect(error?.isRetryable == true)
      #expect(!connection.isUsable)
    }
  }

  @Test func `a backend that was killed while idle is noticed before anything is sent`()
    async throws
  {
    try await withConnection { connection in
      let process = try await connection.run { session throws(PostgresError) in
        try session.query("SELECT pg_backend_pid()")[0][0, as: Int.self]
      }
      try await withSession { session throws(PostgresError) in
        try session.execute("SELECT pg_terminate_backend(\(Int32(process)), 10000)")
      }
      let error = await postgresError {
        try await connection.run { _ throws(PostgresError) in Issue.record("the body ran") }
      }
      #expect(error?.kind == .connectionLost)
    }
  }

  @Test func `the next host is tried when one refuses`() async throws {
    let server = try PrivateServer()
    let url =
      "host=/nowhere,127.0.0.1,\(server.folder) port=1,1,5432 user=postgres dbname=postgres"
    let isOpen = try await withConnection(ConnectionSettings(url: url)) { $0.isUsable }
    #expect(isOpen)
  }

  @Test func `the next host is tried when one never answers`() async throws {
    let server = try PrivateServer()
    let silent = try SilentHost()
    var settings = ConnectionSettings(
      url:
        "host=127.0.0.1,\(server.folder) port=\(silent.port),5432 user=postgres dbname=postgres")
    settings.connectTimeout = .milliseconds(300)
    let isOpen = try await withConnection(settings) { $0.isUsable }
    #expect(isOpen)
  }

  @Test func `threads end with their connections`() async throws {
    let name = "postgres-client"
    let url = try PrivateServer.settings()
    var connections: [Connection] = []
    for _ in 0..<5 { connections.append(try await Connection.open(url)) }
    let identifiers = try Set(await connections.asyncMap { try await $0.threadIdentifier() })
    #expect(identifiers.count == 5)
    #expect(identifiers.isSubset(of: Self.threads(named: name)))
    connections = []
    // The kernel removes a thread soon after its last instruction; the test's time limit is ours.
    while !identifiers.isDisjoint(with: Self.threads(named: name)) { await Task.yield() }
  }

  @Test func `the connection's thread leaves signals to others`() async throws {
    try await withConnection { connection in
      let status = try await connection.run { _ throws(PostgresError) in
        (try? String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)) ?? ""
      }
      let line = status.split(separator: "\n").first { $0.hasPrefix("SigBlk:") }
      let digits = line?.split(separator: "\t").last ?? ""
      let blocked = try #require(UInt64(digits, radix: 16))
      for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] {
        #expect(blocked & (1 << UInt64(signal - 1)) != 0)
      }
    }
  }

  /// The threads of this process that have a name, by the kernel's account.
  private static func threads(named name: String) -> Set<Int32> {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    return Set(
      entries.filter { entry in
        let text = try? String(contentsOfFile: "/proc/self/task/\(entry)/comm", encoding: .utf8)
        return text == name + "\n"
      }.compactMap { Int32($0) })
  }
}

extension Connection {
  fileprivate func threadIdentifier() async throws -> Int32 {
    try await run { _ throws(PostgresError) in
      // The link names the thread that follows it: /proc/<process>/task/<thread>.
      let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
      return link?.split(separator: "/").last.flatMap { Int32($0) } ?? -1
    }
  }
}

extension Array {
  fileprivate func asyncMap<Value>(
    _ body: (Element) async throws -> Value
  ) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await body(element)) }
    return values
  }
}
