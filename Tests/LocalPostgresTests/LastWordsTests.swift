import SystemPackage
import Testing

@testable import LocalPostgres

@Suite struct `The last words of a server` {
  private static let prefix = "2026-11-25 19:03:43.000 UTC [71] "

  @Test(arguments: [
    ("PANIC:  could not read file \"global/pg_control\": read 0 of 296", "data-damaged"),
    ("FATAL:  incorrect checksum in control file", "data-damaged"),
    ("PANIC:  could not locate a valid checkpoint record", "data-damaged"),
    ("FATAL:  database files are incompatible with server", "data-damaged"),
    ("FATAL:  required WAL directory \"pg_wal\" does not exist", "data-damaged"),
    (
      "PANIC:  could not write to file \"pg_wal/xlogtemp.71\": No space left on device",
      "disk-full"
    ),
    ("FATAL:  could not write lock file \"postmaster.pid\": Disk quota exceeded", "disk-full"),
    ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "memory-short"),
    ("FATAL:  configuration file \"/x/postgresql.conf\" contains errors", nil),
    ("LOG:  could not locate a valid checkpoint record", nil),
  ])
  func `name a cause that has a remedy`(line: String, code: String?) throws {
    let folder = try TemporaryFolder()
    let words = LastWords(Self.prefix + line + "\n")
    #expect(words.cause(in: try folder.dataFolder())?.code == code)
  }

  @Test func `are those since it was last ready`() throws {
    let folder = try TemporaryFolder()
    let words = LastWords(
      """
      \(Self.prefix)PANIC:  could not write to file "pg_wal/xlogtemp.71": No space left on device
      \(Self.prefix)LOG:  database system is ready to accept connections
      \(Self.prefix)FATAL:  terminating connection due to unexpected postmaster exit
      """)
    #expect(words.sentences == ["terminating connection due to unexpected postmaster exit"])
    #expect(words.cause(in: try folder.dataFolder()) == nil)
  }

  @Test func `are read from where the log stood at the start, and bounded`() throws {
    let folder = try TemporaryFolder()
    try folder.write("old\n", to: "log/postgresql-Wed.log")
    try folder.write(String(repeating: "x", count: 100), to: "log/emptied.log")
    let log = ServerLog(from: folder.path.appending("log"))
    #expect(log.text.split(whereSeparator: \.isNewline).isEmpty)
    let long = String(repeating: "y", count: ServerLog.byteLimit)
    try folder.write("old\nnew\(long)", to: "log/postgresql-Wed.log")
    try folder.write("begun anew\n", to: "log/emptied.log")
    #expect(log.text.split(whereSeparator: \.isNewline) == ["begun anew", long[...]])
  }
}
