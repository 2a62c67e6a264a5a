import TestDatabase
import Testing

@Suite struct `A database for tests` {
  @Test func `is new and empty each time`() async throws {
    let first = try await TestDatabase.fresh()
    let second = try await TestDatabase.fresh()
    try await TestDatabase.psql("CREATE TABLE note (text text)", on: first)
    let found = try await TestDatabase.psql("SELECT to_regclass('note') IS NULL", on: second)
    #expect(found == "t")
  }

  @Test func `is a copy of a template that is prepared once`() async throws {
    let copies = try await withThrowingTaskGroup { group in
      for _ in 1...3 {
        group.addTask {
          try await TestDatabase.fromTemplate("note") { template in
            try await TestDatabase.psql(
              "CREATE TABLE note (text text); INSERT INTO note VALUES ('prepared')", on: template)
          }
        }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(copies.count == 3)
    for copy in copies {
      let note = try await TestDatabase.psql(
        "INSERT INTO note VALUES ('own'); SELECT string_agg(text, '+') FROM note", on: copy)
      #expect(note == "prepared+own")
    }
  }

  @Test func `reports what psql says`() async throws {
    let database = try await TestDatabase.fresh()
    let error = await #expect(throws: TestDatabaseError.self) {
      try await TestDatabase.psql("SELECT 1/0; SELECT 2", on: database)
    }
    #expect(error?.description.contains("division by zero") == true)
  }
}
