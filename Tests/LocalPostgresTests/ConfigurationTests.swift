import SystemPackage
import Testing

@testable import LocalPostgres

@Suite struct `The configuration of a private server` {
  @Test(arguments: [
    (folder: "/srv/x/../y" as String?, isRoot: true, ["HOME": "/root"], "/srv/y" as FilePath),
    (nil, true, ["HOME": "/root", "XDG_DATA_HOME": "/root/data"], "/var/lib/cathlog"),
    (nil, false, ["HOME": "/home/ann"], "/home/ann/.local/share/cathlog"),
    (nil, false, ["HOME": "/home/ann", "XDG_DATA_HOME": "/data"], "/data/cathlog"),
    (nil, false, ["HOME": "/home/ann", "XDG_DATA_HOME": "data"], "/home/ann/.local/share/cathlog"),
  ])
  func `names the folder`(
    folder: String?, isRoot: Bool, environment: [String: String], expected: FilePath
  ) throws {
    var configuration = LocalServerConfiguration(folder: folder)
    configuration.environment = environment
    #expect(try configuration.resolvedFolder(isRoot: isRoot) == expected)
  }

  @Test func `needs a home or a name for the folder`() {
    var configuration = LocalServerConfiguration()
    configuration.environment = [:]
    #expect(throws: LocalPostgresError.homeUnknown) {
      try configuration.resolvedFolder(isRoot: false)
    }
  }

  @Test func `escapes what stands in a connection string`() {
    let address = LocalServerAddress(socketFolder: #"/it's \here"#, password: "p")
    #expect(
      address.connectionString(database: "d")
        == #"host='/it\'s \\here' port='5432' user='postgres' password='p' dbname='d'"#)
    #expect(!address.description.contains("password"))
  }

  @Test(arguments: [
    ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15),
    ("postgres (PostgreSQL) 18beta2", 18),
    ("postgres (PostgreSQL) devel", nil),
    ("postgres 15", nil),
    ("", nil),
  ])
  func `reads the version that the programs state`(line: String, version: Int?) {
    #expect(ProgramSearch.majorVersion(in: line) == version)
  }

  @Test(arguments: [
    ("71\n/data\n1\n5432\n/socket\n\n1 2\nready   \n", 71, true),
    ("71\n/data\n1\n5432\n/socket\n\n1 2\nstarting\n", 71, false),
    ("71\n", 71, false),
    ("-71\n", nil, false),
    ("", nil, false),
  ])
  func `reads what a server writes about itself`(
    text: String, process: Int32?, isReady: Bool
  ) {
    let file = PostmasterFile(text)
    #expect(file?.processIdentifier == process)
    #expect(file?.isReady ?? false == isReady)
  }

  @Test(arguments: [(nil, 16), (15 as Int?, 15), (16, 16)])
  func `takes the programs that wrote the data, else the newest`(
    dataVersion: Int?, expected: Int
  ) async throws {
    let folder = try TemporaryFolder()
    for version in [9, 15, 16] {
      try await folder.writeProgram(
        "echo 'postgres (PostgreSQL) \(version).1'", to: "packages/\(version)/bin/postgres")
      try folder.write("", to: "packages/\(version)/bin/initdb", permissions: 0o755)
    }
    if let dataVersion {
      try folder.write("\(dataVersion)\n", to: "server/data/PG_VERSION")
    }
    let packages = folder.path.appending("packages")
    let search = ProgramSearch(commandPath: [], packageRoot: packages)
    let programs = try await search.programs(for: folder.dataFolder())
    #expect(programs.majorVersion == expected)
    #expect(programs.folder == packages.appending("\(expected)/bin"))
  }

  @Test func `says in an error what happened and what to do`() {
    #expect(
      LocalPostgresError.accountMissing(name: "postgres").description
        == "PostgreSQL does not run as root, and there is no account “postgres” to run it under."
        + " Install it with `apt-get install postgresql`, or name a database in DATABASE_URL.")
  }
}
