import Charges
import Procedures
import Store
import Synchronization
import Testing

@testable import Projectors

@Suite struct `A rebuild` {
  @Test func `makes the same rows as the log did as it grew`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner(batchLimit: 5, caseLimit: 3)
      for event in try History.events(seed: Chance.seed) {
        try await lab.append([event])
        _ = try await runner.applyNext(in: lab.facility)
      }
      try await lab.project(runner)
      let before = try await runner.digest(of: lab.facility)
      let stages = Mutex<[RebuildProgress.Stage]>([])
      try await runner.rebuild(facility: lab.facility) { progress in
        #expect(progress.eventCount <= progress.logEnd)
        stages.withLock { if $0.last != progress.stage { $0.append(progress.stage) } }
      }
      let after = try await runner.digest(of: lab.facility)
      #expect(after.bytes == before.bytes, "CATHLOG_SEED=\(Chance.seed)")
      #expect(after.generation == before.generation + 1)
      #expect(
        stages.withLock(\.self) == [.cases, .sessions, .catchingUp, .removingOld, .done])
      #expect(
        try await lab.psql("SELECT DISTINCT generation FROM projection.case")
          == "\(after.generation)")
      #expect(try await lab.psql("SELECT count(*) FROM projection.rebuild") == "0")
      #expect(try await lab.psql("SELECT count(*) FROM projection.checkpoint") == "1")
      try await lab.expectWhole(runner)
    }
  }

  @Test func `goes on where it was ended`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner(caseLimit: 2)
      let events = try History.events(seed: Chance.seed)
      try await lab.append(events)
      try await lab.project(runner)
      let before = try await runner.digest(of: lab.facility)
      // Ended in the third page of cases, then again in the second pass.
      try await lab.psql(
        """
        CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN RAISE EXCEPTION ''refused for a test''; END'
        """)
      var resumedAt: [Int64] = []
      for condition in ["OLD.applied > 40", "OLD.stage = 'sessions'"] {
        try await lab.psql(
          """
          CREATE TRIGGER refuse BEFORE UPDATE ON projection.rebuild
          FOR EACH ROW WHEN (\(condition)) EXECUTE FUNCTION public.refuse()
          """)
        await #expect(throws: ProjectorError.self) {
          try await runner.rebuild(facility: lab.facility) { _ in }
        }
        let rows = try await lab.psql("SELECT applied + held FROM projection.rebuild")
        resumedAt.append(try #require(Int64(rows)))
        #expect(try await runner.status()[lab.facility]?.isRebuilding == true)
        #expect(try await runner.digest(of: lab.facility) == before)
        try await lab.psql("DROP TRIGGER refuse ON projection.rebuild")
      }
      #expect(resumedAt[0] > 0)
      #expect(resumedAt[1] > resumedAt[0])
      let first = Mutex<RebuildProgress?>(nil)
      try await lab.runner(caseLimit: 2).rebuild(facility: lab.facility) { progress in
        first.withLock { $0 = $0 ?? progress }
      }
      #expect(first.withLock { $0?.stage } == .sessions)
      #expect(try await runner.digest(of: lab.facility).bytes == before.bytes)
      try await lab.expectWhole(runner)
    }
  }

  @Test func `holds up neither the runner nor readers, and misses nothing meanwhile`() async throws
  {
    try await Lab.open { lab in
      let runner = lab.runner(batchLimit: 8, caseLimit: 2)
      let events = try History.events(seed: Chance.seed)
      let half = events.count / 2
      try await lab.append(Array(events.prefix(half)))
      try await lab.project(runner)
      let count = try await lab.caseIDs().count
      try await lab.following(runner) {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            for _ in 0..<3 { try await runner.rebuild(facility: lab.facility) { _ in } }
          }
          group.addTask { try await lab.append(Array(events.suffix(from: half))) }
          group.addTask {
            for _ in 0..<50 {
              let seen = try await lab.caseIDs().count
              #expect(seen >= count)
            }
          }
          try await group.waitForAll()
        }
        try await runner.waitUntilApplied(position: try await lab.end(), in: lab.facility)
      }
      let inline = try await runner.digest(of: lab.facility)
      try await lab.expectWhole(runner)
      try await runner.rebuild(facility: lab.facility) { _ in }
      #expect(
        try await runner.digest(of: lab.facility).bytes == inline.bytes,
        "CATHLOG_SEED=\(Chance.seed)")
    }
  }

  @Test func `begins by itself where a later edition finds rows of an earlier`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner()
      try await lab.append(try CaseFiles.events("three-separate-vessels"))
      try await lab.project(runner)
      let before = try await runner.digest(of: lab.facility)
      try await lab.psql("UPDATE projection.checkpoint SET rule_book = '2000.1'")
      #expect(try await runner.status()[lab.facility]?.isOfThisEdition == false)
      guard case .otherEdition = try await runner.applyNext(in: lab.facility) else {
        Issue.record("rows of another edition were written to")
        return
      }
      try await lab.following(runner) {
        while try await runner.digest(of: lab.facility).generation == before.generation {
          await Task.yield()
        }
      }
      #expect(try await runner.digest(of: lab.facility).bytes == before.bytes)
    }
  }

  @Test(arguments: [
    (2, "2026.1", 1, "2026.1", true), (1, "2026.1", 2, "2026.1", false),
    (1, "2026.2", 1, "2026.1", true), (1, "2026.10", 1, "2026.9", true),
    (1, "2026.1", 1, "2026.1", false), (1, "2026.1", 1, "2026.2", false),
    (1, "2027.1", 2, "2026.1", false),
  ])
  func `is never begun both ways`(
    version: Int32, book: String, otherVersion: Int32, otherBook: String, succeeds: Bool
  ) {
    let edition = ProjectorEdition(version: version, ruleBook: book, ruleBookDigest: "a")
    let other = ProjectorEdition(version: otherVersion, ruleBook: otherBook, ruleBookDigest: "b")
    #expect(edition.succeeds(other) == succeeds)
    #expect(!(edition.succeeds(other) && other.succeeds(edition)))
  }
}
