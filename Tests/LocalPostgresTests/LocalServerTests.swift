import Foundation
import SystemPackage
import TestDatabase
import Testing

@testable import LocalPostgres

@Suite struct `A private server` {
  @Test func `keeps what the first start wrote for the second`() async throws {
    let folder = try TemporaryFolder()
    try await LocalServer.withServer(folder.configuration) { server in
      try await TestDatabase.psql(
        "CREATE TABLE note (text text); INSERT INTO note VALUES ('kept')",
        on: server.connectionString)
    }
    let kept = try await LocalServer.withServer(folder.configuration) { server in
      try await TestDatabase.psql("SELECT text FROM note", on: server.connectionString)
    }
    #expect(kept == "kept")
  }

  @Test func `is as durable as any other and listens on no network`() async throws {
    let folder = try TemporaryFolder()
    var configuration = folder.configuration
    configuration.isDurable = true
    let settings = try await LocalServer.withServer(configuration) { server in
      try await TestDatabase.psql(
        """
        SELECT name, setting FROM pg_settings WHERE name IN
          ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'listen_addresses',
           'server_encoding', 'log_statement', 'log_min_error_statement', 'TimeZone')
        ORDER BY name COLLATE "C";
        SELECT datcollate FROM pg_database WHERE datname = current_database();
        """, on: server.connectionString)
    }
    #expect(
      settings == """
        TimeZone|UTC
        data_checksums|on
        fsync|on
        full_page_writes|on
        listen_addresses|
        log_min_error_statement|panic
        log_statement|none
        server_encoding|UTF8
        synchronous_commit|on
        C
        """)
  }

  @Test func `is closed to other accounts and to a wrong password`() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.dataFolder().path
    try await LocalServer.withServer(folder.configuration) { server in
      for (name, permissions) in [
        ("", 0o700), ("data", 0o700), ("log", 0o700), ("socket", 0o700), ("password", 0o600),
        ("lock", 0o600),
      ] {
        let attributes = try FileManager.default.attributesOfItem(
          atPath: path.appending(name).string)
        #expect(attributes[.posixPermissions] as? Int == permissions, "\(name)")
      }
      await #expect(throws: TestDatabaseError.self) {
        try await TestDatabase.psql("SELECT 1", on: server.connectionString + " password=guess")
      }
    }
  }

  @Test func `logs nothing of a statement that fails`() async throws {
    let folder = try TemporaryFolder()
    let log = try folder.dataFolder().log
    try await LocalServer.withServer(folder.configuration) { server in
      await #expect(throws: TestDatabaseError.self) {
        try await TestDatabase.psql("SELECT 'Doe^Jane'::integer", on: server.connectionString)
      }
    }
    let logs = try FileManager.default.contentsOfDirectory(atPath: log.string)
      .map { try String(contentsOfFile: log.appending($0).string, encoding: .utf8) }.joined()
    #expect(logs.contains("database system is ready to accept connections"))
    #expect(!logs.contains("Doe"))
    #expect(!logs.contains("ERROR"))
  }

  @Test func `sees no variable of the service`() async throws {
    let folder = try TemporaryFolder()
    setenv("CATHLOG_TEST_SECRET", "hidden", 1)
    let variables = try await LocalServer.withServer(folder.configuration) { server in
      try await TestDatabase.psql(
        """
        CREATE TEMPORARY TABLE variable (line text);
        COPY variable FROM PROGRAM 'env';
        SELECT line FROM variable;
        """, on: server.connectionString)
    }
    #expect(variables.contains("PATH="))
    #expect(!variables.contains("CATHLOG"))
  }

  @Test func `stays until cancelled work has come to its end`() async throws {
    let folder = try TemporaryFolder()
    let configuration = folder.configuration
    let (started, announcement) = AsyncStream.makeStream(of: Void.self)
    let service = Task {
      defer { announcement.finish() }
      return try await LocalServer.withServer(configuration) { server in
        announcement.finish()
        let (forever, continuation) = AsyncStream.makeStream(of: Void.self)
        for await _ in forever {}
        continuation.finish()
        return try await Task {
          try await TestDatabase.psql("SELECT 'flushed'", on: server.connectionString)
        }.value
      }
    }
    for await _ in started {}
    service.cancel()
    #expect(try await service.value == "flushed")
  }

  @Test func `is found by commands beside the service while that lives`() async throws {
    let folder = try TemporaryFolder()
    let configuration = folder.configuration
    #expect(try LocalServer.running(configuration) == nil)
    try await LocalServer.withServer(configuration) { server in
      let found = try LocalServer.running(configuration)
      #expect(found?.connectionString == server.connectionString)
    }
    #expect(try LocalServer.running(configuration) == nil)
  }

  @Test func `has its socket elsewhere where the folder's path is too long for one`() async throws {
    let folder = try TemporaryFolder()
    let long = folder.path.appending(String(repeating: "long", count: 30))
    let configuration = LocalServerConfiguration(folder: long.string, isDurable: false)
    let answer = try await LocalServer.withServer(configuration) { server in
      #expect(server.connectionString.hasPrefix("host='/tmp/cathlog-"))
      return try await TestDatabase.psql("SELECT 1", on: server.connectionString)
    }
    #expect(answer == "1")
  }
}
