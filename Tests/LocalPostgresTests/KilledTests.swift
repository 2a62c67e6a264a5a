import Foundation
import Subprocess
import SystemPackage
import TestDatabase
import Testing

@testable import LocalPostgres

@Suite struct `When something is killed` {
  @Test func `the server ends with the service`() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path.string
    let result = try await #require(
      processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]
    ) { [path = path as String] in
      let configuration = LocalServerConfiguration(folder: "\(path)/server", isDurable: false)
      try await LocalServer.withServer(configuration) { server in
        try await TestDatabase.psql(
          "CREATE TABLE note (text text); INSERT INTO note VALUES ('kept')",
          on: server.connectionString)
        let data = try DataFolder(configuration).data
        let process = try #require(PostmasterFile(in: data)?.processIdentifier)
        print("server:\(process):")
        fflush(nil)
        kill(getpid(), SIGKILL)
      }
    }
    let output = String(decoding: result.standardOutputContent, as: UTF8.self)
    let server = try #require(output.split(separator: ":").dropFirst().first)
    #expect(try await hasEnded(String(server)))

    let kept = try await LocalServer.withServer(folder.configuration) { server in
      try await TestDatabase.psql("SELECT text FROM note", on: server.connectionString)
    }
    #expect(kept == "kept")
  }

  @Test func `work on the server is cancelled, and the next start recovers`() async throws {
    let folder = try TemporaryFolder()
    let data = try folder.dataFolder().data
    let refusal = LocalPostgresError.endedUnexpectedly(
      logFolder: try folder.dataFolder().log.string, signal: SIGKILL)
    // Durable: a commit that was answered is on the disk, whatever is killed.
    let configuration = LocalServerConfiguration(folder: folder.configuration.folder)
    await #expect(throws: refusal) {
      try await LocalServer.withServer(configuration) { server in
        try await TestDatabase.psql(
          "CREATE TABLE note (text text); INSERT INTO note VALUES ('kept')",
          on: server.connectionString)
        let process = try #require(PostmasterFile(in: data)?.processIdentifier)
        kill(process, SIGKILL)
        let (forever, continuation) = AsyncStream.makeStream(of: Void.self)
        for await _ in forever {}
        continuation.finish()
      }
    }
    let kept = try await LocalServer.withServer(folder.configuration) { server in
      try await TestDatabase.psql("SELECT text FROM note", on: server.connectionString)
    }
    #expect(kept == "kept")
  }

  @Test func `a server that nobody stopped is replaced, never talked to`() async throws {
    let folder = try TemporaryFolder()
    let configuration = folder.configuration
    try await LocalServer.withServer(configuration) { _ in }
    let orphan = try await startOrphan(in: folder.dataFolder(), configuration)
    #expect(try LocalServer.running(configuration) == nil)

    let data = try folder.dataFolder().data
    let own = try await LocalServer.withServer(configuration) { server in
      let process = PostmasterFile(in: data)?.processIdentifier
      let answer = try await TestDatabase.psql("SELECT 1", on: server.connectionString)
      #expect(answer == "1")
      return process
    }
    #expect(own != nil)
    #expect(own != orphan)
    #expect(try await hasEnded(String(orphan)))
  }

  @Test func `what a killed first start left is removed`() async throws {
    let folder = try TemporaryFolder()
    let dataFolder = try folder.dataFolder()
    try dataFolder.prepare()
    try folder.write("15\n", to: "server/data.unfinished-1/PG_VERSION")
    try folder.write("", to: "server/password.new")
    try folder.write("4194303\n", to: "server/lock")
    let answer = try await LocalServer.withServer(folder.configuration) { server in
      try await TestDatabase.psql("SELECT 1", on: server.connectionString)
    }
    #expect(answer == "1")
    let names = try FileManager.default.contentsOfDirectory(atPath: dataFolder.path.string)
    #expect(names.sorted() == ["data", "lock", "log", "password"])
  }

  @Test func `a number that another process has by now stops no start`() async throws {
    let folder = try TemporaryFolder()
    try await LocalServer.withServer(folder.configuration) { _ in }
    try folder.write("\(getpid())\n", to: "server/data/postmaster.pid")
    let answer = try await LocalServer.withServer(folder.configuration) { server in
      try await TestDatabase.psql("SELECT 1", on: server.connectionString)
    }
    #expect(answer == "1")
  }

  @Test func `a lock beside the socket that names a process of the account stops no start`()
    async throws
  {
    let folder = try TemporaryFolder()
    try await LocalServer.withServer(folder.configuration) { _ in }
    let dataFolder = try folder.dataFolder()
    let socketFolder = SocketFolder.path(for: dataFolder)
    try PrivateFolder.prepare(socketFolder, for: dataFolder.account)
    let command = ProgramEnvironment.command(
      "/bin/sh", ["-c", "read -r _"], for: dataFolder.account)
    let lifeline = try Lifeline()
    _ = try await run(
      command.executable, arguments: command.arguments,
      input: .fileDescriptor(lifeline.farEnd, closeAfterSpawningProcess: true),
      output: .discarded, error: .discarded
    ) { other in
      let lock = SocketFolder.socket(in: socketFolder).string + ".lock"
      try "\(other.processIdentifier.value)\n/elsewhere\n0\n5432\n\(socketFolder)\n"
        .write(toFile: lock, atomically: false, encoding: .utf8)
      let answer = try await LocalServer.withServer(folder.configuration) { server in
        try await TestDatabase.psql("SELECT 1", on: server.connectionString)
      }
      #expect(answer == "1")
      lifeline.release()
    }
  }

  /// Starts a server as `pg_ctl` does, owned by nobody, and returns its process.
  private func startOrphan(
    in folder: DataFolder, _ configuration: LocalServerConfiguration
  ) async throws -> Int32 {
    let programs = try await configuration.search.programs(for: folder)
    let socketFolder = SocketFolder.path(for: folder)
    try PrivateFolder.prepare(socketFolder, for: folder.account)
    let command = ProgramEnvironment.command(
      programs.folder.appending("pg_ctl"),
      [
        "start", "-w", "-D", folder.data.string, "-l", "/dev/null",
        "-o", "-c listen_addresses= -c unix_socket_directories=\(socketFolder)",
      ], for: folder.account)
    let result = try await run(
      command.executable, arguments: command.arguments, workingDirectory: folder.path,
      platformOptions: ProgramEnvironment.options, output: .discarded)
    try #require(result.terminationStatus.isSuccess)
    return try #require(PostmasterFile(in: folder.data)?.processIdentifier)
  }

  /// Waits, no longer than a minute, for a process that is not our child to end.
  private func hasEnded(_ process: String) async throws -> Bool {
    let result = try await run(
      .name("timeout"),
      arguments: ["60", "tail", "--pid=\(process)", "-s", "0.01", "-f", "/dev/null"],
      output: .discarded)
    return result.terminationStatus.isSuccess
  }
}
