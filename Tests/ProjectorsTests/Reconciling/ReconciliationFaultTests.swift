import Charges
import Procedures
import Store
import Testing

@testable import Projectors

@Suite struct `A reconciliation says` {
  private func report(_ lab: Lab, limit: Int = 100) async throws -> Reconciliation {
    try await lab.reconciler.report(
      on: lab.facility, from: CalendarDate("2026-03-02"), to: CalendarDate("2026-03-02"),
      at: try #require(Instant("2026-03-06T12:00:00Z")), listing: limit)
  }

  /// Two charged cases and a held one.
  private func withCases(_ body: (Lab) async throws -> Void) async throws {
    try await Lab.open { lab in
      for (number, name) in ["three-separate-vessels", "modifier-26", "no-primary"].enumerated() {
        try await lab.append(
          try CaseFiles.copy(name, number: number + 1, patient: "pt-\(number)"))
      }
      try await lab.project(lab.runner())
      #expect(try await report(lab).verdict == .balanced)
      try await body(lab)
    }
  }

  @Test func `that a line has other units than were charged`() async throws {
    try await withCases { lab in
      try await lab.psql(
        "UPDATE projection.line SET units = units + 1 WHERE code = '37253' AND status = 'billable'")
      let report = try await report(lab)
      #expect(report.verdict == .unbalanced)
      #expect(report.differing.count > 0)
      for charge in report.differing.elements {
        #expect(charge.code.text == "37253")
        #expect(charge.lineUnits == charge.ledgerUnits + 1)
      }
      #expect(try await self.report(lab, limit: 0).differing.count == report.differing.count)
      #expect(try await self.report(lab, limit: 0).differing.elements.isEmpty)
    }
  }

  @Test func `that a line has other modifiers than were charged, though the sums agree`()
    async throws
  {
    try await withCases { lab in
      try await lab.psql(
        "UPDATE projection.line SET modifiers = ARRAY['59'] WHERE code = '75716'")
      let report = try await report(lab)
      #expect(report.balance.ledgerUnits == report.balance.lineUnits)
      #expect(report.verdict == .unbalanced)
      #expect(
        report.differing.elements.map { "\($0.modifiers.map(\.text)) \($0.lineUnits)" }
          == ["[] 0", #"["59"] 1"#])
    }
  }

  @Test func `that a billable line was not posted`() async throws {
    try await withCases { lab in
      try await lab.psql("UPDATE projection.line SET status = 'billable' WHERE status = 'planned'")
      let report = try await report(lab)
      #expect(report.verdict == .unbalanced)
      #expect(report.uncharged.first { $0.reason == .notPosted }?.cases.count == 1)
    }
  }

  @Test func `that a charged case has gone from the lines`() async throws {
    try await withCases { lab in
      try await lab.psql(
        """
        DELETE FROM projection.line WHERE code = '75716';
        DELETE FROM projection.case c WHERE NOT EXISTS (
          SELECT FROM projection.line l WHERE l.case_id = c.case_id AND l.status = 'planned')
        """)
      let report = try await report(lab)
      #expect(report.verdict == .unbalanced)
      #expect(report.balance.caseCount < report.balance.chargedCaseCount + 1)
    }
  }

  @Test func `which cases are of no date, and leaves them out`() async throws {
    try await withCases { lab in
      try await lab.psql(
        """
        UPDATE projection.case SET service_date = NULL WHERE case_id IN (
          SELECT case_id FROM projection.line WHERE status = 'planned')
        """)
      let report = try await report(lab)
      #expect(report.balance.undatedCaseCount == 1)
      #expect(report.balance.caseCount == 2)
      #expect(report.verdict == .balanced)
    }
  }

  @Test func `that ledger and lines are of different positions`() async throws {
    try await withCases { lab in
      try await lab.psql(
        "SET ROLE cathlog_writer; UPDATE ledger.head SET position = position - 1")
      let report = try await report(lab)
      #expect(report.verdict == .unsettled)
      #expect(report.moment.linePosition == report.moment.ledgerPosition + 1)
    }
  }

  @Test func `that nothing is projected yet`() async throws {
    try await Lab.open { lab in
      try await lab.append(
        try CaseFiles.copy("three-separate-vessels", number: 1, patient: "pt-1"))
      let report = try await report(lab)
      #expect(report.balance.caseCount == 1)
      #expect(report.uncharged.first { $0.reason == .notProjected }?.cases.count == 1)
      #expect(report.verdict == .balanced)
    }
  }

  @Test func `that there is no such facility, or no such period`() async throws {
    try await Lab.open { lab in
      let now = try #require(Instant("2026-03-06T12:00:00Z"))
      let reconciler = lab.reconciler
      await #expect(throws: ReconciliationError.self) {
        try await reconciler.report(on: try #require(FacilityCode("elsewhere")), at: now)
      }
      await #expect(throws: ReconciliationError.self) {
        try await reconciler.report(
          on: lab.facility, from: CalendarDate("2026-03-02"), to: CalendarDate("2026-03-01"),
          at: now)
      }
      let yesterday = try await reconciler.report(on: lab.facility, at: now)
      #expect("\(yesterday.period.first)" == "2026-03-05")
      #expect(yesterday.period.first == yesterday.period.last)
    }
  }
}

@Suite struct `Reconciliations of generated histories` {
  /// Every year in which a case of the histories may be.
  private static let years = 2015...2026

  @Test(arguments: 0..<3) func `balance, whatever was recorded`(_ round: Int) async throws {
    let seed = Chance.seed &+ UInt64(round)
    try await Lab.open { lab in
      var chance = Chance(seed: seed)
      let events = try History.events(seed: seed)
      let runner = lab.runner(batchLimit: Int(chance.next() % 40) + 1)
      let half = Int(chance.next() % UInt64(events.count))
      try await lab.append(Array(events[..<half]))
      try await lab.project(runner)
      try await lab.append(Array(events[half...]))
      let unprojected = try await expectBalance(lab, seed)
      #expect(unprojected.linePosition < unprojected.logPosition || half == events.count)
      try await lab.project(runner)
      let end = try await expectBalance(lab, seed)
      #expect(end.linePosition == end.logPosition)
      try await runner.rebuild(facility: lab.facility) { _ in }
      _ = try await expectBalance(lab, seed)
    }
  }

  /// Looks at every year, and holds the sums against the tables themselves.
  private func expectBalance(_ lab: Lab, _ seed: UInt64) async throws -> ReconciledMoment {
    var units = 0
    var cases = 0
    var last: Reconciliation?
    for year in Self.years {
      let report = try await lab.reconciler.report(
        on: lab.facility, from: CalendarDate("\(year)-01-01"), to: CalendarDate("\(year)-12-31"),
        at: try #require(Instant("2027-01-01T12:00:00Z")))
      #expect(report.verdict == .balanced, "CATHLOG_SEED=\(seed), \(report.text())")
      #expect(report.differing.count == 0, "CATHLOG_SEED=\(seed)")
      #expect(report.codes.reduce(0) { $0 + $1.netUnits } == report.balance.ledgerUnits)
      #expect(report.codes.allSatisfy { $0.netUnits >= 0 && $0.unitsOverLimit <= $0.netUnits })
      units += report.balance.ledgerUnits
      cases +=
        report.balance.caseCount
        - (report.uncharged.first {
          $0.reason == .notProjected
        }?.cases.count ?? 0)
      last = report
    }
    let report = try #require(last)
    let lines = try await lab.psql(
      """
      SELECT coalesce(sum(l.units), 0) FROM projection.line l
      JOIN projection.checkpoint c USING (facility, generation)
      WHERE c.is_active AND l.status = 'billable'
      """)
    #expect("\(units)" == lines, "CATHLOG_SEED=\(seed)")
    let rows = try await lab.psql(
      """
      SELECT count(*) FROM projection.case p
      JOIN projection.checkpoint c USING (facility, generation) WHERE c.is_active
      """)
    #expect("\(cases + report.balance.undatedCaseCount)" == rows, "CATHLOG_SEED=\(seed)")
    return report.moment
  }
}
