import Postgres
import Procedures
import Store
import TestDatabase
import Testing

@Suite struct `The record of access` {
  private func entry(_ number: UInt64) throws -> AccessEntry {
    AccessEntry(
      person: try #require(PersonCode("au-7")), tokenID: TokenID(high: 2, low: number),
      action: .caseRead, caseID: CaseID(high: 1, low: number), origin: "192.0.2.7")
  }

  @Test func `holds who read which case, with which token and from where`() async throws {
    try await Lab.with { lab in
      try await lab.access.record([try entry(1)], in: lab.facility)
      let row = try await TestDatabase.psql(
        "SELECT facility, person, token_id, action, case_id, origin FROM access.record", on: lab.url)
      #expect(
        row == """
          general|au-7|00000000-0000-0002-0000-000000000001|case-read|\
          00000000-0000-0001-0000-000000000001|192.0.2.7
          """)
    }
  }

  @Test func `of many readers at one time every one is in it when it is answered`() async throws {
    try await Lab.with { lab in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<200 as Range<UInt64> {
          let entry = try entry(number)
          group.addTask {
            try await lab.access.record([entry], in: lab.facility)
            let found = try await lab.pool.run { session throws(PostgresError) in
              try session.query(
                "SELECT 1::int8 FROM access.record WHERE case_id = \(entry.caseID)"
              ).count
            }
            #expect(found == 1)
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test func `a database that does not answer fails the reading`() async throws {
    try await Lab.with { lab in
      await lab.pool.shutdown()
      let entry = try entry(1)
      await #expect(throws: AccessRecordError.self) {
        try await lab.access.record([entry], in: lab.facility)
      }
    }
  }

  /// While the table is locked, nothing can be recorded.
  private func whileLocked<Value>(_ lab: Lab, _ body: () async throws -> Value) async throws -> Value {
    let other = try await Connection.open(lab.settings)
    try await other.run { session throws(PostgresError) in
      try session.runScript("BEGIN; LOCK TABLE access.record")
    }
    do {
      let value = try await body()
      await other.close()
      return value
    } catch {
      await other.close()
      throw error
    }
  }

  /// Returns once so many sessions wait for a lock.
  private func waitUntilWaiting(_ lab: Lab) async throws {
    for _ in 0..<100_000 {
      let count = try await TestDatabase.psql(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'access.record'::regclass",
        on: lab.url)
      if count == "1" { return }
    }
    Issue.record("nobody waits to record")
  }

  /// Returns once so many readers wait for another one's call.
  private func waitUntil(
    _ recorder: AccessRecorder, has count: Int, waiting facility: FacilityCode
  ) async {
    while recorder.waitingCount(in: facility) < count { await Task.yield() }
  }

  @Test func `a reader that goes away takes nobody else's entries with it`() async throws {
    try await Lab.with { lab in
      let recorder = AccessRecorder(pool: lab.pool)
      let entries = try (1...12).map { try entry($0) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        try await whileLocked(lab) {
          let leaving = Task { try await recorder.record([entries[0]], in: lab.facility) }
          try await waitUntilWaiting(lab)
          // The second one writes next, and it leaves as well.
          let leavingToo = Task { try await recorder.record([entries[1]], in: lab.facility) }
          await waitUntil(recorder, has: 1, waiting: lab.facility)
          for entry in entries[2...] {
            group.addTask { try await recorder.record([entry], in: lab.facility) }
          }
          await waitUntil(recorder, has: 11, waiting: lab.facility)
          leavingToo.cancel()
          leaving.cancel()
          await #expect(throws: AccessRecordError.self) { try await leaving.value }
          await #expect(throws: AccessRecordError.self) { try await leavingToo.value }
        }
        try await group.waitForAll()
      }
      let count = try await TestDatabase.psql("SELECT count(*) FROM access.record", on: lab.url)
      #expect(count == "10")
    }
  }

  @Test func `more readers than may wait are refused at once`() async throws {
    try await Lab.with { lab in
      var limits = AccessRecorder.Limits()
      limits.waiting = 0
      let recorder = AccessRecorder(pool: lab.pool, limits: limits)
      let first = try entry(1)
      let second = try entry(2)
      let writing = try await whileLocked(lab) {
        let writing = Task { try await recorder.record([first], in: lab.facility) }
        try await waitUntilWaiting(lab)
        do throws(AccessRecordError) {
          try await recorder.record([second], in: lab.facility)
          Issue.record("taken, though nobody may wait")
        } catch {
          guard case .overloaded = error else { throw error }
        }
        return writing
      }
      try await writing.value
    }
  }
}
