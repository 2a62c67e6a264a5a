import Foundation
import SystemPackage
import TestDatabase
import Testing

@testable import LocalPostgres

@Suite struct `A private server does not start` {
  @Test func `in a folder that another service uses`() async throws {
    let folder = try TemporaryFolder()
    let configuration = folder.configuration
    let path = try folder.dataFolder().path.string
    try await LocalServer.withServer(configuration) { _ in
      await #expect(
        throws: LocalPostgresError.folderInUse(path: path, processIdentifier: getpid())
      ) {
        try await LocalServer.withServer(configuration) { _ in }
      }
    }
  }

  @Test func `on data of another major version`() async throws {
    let folder = try TemporaryFolder()
    let dataFolder = try folder.dataFolder()
    try dataFolder.prepare()
    try PrivateFolder.prepare(dataFolder.data, for: dataFolder.account)
    try folder.write("9\n", to: "server/data/PG_VERSION")
    let installed = try await folder.configuration.search.programs(
      for: TemporaryFolder().dataFolder())
    await #expect(
      throws: LocalPostgresError.versionMismatch(
        folder: dataFolder.path.string, dataVersion: 9, installedVersion: installed.majorVersion)
    ) {
      try await LocalServer.withServer(folder.configuration) { _ in }
    }
  }

  @Test func `on data that are not PostgreSQL's`() async throws {
    let folder = try TemporaryFolder()
    let dataFolder = try folder.dataFolder()
    try dataFolder.prepare()
    try PrivateFolder.prepare(dataFolder.data, for: dataFolder.account)
    try folder.write("", to: "server/data/letter.txt")
    await #expect(throws: LocalPostgresError.dataUnreadable(path: dataFolder.data.string)) {
      try await LocalServer.withServer(folder.configuration) { _ in }
    }
  }

  @Test func `where its programs are not installed`() async throws {
    let folder = try TemporaryFolder()
    var configuration = folder.configuration
    configuration.search = ProgramSearch(
      commandPath: [folder.path], packageRoot: folder.path.appending("none"))
    await #expect(
      throws: LocalPostgresError.programsMissing(searched: [folder.path.string])
    ) {
      try await LocalServer.withServer(configuration) { _ in }
    }
  }

  @Test func `when initdb fails, and leaves nothing half made`() async throws {
    let folder = try TemporaryFolder()
    try await folder.writeProgram("echo 'postgres (PostgreSQL) 15.1'", to: "bin/postgres")
    try await folder.writeProgram("mkdir \"$2\"; echo broken; exit 1", to: "bin/initdb")
    var configuration = folder.configuration
    configuration.search = ProgramSearch(
      commandPath: [folder.path.appending("bin")], packageRoot: folder.path.appending("none"))
    let dataFolder = try folder.dataFolder()
    await #expect(
      throws: LocalPostgresError.programFailed(
        name: "initdb", logFolder: dataFolder.log.string, reason: nil)
    ) {
      try await LocalServer.withServer(configuration) { _ in }
    }
    #expect(PrivateFile.text(of: dataFolder.startLog) == "broken\n")
    let names = try FileManager.default.contentsOfDirectory(
      atPath: dataFolder.path.string)
    #expect(names.sorted() == ["lock", "log", "password"])
  }

  @Test func `with settings that PostgreSQL refuses`() async throws {
    let folder = try TemporaryFolder()
    try await LocalServer.withServer(folder.configuration) { _ in }
    let dataFolder = try folder.dataFolder()
    try PrivateFile.append(
      "max_connections = many\n", to: dataFolder.data.appending("postgresql.conf"))
    await #expect(
      throws: LocalPostgresError.startFailed(
        logFolder: dataFolder.log.string,
        reason: #"configuration file "\#(dataFolder.data)/postgresql.conf" contains errors"#)
    ) {
      try await LocalServer.withServer(folder.configuration) { _ in }
    }
    #expect(PrivateFile.text(of: dataFolder.startLog)?.contains("max_connections") == true)
  }

  @Test func `without the password of its data`() async throws {
    let folder = try TemporaryFolder()
    try await LocalServer.withServer(folder.configuration) { _ in }
    let password = try folder.dataFolder().passwordFile.string
    try FileManager.default.removeItem(atPath: password)
    await #expect(throws: LocalPostgresError.passwordMissing(path: password)) {
      try await LocalServer.withServer(folder.configuration) { _ in }
    }
  }

  @Test func `when root has no account to run it under`() throws {
    // Any other account than root runs the server itself, and asks for none.
    let account = Result { () throws(LocalPostgresError) in
      try ServerAccount.current(insteadOfRoot: "no-such-account")
    }
    if geteuid() == 0 {
      #expect(throws: LocalPostgresError.accountMissing(name: "no-such-account")) {
        try account.get()
      }
    } else {
      #expect(try account.get().userID == geteuid())
    }
  }

  @Test func `where it may not write`() async throws {
    let configuration = LocalServerConfiguration(folder: "/sys/cathlog")
    await #expect(throws: LocalPostgresError.folderNotWritable(path: "/sys/cathlog")) {
      try await LocalServer.withServer(configuration) { _ in }
    }
  }

  @Test func `in a file`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "server")
    let path = folder.path.appending("server").string
    await #expect(throws: LocalPostgresError.notAFolder(path: path)) {
      try await LocalServer.withServer(folder.configuration) { _ in }
    }
  }

  @Test func `behind a folder that is closed to its account`() async throws {
    let folder = try TemporaryFolder()
    chmod(folder.path.string, 0)
    let dataFolder = try folder.dataFolder()
    // Root passes any folder but its server does not; another account is stopped here and now.
    let refusal: LocalPostgresError =
      dataFolder.account.isOther
      ? .folderUnreachable(
        path: dataFolder.path.string, account: dataFolder.account.name,
        closedFolder: folder.path.string)
      : .folderNotWritable(path: dataFolder.path.string)
    await #expect(throws: refusal) {
      try await LocalServer.withServer(folder.configuration) { _ in }
    }
  }

  @Test func `in a folder of another account`() throws {
    let account = ServerAccount(
      name: "nobody", userID: geteuid() + 1, groupID: getegid(), isOther: false)
    let folder = try TemporaryFolder()
    #expect(
      throws: LocalPostgresError.folderOfAnotherAccount(
        path: folder.path.string, owner: ServerAccount.name(of: geteuid()), account: "nobody")
    ) {
      try PrivateFolder.prepare(folder.path, for: account)
    }
  }

  @Test func `on a disk without room`() throws {
    let folder = try TemporaryFolder()
    let error = try #require(throws: LocalPostgresError.self) {
      try DiskSpace.require(mebibytes: .max, at: folder.path)
    }
    #expect(error.code == "disk-full")
    try DiskSpace.require(mebibytes: 1, at: folder.path)
  }

  @Test func `beside another server on its socket`() async throws {
    let folder = try TemporaryFolder()
    try await LocalServer.withServer(folder.configuration) { _ in }
    let dataFolder = try folder.dataFolder()
    let socketFolder = SocketFolder.path(for: dataFolder)
    try PrivateFolder.prepare(socketFolder, for: dataFolder.account)
    let listener = try UnixListener(at: SocketFolder.socket(in: socketFolder))
    await #expect(
      throws: LocalPostgresError.socketInUse(
        path: SocketFolder.socket(in: socketFolder).string, processIdentifier: getpid())
    ) {
      try await LocalServer.withServer(folder.configuration) { _ in }
    }
    listener.close()
    // Now the socket is there and nobody listens on it: that stops no start.
    let answer = try await LocalServer.withServer(folder.configuration) { server in
      try await TestDatabase.psql("SELECT 1", on: server.connectionString)
    }
    #expect(answer == "1")
  }

  @Test(arguments: ["global/pg_control", "pg_wal"])
  func `on data that are damaged`(name: String) async throws {
    let folder = try TemporaryFolder()
    try await LocalServer.withServer(folder.configuration) { _ in }
    let dataFolder = try folder.dataFolder()
    let path = dataFolder.data.appending(name).string
    if name == "pg_wal" {
      try FileManager.default.removeItem(atPath: path)
    } else {
      let control = try #require(FileHandle(forUpdatingAtPath: path))
      try control.write(contentsOf: Data("no longer what it was".utf8))
      try control.close()
    }
    let error = await #expect(throws: LocalPostgresError.self) {
      try await LocalServer.withServer(folder.configuration) { _ in }
    }
    guard case .dataDamaged(dataFolder.data.string, let reason)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!reason.isEmpty)
  }

  @Test(arguments: [
    (installed: [14], dataVersion: nil as Int?, hasInitdb: true, "postgresql-too-old"),
    ([14], 14, true, "postgresql-too-old"),
    ([16], nil, false, "initdb-missing"),
    ([16, 14], 14, true, "postgresql-version-mismatch"),
    ([16], 99, true, "postgresql-version-mismatch"),
    ([], 16, true, "postgresql-missing"),
  ])
  func `with the programs that are installed`(
    installed: [Int], dataVersion: Int?, hasInitdb: Bool, code: String
  ) async throws {
    let folder = try TemporaryFolder()
    for version in installed {
      let bin = "packages/\(version)/bin"
      try await folder.writeProgram(
        "echo 'postgres (PostgreSQL) \(version).1'", to: "\(bin)/postgres")
      if hasInitdb { try folder.write("", to: "\(bin)/initdb", permissions: 0o755) }
    }
    if let dataVersion { try folder.write("\(dataVersion)\n", to: "server/data/PG_VERSION") }
    let search = ProgramSearch(commandPath: [], packageRoot: folder.path.appending("packages"))
    let dataFolder = try folder.dataFolder()
    let error = await #expect(throws: LocalPostgresError.self) {
      try await search.programs(for: dataFolder)
    }
    #expect(error?.code == code)
  }

  @Test func `on data that another account owns`() async throws {
    let folder = try TemporaryFolder()
    let dataFolder = try folder.dataFolder()
    try dataFolder.prepare()
    try folder.write("15\n", to: "server/data/PG_VERSION")
    let owner = ServerAccount(
      name: "nobody", userID: dataFolder.account.userID + 1, groupID: getegid(), isOther: false)
    // Data restored as root: the folder is given back to the account, and what is in it is not.
    #expect(
      throws: LocalPostgresError.folderOfAnotherAccount(
        path: dataFolder.data.string, owner: ServerAccount.name(of: geteuid()), account: "nobody")
    ) {
      try PrivateFolder.close(dataFolder.data, for: owner, followingLink: true)
    }
  }
}
