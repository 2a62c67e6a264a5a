import Charges
import Procedures
import Testing

@Suite struct `The dates of a reconciliation` {
  static let today = "2026-03-05"

  @Test(
    arguments: [
      (nil, nil, "2026-03-04", "2026-03-04"), ("2026-03-01", nil, "2026-03-01", "2026-03-04"),
      ("2026-03-05", nil, "2026-03-05", "2026-03-05"),
      ("2026-03-09", nil, "2026-03-09", "2026-03-09"),
      (nil, "2026-02-11", "2026-02-11", "2026-02-11"),
      ("2026-02-01", "2026-02-28", "2026-02-01", "2026-02-28"),
    ] as [(String?, String?, String, String)])
  func `are those that are meant`(
    _ first: String?, _ last: String?, _ start: String, _ end: String
  ) throws {
    let period = try period(first, last)
    #expect("\(period.first)" == start)
    #expect("\(period.last)" == end)
  }

  @Test func `are at most a leap year, and never end before they begin`() throws {
    #expect(try period("2024-01-01", "2024-12-31").dayCount == ServicePeriod.dayLimit)
    #expect(throws: ServicePeriod.Fault.tooLong) { try period("2024-01-01", "2025-01-01") }
    #expect(throws: ServicePeriod.Fault.endsBeforeItBegins) {
      try period("2026-03-02", "2026-03-01")
    }
  }

  private func period(_ first: String?, _ last: String?) throws -> ServicePeriod {
    try ServicePeriod(
      from: first.flatMap { CalendarDate($0) }, to: last.flatMap { CalendarDate($0) },
      today: try #require(CalendarDate(Self.today)))
  }
}

@Suite struct `The verdict of a reconciliation` {
  @Test func `is that it balances where both sides agree`() throws {
    #expect(try ReconciliationSample.report().verdict == .balanced)
    #expect(try ReconciliationSample.report(isEmpty: true).verdict == .balanced)
  }

  @Test func `is that it does not where units, charges or cases differ`() throws {
    #expect(try ReconciliationSample.report(ledgerUnits: 8).verdict == .unbalanced)
    #expect(try ReconciliationSample.report(differs: true).verdict == .unbalanced)
    let whole = try ReconciliationSample.report()
    #expect(whole.with(caseCount: whole.balance.caseCount + 1).verdict == .unbalanced)
    #expect(whole.with(caseCount: whole.balance.caseCount - 1).verdict == .unbalanced)
    let unposted = UnchargedCase(try ReconciliationSample.subject(31), .notPosted)
    #expect(
      whole.with(
        caseCount: whole.balance.caseCount + 1,
        more: UnchargedCases(.notPosted, Listing(count: 1, [unposted]))
      ).verdict == .unbalanced)
  }

  @Test func `is put off while ledger and lines are of different positions`() throws {
    #expect(try ReconciliationSample.report(ledgerPosition: 400).verdict == .unsettled)
  }
}

extension Reconciliation {
  fileprivate func with(caseCount: Int, more: UnchargedCases? = nil) -> Reconciliation {
    Reconciliation(
      facility: facility, period: period, moment: moment,
      balance: ReconciledBalance(
        caseCount: caseCount, chargedCaseCount: balance.chargedCaseCount,
        partlyHeldCaseCount: balance.partlyHeldCaseCount, ledgerUnits: balance.ledgerUnits,
        lineUnits: balance.lineUnits, undatedCaseCount: balance.undatedCaseCount),
      uncharged: uncharged + (more.map { [$0] } ?? []), undocumented: undocumented,
      differing: differing, holds: holds, lag: lag, codes: codes, ledger: ledger)
  }
}

@Suite struct `Charge lag` {
  @Test(
    arguments: [
      ([3], 3, 3), ([0, 1], 0, 1), ([0, 0, 1, 9], 0, 9), ([5, 1, 4, 2, 3], 3, 5),
      ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 5, 9), ([-1, 0], -1, 0),
    ] as [([Int], Int, Int)])
  func `has percentiles that some case took`(_ days: [Int], _ median: Int, _ ninetieth: Int) throws
  {
    var lag = ChargeLag()
    for (number, days) in days.enumerated() {
      lag.add(try ReconciliationSample.subject(number), days: days)
    }
    #expect(lag.percentileDays(50) == median)
    #expect(lag.percentileDays(90) == ninetieth)
    #expect(lag.longestDays == days.max())
    let slowest = try ReconciliationSample.caseID(days.firstIndex(of: days.max() ?? 0) ?? 0)
    #expect(lag.slowest?.caseID == slowest)
    #expect(lag.histogram.reduce(0) { $0 + $1.cases } == days.count)
  }

  @Test(arguments: [
    (-4, "before"), (0, "0"), (1, "1"), (2, "2"), (3, "3"), (4, "4-7"), (7, "4-7"), (8, "8-14"),
    (14, "8-14"), (15, "15-30"), (30, "15-30"), (31, "over-30"), (4_000, "over-30"),
  ])
  func `is of a class`(_ days: Int, _ name: String) {
    #expect(ChargeLag.Class(days: days).rawValue == name)
  }

  @Test(arguments: [
    (0, "0-1"), (1, "0-1"), (2, "2-3"), (3, "2-3"), (4, "4-7"), (7, "4-7"), (8, "8-14"),
    (14, "8-14"), (15, "15-30"), (30, "15-30"), (31, "over-30"),
  ])
  func `and a hold is of an age`(_ days: Int, _ name: String) {
    #expect(HeldLines.Age(days: days).rawValue == name)
  }
}

@Suite struct `What clears a hold` {
  /// Cases on which the hold stands, of which guidance says the same without a vessel or a code.
  @Test(arguments: [
    (CaseScript().coded("75710"), HoldCode.caseNotSigned),
    (`Holds`.veins(7).complete(), .mueExceeded),
  ])
  func `is said as guidance says it`(_ script: CaseScript, _ hold: HoldCode) throws {
    let state = try script.state()
    let context = try CaseScript.collection([script]).context(of: state)
    let line = try #require(
      try script.derivation().lines.first { $0.holds.contains { $0.code.hold == hold } })
    let explained = try Explanation(of: line.code, in: state, context).lines
      .flatMap(\.holds).first { $0.finding.code.hold == hold }
    let remedy = try #require(explained?.remedies.first)
    let core = remedy.sentence.dropLast()
    #expect(hold.clearedBy.hasPrefix(core), "\(remedy.sentence)")
  }

  @Test func `is said of every hold, in a sentence`() {
    for hold in HoldCode.allCases { #expect(hold.clearedBy.hasSuffix(".")) }
  }
}
