import Postgres
import Testing

// A server allows a hundred connections unless it is told otherwise.
@Suite(.serialized) struct `Row by row` {
  @Test func `every row arrives, and the connection goes on`() async throws {
    let sum = try await withSession { session throws(PostgresError) in
      var sum: Int64 = 0
      try session.forEachRow("SELECT n::bigint FROM generate_series(1, \(10_000)) n") {
        row throws(PostgresError) in
        sum += try row[0, as: Int64.self]
      }
      return sum + (try session.query("SELECT 1::bigint")[0][0, as: Int64.self])
    }
    #expect(sum == 50_005_001)
  }

  @Test(arguments: [1, 999, 1_000, 5_000_000])
  func `a body that throws leaves the connection usable`(_ rowCount: Int) async throws {
    try await withSession { session throws(PostgresError) in
      do throws(PostgresError) {
        try session.forEachRow("SELECT generate_series(1, \(rowCount))") {
          row throws(PostgresError) in
          _ = try row[0, as: String.self]
        }
        Issue.record("the rows were read to the end")
      } catch {
        #expect(error.kind == .decoding)
      }
      #expect(try session.query("SELECT 5").count == 1)
    }
  }

  @Test func `a body that throws stops the server, which had far to go`() async throws {
    let rowCount = 5_000_000
    try await withSession { session throws(PostgresError) in
      try session.runScript("CREATE TEMP SEQUENCE made")
      do throws(PostgresError) {
        try session.forEachRow("SELECT nextval('made') FROM generate_series(1, \(rowCount))") {
          row throws(PostgresError) in
          _ = try row[0, as: String.self]
        }
      } catch {
        #expect(error.kind == .decoding)
      }
      #expect(try session.query("SELECT last_value FROM made")[0][0, as: Int.self] < rowCount)
    }
  }

  @Test func `an error behind the first rows reaches the caller`() async throws {
    try await withSession { session throws(PostgresError) in
      var count = 0
      do throws(PostgresError) {
        try session.forEachRow("SELECT 1 / (3000 - n) FROM generate_series(1, 4000) n") { _ in
          count += 1
        }
        Issue.record("there was no error")
      } catch {
        #expect(error.sqlState == SQLState(rawValue: "22012"))
      }
      #expect(count == 2999)
      #expect(try session.query("SELECT 5").count == 1)
    }
  }

  @Test func `rows that are out are never sent again`() async throws {
    try await withSession { session throws(PostgresError) in
      // The code is that of a stale plan, for which a statement is prepared and sent again.
      try session.runScript(
        """
        CREATE FUNCTION pg_temp.late(n int) RETURNS int LANGUAGE plpgsql AS
          'BEGIN IF n > 2000 THEN RAISE ''late'' USING ERRCODE = ''0A000''; END IF; RETURN n; END'
        """)
      var count = 0
      do throws(PostgresError) {
        try session.forEachRow("SELECT pg_temp.late(n) FROM generate_series(1, 3000) n") { _ in
          count += 1
        }
        Issue.record("there was no error")
      } catch {
        #expect(error.sqlState == .featureNotSupported)
      }
      #expect(count == 2000)
    }
  }

  @Test func `another statement among the rows is refused`() async throws {
    try await withSession { session throws(PostgresError) in
      do throws(PostgresError) {
        try session.forEachRow("SELECT generate_series(1, 10)") { _ throws(PostgresError) in
          try session.execute("SELECT 1")
        }
        Issue.record("it was sent")
      } catch {
        #expect(error.kind == .invalidUse)
      }
      #expect(try session.query("SELECT 5").count == 1)
    }
  }

  @Test func `a statement without rows calls nobody`() async throws {
    let count = try await withSession { session throws(PostgresError) in
      var count = 0
      try session.forEachRow("SELECT 1 WHERE false") { _ in count += 1 }
      try session.forEachRow("CREATE TEMP TABLE t (n int)") { _ in count += 1 }
      return count
    }
    #expect(count == 0)
  }
}
