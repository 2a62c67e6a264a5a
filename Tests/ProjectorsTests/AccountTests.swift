import Charges
import Procedures
import Store
import Testing

@testable import Projectors

@Suite struct `The account of positions` {
  @Test func `names each position applied, irrelevant or held, at every step`() async throws {
    try await Lab.open { lab in
      try await lab.append(try History.events(seed: Chance.seed))
      let runner = lab.runner(batchLimit: 9)
      while case .applied = try await runner.applyNext(in: lab.facility) {
        let status = try #require(try await runner.status()[lab.facility])
        // Counted again from the log, by what a facility's events are.
        let counted = try await lab.psql(
          """
          SELECT count(*) FILTER (WHERE type IN ('facility-opened', 'person-registered')),
            coalesce(sum(h.positions) FILTER (WHERE e.version = 1), 0)
          FROM log.event e
          LEFT JOIN projection.held h ON h.facility = e.facility AND h.case_id = e.case_id
          WHERE e.position <= \(status.position)
          """)
        #expect(counted == "\(status.irrelevant)|\(status.held)", "CATHLOG_SEED=\(Chance.seed)")
        #expect(status.applied + status.irrelevant + status.held == status.position)
      }
      try await lab.expectWhole(runner)
    }
  }

  @Test func `is refused by the database where it does not add up`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner()
      try await lab.project(runner)
      await #expect(throws: (any Error).self) {
        try await lab.psql("UPDATE projection.checkpoint SET applied = applied + 1")
      }
      await #expect(throws: (any Error).self) {
        try await lab.psql("UPDATE projection.checkpoint SET position = position + 1")
      }
    }
  }

  @Test func `loses nothing and doubles nothing when a batch fails at its end`() async throws {
    try await Lab.open { lab in
      try await lab.append(try History.events(seed: Chance.seed))
      let runner = lab.runner(batchLimit: 10)
      _ = try await runner.applyNext(in: lab.facility)
      let before = try await runner.digest(of: lab.facility)
      // The checkpoint is the last thing that a batch writes.
      try await lab.psql(
        """
        CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN RAISE EXCEPTION ''refused for a test''; END';
        CREATE TRIGGER refuse AFTER UPDATE ON projection.checkpoint
        FOR EACH ROW EXECUTE FUNCTION public.refuse()
        """)
      for _ in 0..<3 {
        await #expect(throws: ProjectorError.self) {
          _ = try await runner.applyNext(in: lab.facility)
        }
      }
      #expect(try await runner.digest(of: lab.facility) == before)
      try await lab.psql("DROP TRIGGER refuse ON projection.checkpoint")
      try await lab.project(runner)
      try await lab.expectWhole(runner)
    }
  }

  @Test func `counts a batch once when its connection is ended within it`() async throws {
    try await Lab.open { lab in
      try await lab.append(try History.events(seed: Chance.seed))
      let runner = lab.runner(batchLimit: 10)
      _ = try await runner.applyNext(in: lab.facility)
      try await lab.psql(
        """
        CREATE FUNCTION public.kill() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
        CREATE TRIGGER kill AFTER UPDATE ON projection.checkpoint
        FOR EACH ROW EXECUTE FUNCTION public.kill()
        """)
      await #expect(throws: ProjectorError.self) {
        _ = try await runner.applyNext(in: lab.facility)
      }
      try await lab.psql("DROP TRIGGER kill ON projection.checkpoint")
      try await lab.project(runner)
      try await lab.expectWhole(runner)
    }
  }
}

@Suite struct `A case that cannot be derived` {
  @Test func `is held with the reason, and all others go on`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner(batchLimit: 6)
      let broken = try CaseFiles.copy("three-separate-vessels", number: 1, patient: "pt-1")
      let sound = try CaseFiles.copy("three-separate-vessels", number: 2, patient: "pt-2")
      try await lab.append(Array(broken.prefix(4)))
      try await lab.project(runner)
      try await lab.appendUnreadable(to: broken[0].caseID)
      try await lab.append(sound)
      try await lab.project(runner)
      let held = try await runner.heldCases(in: lab.facility)
      #expect(held.map(\.caseID) == [broken[0].caseID])
      #expect(held.map(\.positions) == [5])
      #expect(held.first?.reason.contains("of a type that this edition does not know") == true)
      let current = try #require(
        try await lab.charges.currentCase(broken[0].caseID, in: lab.facility))
      #expect(current.heldBecause == held.first?.reason)
      #expect(String(decoding: current.document, as: UTF8.self).contains("derivation-failed"))
      #expect(current.entry.phase == .open)
      let lines = try await lab.charges.lineItems(in: lab.facility)
      #expect(Set(lines.elements.map(\.caseID)) == [sound[0].caseID])
      let status = try #require(try await runner.status()[lab.facility])
      #expect(status.held == 5)
      #expect(status.heldCaseCount == 1)
      try await lab.expectWhole(runner)
    }
  }

  @Test func `goes on when what held it is mended`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner()
      let events = try CaseFiles.copy("three-separate-vessels", number: 1, patient: "pt-1")
      try await lab.append(events)
      try await lab.project(runner)
      let before = try await lab.documents()
      let wrong = "sha256:" + String(repeating: "0", count: 64)
      for (digest, held) in [(wrong, Int64(8)), (RuleBook.standard.digest, 0)] {
        try await lab.adoptUnchecked(
          RuleBook.standard.edition.text, digest, from: "2026-01-01")
        try await lab.project(runner)
        #expect(try await runner.status()[lab.facility]?.held == held)
        try await lab.expectWhole(runner)
      }
      #expect(try await lab.documents() == before)
    }
  }

  @Test func `may be the facility's own, and nothing else is held then`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner()
      try await lab.append(try CaseFiles.events("three-separate-vessels"))
      try await lab.appendUnreadable(to: .zero)
      try await lab.project(runner)
      let held = try await runner.heldCases(in: lab.facility)
      #expect(held.map(\.caseID) == [.zero])
      #expect(held.map(\.positions) == [1])
      try await lab.expectWhole(runner)
    }
  }
}
