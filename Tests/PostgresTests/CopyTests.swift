import Postgres
import Testing

// A server allows a hundred connections unless it is told otherwise.
@Suite(.serialized) struct `Copy` {
  private struct Record: Equatable, Sendable {
    var number: Int64
    var small: Int16
    var text: String?
    var bytes: [UInt8]
    var id: PostgresUUID
    var time: PostgresTimestamp?
    var flag: Bool
  }

  private static let columns =
    "number bigint, small smallint, text text, bytes bytea, id uuid, time timestamptz, flag boolean"

  private static func record(_ number: Int) -> Record {
    Record(
      number: Int64(number), small: Int16(number % 1000),
      text: number.isMultiple(of: 3) ? nil : "row \(number)",
      bytes: Array(repeating: UInt8(number % 256), count: number % 40),
      id: PostgresUUID(high: UInt64(number), low: ~UInt64(number)),
      time: number.isMultiple(of: 5)
        ? nil : PostgresTimestamp(microsecondsSince1970: Int64(number)),
      flag: number.isMultiple(of: 2))
  }

  private static func write(
    _ record: Record, _ writer: inout BinaryCopyWriter
  ) throws(PostgresError) {
    writer.beginRow(columnCount: 7)
    try writer.append(record.number)
    try writer.append(record.small)
    try writer.append(record.text)
    try writer.append(record.bytes)
    try writer.append(record.id)
    try writer.append(record.time)
    try writer.append(record.flag)
  }

  private static func read(_ reader: inout BinaryCopyReader) throws(PostgresError) -> Record {
    Record(
      number: try reader.next(), small: try reader.next(), text: try reader.next(),
      bytes: try reader.next(), id: try reader.next(), time: try reader.next(),
      flag: try reader.next())
  }

  @Test(arguments: [0, 1, 20_000])
  func `binary rows go in and come out`(_ count: Int) async throws {
    let records = (0..<count).map(Self.record)
    let (stored, echo) = try await withSession { session throws(PostgresError) in
      try session.runScript("CREATE TEMP TABLE t (\(Self.columns))")
      let stored = try session.copyRowsIn(
        "COPY t FROM STDIN (FORMAT binary)", records, write: Self.write)
      var echo: [Record] = []
      try session.copyRowsOut(
        "COPY (SELECT * FROM t ORDER BY number) TO STDOUT (FORMAT binary)"
      ) { reader throws(PostgresError) in
        echo.append(try Self.read(&reader))
      }
      return (stored, echo)
    }
    // A failed expectation of the arrays themselves would print all of them.
    let isSame = echo == records
    #expect(stored == count)
    #expect(isSame)
  }

  @Test func `text goes in and comes out`() async throws {
    let (count, text) = try await withSession { session throws(PostgresError) in
      try session.runScript("CREATE TEMP TABLE t (n int, v text)")
      let count = try session.copyIn("COPY t FROM STDIN") { sink throws(PostgresError) in
        try sink.write(Array("1\tone\n2".utf8))
        try sink.write(Array("\t\\N\n".utf8))
      }
      var bytes: [UInt8] = []
      try session.copyOut("COPY t TO STDOUT (FORMAT csv)") { piece throws(PostgresError) in
        bytes += try [UInt8](postgresBinary: piece)
      }
      return (count, String(decoding: bytes, as: UTF8.self))
    }
    #expect(count == 2)
    #expect(text == "1,one\n2,\n")
  }

  @Test func `a million bytes in one piece go in and come out`() async throws {
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let echo = try await withSession { session throws(PostgresError) in
      try session.runScript("CREATE TEMP TABLE t (b bytea)")
      try session.copyRowsIn("COPY t FROM STDIN (FORMAT binary)", [bytes]) {
        bytes, writer throws(PostgresError) in
        writer.beginRow(columnCount: 1)
        try writer.append(bytes)
      }
      return try session.query("SELECT b FROM t")[0][0, as: [UInt8].self]
    }
    #expect(echo == bytes)
  }

  @Test func `a writer that throws stores nothing, and the connection goes on`() async throws {
    try await withSession { session throws(PostgresError) in
      try session.runScript("CREATE TEMP TABLE t (v text)")
      do throws(PostgresError) {
        try session.copyRowsIn("COPY t FROM STDIN (FORMAT binary)", ["a", "b\0"]) {
          text, writer throws(PostgresError) in
          writer.beginRow(columnCount: 1)
          try writer.append(text)
        }
        Issue.record("the rows were stored")
      } catch {
        #expect(error.kind == .encoding)
      }
      #expect(try session.query("SELECT v FROM t").isEmpty)
    }
  }

  @Test(arguments: [
    ("another type", SQLState(rawValue: "08P01")),
    ("too few columns", SQLState(rawValue: "22P04")),
    ("no such table", SQLState.undefinedTable),
  ])
  func `the server's refusal reaches the caller, and the connection goes on`(
    _ why: String, _ state: SQLState
  ) async throws {
    try await withSession { session throws(PostgresError) in
      try session.runScript("CREATE TEMP TABLE t (n bigint, m bigint)")
      do throws(PostgresError) {
        let table = why == "no such table" ? "missing" : "t"
        try session.copyRowsIn("COPY \(table) FROM STDIN (FORMAT binary)", 0..<100_000) {
          number, writer throws(PostgresError) in
          writer.beginRow(columnCount: why == "too few columns" ? 1 : 2)
          try writer.append(Int64(number))
          if why != "too few columns" { try writer.append(Int32(number)) }
        }
        Issue.record("the rows were stored")
      } catch {
        #expect(error.kind == .server)
        #expect(error.sqlState == state)
      }
      #expect(try session.query("SELECT n FROM t").isEmpty)
    }
  }

  @Test(arguments: [10, 5_000_000])
  func `a reader that throws leaves the connection usable`(_ rowCount: Int) async throws {
    try await withSession { session throws(PostgresError) in
      do throws(PostgresError) {
        try session.copyRowsOut(
          "COPY (SELECT generate_series(1, \(rowCount))) TO STDOUT (FORMAT binary)"
        ) { reader throws(PostgresError) in
          _ = try reader.next(Int64.self)
        }
        Issue.record("the rows were read")
      } catch {
        #expect(error.kind == .decoding)
      }
      #expect(try session.query("SELECT 5").count == 1)
    }
  }

  @Test(arguments: [1, 3])
  func `a reader must read exactly the columns of a row`(_ count: Int) async throws {
    try await withSession { session throws(PostgresError) in
      do throws(PostgresError) {
        try session.copyRowsOut("COPY (SELECT 1, 2) TO STDOUT (FORMAT binary)") {
          reader throws(PostgresError) in
          for _ in 0..<count { _ = try reader.next(Int32.self) }
        }
        Issue.record("the row was read")
      } catch {
        #expect(error.kind == .decoding)
      }
    }
  }

  @Test func `columns are lent without a copy`() async throws {
    let lengths = try await withSession { session throws(PostgresError) in
      var lengths: [Int?] = []
      try session.copyRowsOut("COPY (SELECT 'abc', NULL::text, 1) TO STDOUT (FORMAT binary)") {
        reader throws(PostgresError) in
        while reader.remainingColumnCount > 0 {
          lengths.append(try reader.withNextBytes { $0.byteCount })
        }
      }
      return lengths
    }
    #expect(lengths == [3, nil, 4])
  }

  @Test(arguments: ["COPY (SELECT 1) TO STDOUT", "SELECT 1", "COPY t FROM STDIN"])
  func `a statement of the wrong direction is refused`(_ text: String) async throws {
    try await withSession { session throws(PostgresError) in
      try session.runScript("CREATE TEMP TABLE t (n bigint)")
      do throws(PostgresError) {
        if text.contains("FROM") {
          try session.copyOut(text) { _ in }
        } else {
          try session.copyIn(text) { _ in }
        }
        Issue.record("it was run")
      } catch {
        #expect(error.kind == .invalidUse)
      }
      #expect(try session.query("SELECT 5").count == 1)
    }
  }

  @Test func `text is not taken for binary`() async throws {
    let error = await postgresError {
      try await withSession { session throws(PostgresError) in
        try session.copyRowsOut("COPY (SELECT 1) TO STDOUT") { reader throws(PostgresError) in
          _ = try reader.next(Int32.self)
        }
      }
    }
    #expect(error?.kind == .decoding)
  }

  @Test func `the binary form is as PostgreSQL documents it`() throws {
    var writer = BinaryCopyWriter()
    writer.beginRow(columnCount: 2)
    try writer.append(Int16(258))
    writer.appendNull()
    writer.finish()
    let header: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    let row: [UInt8] = [0, 2, 0, 0, 0, 2, 1, 2, 0xFF, 0xFF, 0xFF, 0xFF]
    #expect(writer.takeBytes() == header + row + [0xFF, 0xFF])
    #expect(writer.byteCount == 0)
  }
}
