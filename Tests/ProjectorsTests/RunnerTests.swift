import Charges
import Postgres
import Procedures
import Store
import Synchronization
import Testing

@testable import Projectors

/// What one task tells another that must not suspend.
private final class Signal: Sendable {
  let isGiven = Atomic(false)
}

@Suite struct `The runner` {
  @Test func `of two processes applies each position once`() async throws {
    try await Lab.open { lab in
      let runners = (lab.runner(batchLimit: 3), lab.runner(batchLimit: 4))
      try await lab.following(runners.0, runners.1) {
        for event in try History.events(seed: Chance.seed) { try await lab.append([event]) }
        let end = try await lab.end()
        try await runners.0.waitUntilApplied(position: end, in: lab.facility)
        try await runners.1.waitUntilApplied(position: end, in: lab.facility)
      }
      let inline = try await runners.0.digest(of: lab.facility)
      try await lab.expectWhole(runners.0)
      try await runners.1.rebuild(facility: lab.facility) { _ in }
      #expect(
        try await runners.0.digest(of: lab.facility).bytes == inline.bytes,
        "CATHLOG_SEED=\(Chance.seed)")
    }
  }

  @Test func `leaves a checkpoint that another holds to the other`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner(batchLimit: 1)
      try await lab.append(try CaseFiles.events("three-separate-vessels"))
      _ = try await runner.applyNext(in: lab.facility)
      let other = try await Connection.open(ConnectionSettings(url: lab.url))
      let (locked, lock) = AsyncStream.makeStream(of: Void.self)
      let released = Signal()
      let step = try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          defer { lock.finish() }
          try await other.run { session throws(PostgresError) in
            try session.transaction { session throws(PostgresError) in
              try session.execute("SELECT FROM projection.checkpoint FOR UPDATE")
              lock.finish()
              // A transaction's body is synchronous, so it asks until it may end.
              while !released.isGiven.load(ordering: .acquiring) {
                try session.execute("SELECT pg_sleep(0.005)")
              }
            }
          }
        }
        defer { released.isGiven.store(true, ordering: .releasing) }
        for await _ in locked {}
        return try await runner.applyNext(in: lab.facility)
      }
      await other.close()
      guard case .lockedElsewhere = step else {
        Issue.record("a locked checkpoint was written to")
        return
      }
      try await lab.project(runner)
      try await lab.expectWhole(runner)
    }
  }

  @Test func `finds facilities that begin while it runs, and says how far it is`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner()
      let unread = try #require(try await runner.status()[lab.facility])
      #expect(unread.position == 0)
      #expect(unread.lag == 1)
      #expect(unread.staleness > .zero)
      try await lab.following(runner) {
        try await lab.append(try CaseFiles.events("three-separate-vessels"))
        let end = try await lab.end()
        try await runner.waitUntilApplied(position: end, in: lab.facility)
        let status = try #require(try await runner.status()[lab.facility])
        #expect(status.position == end)
        #expect(status.staleness == .zero)
        #expect(status.irrelevant == 1)
        await #expect(throws: ProjectorError.self) {
          try await runner.waitUntilApplied(
            position: end + 1, in: lab.facility, timeout: .milliseconds(1))
        }
      }
    }
  }

  @Test func `tries again after the database has refused`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner()
      try await lab.psql("REVOKE INSERT ON projection.case FROM cathlog_service")
      try await lab.following(runner) {
        try await lab.append(try CaseFiles.events("three-separate-vessels"))
        let end = try await lab.end()
        await #expect(throws: ProjectorError.self) {
          try await runner.waitUntilApplied(
            position: end, in: lab.facility, timeout: .milliseconds(100))
        }
        try await lab.psql("GRANT INSERT ON projection.case TO cathlog_service")
        try await runner.waitUntilApplied(position: end, in: lab.facility)
      }
      try await lab.expectWhole(runner)
    }
  }
}
