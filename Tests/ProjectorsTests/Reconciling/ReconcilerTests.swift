import Charges
import Foundation
import Procedures
import Store
import Testing

@testable import Projectors

/// Cases of one day, one or two for every reason, and what must be said of them.
private struct Day {
  let lab: Lab
  let runner: ProjectorRunner
  private(set) var cases: [Int: CaseID] = [:]

  static let date = "2026-03-02"
  static let now = "2026-03-06T12:00:00Z"

  init(_ lab: Lab) {
    self.lab = lab
    runner = lab.runner(batchLimit: 7)
  }

  /// A copy of an acceptance case, of a patient of its own.
  private mutating func copy(
    _ name: String, _ number: Int, date: String? = nil
  ) throws -> [Event] {
    let events = try CaseFiles.copy(name, number: number, patient: "pt-\(number)", date: date)
    cases[number] = events[0].caseID
    return events
  }

  /// A signed case that is opened as another and then holds these entries alone.
  private mutating func signed(
    _ number: Int, _ entries: [(type: String, data: JSON)]
  ) throws -> [Event] {
    let opening = try copy("three-separate-vessels", number)[0]
    let rest =
      entries + [("case-closed", [:]), ("case-signed", ["signer": "dr-114", "meaning": "author"])]
    return [opening]
      + (try rest.map { try History.event(opening.caseID, $0.type, $0.data) })
  }

  private func release(_ hold: String, of number: Int) throws -> Event {
    try History.event(
      try #require(cases[number]), "hold-released",
      ["hold": .string(hold), "reason": "seen by the supervisor"])
  }

  mutating func record() async throws {
    let withheld = try copy("three-separate-vessels", 11)
    try await lab.psql(
      "SELECT ledger.withhold('general', ARRAY['\(withheld[0].caseID)']::uuid[], 'ad-1')")
    try await lab.append(try copy("three-separate-vessels", 1))
    try await lab.append(try copy("images-not-kept", 2))
    try await lab.append(try copy("images-not-kept", 3))
    try await lab.append([try release("images-not-stored", of: 3)])
    try await lab.append(try copy("not-signed", 4))
    try await lab.append(try copy("retracted-after-signing", 5))
    try await lab.append(try copy("no-primary", 6))
    try await lab.append(try signed(7, [("procedure-coded", ["code": "37221"])]))
    try await lab.append(try signed(8, []))
    try await lab.append(try copy("cancelled", 9))
    try await lab.append(try copy("not-signed", 10))
    try await lab.appendUnreadable(to: try #require(cases[10]))
    try await lab.append(withheld)
    try await lab.append(try copy("seven-veins", 12))
    try await lab.append([try release("mue-exceeded", of: 12)])
    try await lab.append(try copy("no-primary", 13, date: "2026-03-01"))
    try await lab.project(runner)
    try await lab.append(try copy("three-separate-vessels", 14))
  }

  func report(limit: Int = 100) async throws -> Reconciliation {
    try await lab.reconciler.report(
      on: lab.facility, from: CalendarDate(Self.date), to: CalendarDate(Self.date),
      at: try #require(Instant(Self.now)), listing: limit)
  }

  /// The numbers of cases.
  func numbers(_ listed: some Sequence<CaseID>) -> Set<Int> {
    Set(listed.compactMap { caseID in cases.first { $0.value == caseID }?.key })
  }

  func recordedAt(_ type: String, of number: Int) async throws -> Instant? {
    let text = try await lab.psql(
      """
      SELECT to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
      FROM log.event WHERE type = '\(type)' AND case_id = '\(try #require(cases[number]))'
      """)
    return Instant(text)
  }
}

extension Lab {
  var reconciler: Reconciler {
    Reconciler(pool: pool, ruleBooks: RuleBookLibrary(pool: pool, shipped: .standard))
  }
}

@Suite struct `A reconciliation of a day` {
  @Test func `accounts for every case, and to the unit`() async throws {
    try await Lab.open { lab in
      var day = Day(lab)
      try await day.record()
      let report = try await day.report()
      #expect(report.verdict == .balanced)
      #expect(
        report.balance
          == ReconciledBalance(
            caseCount: 13, chargedCaseCount: 4, partlyHeldCaseCount: 1, ledgerUnits: 17,
            lineUnits: 17, undatedCaseCount: 0))
      #expect(report.moment.isSettled)
      #expect(report.moment.logPosition == report.moment.linePosition + 8)
      #expect("\(report.moment.today)" == "2026-03-06")
      let reasons = Dictionary(
        uniqueKeysWithValues: report.uncharged.map { group in
          (group.reason, day.numbers(group.cases.elements.map(\.subject.caseID)))
        })
      #expect(
        reasons == [
          .notPosted: [], .held: [6], .notSigned: [4, 5], .derivationFailed: [10],
          .notProjected: [14], .excluded: [7], .nothingToCharge: [8], .cancelled: [9],
          .withheld: [11],
        ])
      for group in report.uncharged { #expect(group.cases.count == reasons[group.reason]?.count) }
      let held = try #require(report.uncharged.first { $0.reason == .held }?.cases.elements.first)
      #expect(held.holds == [.addOnWithoutPrimary])
      #expect("\(try #require(held.subject.serviceDate))" == Day.date)
      #expect(held.subject.operatingPhysician?.text == "dr-114")
      #expect(held.subject.room?.text == "Lab 2")
      let excluded = report.uncharged.first { $0.reason == .excluded }?.cases.elements.first
      #expect(excluded?.edits == [.codeNotActive])
      let failed = report.uncharged.first { $0.reason == .derivationFailed }?.cases.elements.first
      #expect(failed?.fault?.contains("position") == true)
    }
  }

  @Test func `says since when a case is not signed, and why`() async throws {
    try await Lab.open { lab in
      var day = Day(lab)
      try await day.record()
      let cases = try #require(
        try await day.report().uncharged.first { $0.reason == .notSigned }?.cases.elements)
      let closed = try #require(cases.first { day.numbers([$0.subject.caseID]) == [4] })
      #expect(closed.gap == .closed)
      #expect(closed.since == (try await day.recordedAt("case-closed", of: 4)))
      let changed = try #require(cases.first { day.numbers([$0.subject.caseID]) == [5] })
      #expect(changed.gap == .changed)
      #expect(changed.since == (try await day.recordedAt("entry-retracted", of: 5)))
    }
  }

  @Test func `finds the charges that stand by a person's word`() async throws {
    try await Lab.open { lab in
      var day = Day(lab)
      try await day.record()
      let report = try await day.report()
      let released = try #require(
        report.undocumented.first { $0.kind == .imagesNotStored }?.charges.elements)
      #expect(day.numbers(released.map(\.subject.caseID)) == [3])
      #expect(released.map(\.code.text) == ["37253"])
      #expect(released.map(\.units) == [1])
      #expect(released.map { $0.vessels.map(\.phrase) } == [["the left renal artery"]])
      #expect(released.map { $0.person?.text } == ["rn-204"])
      #expect(released.map(\.recordedAt) == [try await day.recordedAt("hold-released", of: 3)])
      let stated = try #require(
        report.undocumented.first { $0.kind == .statedAlone }?.charges.elements)
      #expect(day.numbers(stated.map(\.subject.caseID)) == [12])
      #expect(stated.map(\.code.text) == ["37238"])
      #expect(report.undocumented.first { $0.kind == .readingMissing }?.charges.count == 0)
      #expect(report.undocumented.map(\.units) == [1, 0, 1])
      #expect(report.differing.count == 0)
    }
  }

  @Test func `adds up holds by age, of earlier days too`() async throws {
    try await Lab.open { lab in
      var day = Day(lab)
      try await day.record()
      let holds = try await day.report().holds
      #expect(
        holds.map(\.hold) == [
          .caseNotSigned, .addOnWithoutPrimary, .imagesNotStored, .derivationFailed,
        ])
      #expect(
        holds.map(\.total) == [
          HeldLines.Count(lines: 4, cases: 2, units: 4),
          HeldLines.Count(lines: 4, cases: 2, units: 4),
          HeldLines.Count(lines: 1, cases: 1, units: 1), HeldLines.Count(cases: 1),
        ])
      for held in holds { #expect(held.byAge == [.toAWeek: held.total]) }
      let oldest = try #require(holds[1].oldest)
      #expect(day.numbers([oldest.case.caseID]) == [13])
      #expect(oldest.days == 5)
    }
  }

  @Test func `counts units by code, credits and excesses among them`() async throws {
    try await Lab.open { lab in
      var day = Day(lab)
      try await day.record()
      let report = try await day.report()
      let rows = report.codes.map { code in
        "\(code.code) +\(code.chargedUnits) -\(code.creditedUnits) =\(code.netUnits) "
          + "over \(code.unitsOverLimit) in \(code.caseCount)"
      }
      #expect(
        rows == [
          "37238 +1 -0 =1 over 0 in 1", "37252 +5 -1 =4 over 0 in 4",
          "37253 +10 -1 =9 over 1 in 3", "75710 +3 -1 =2 over 0 in 2",
          "75716 +1 -0 =1 over 0 in 1",
        ])
      #expect(report.codes.reduce(0) { $0 + $1.netUnits } == report.balance.ledgerUnits)
    }
  }

  @Test func `tells how long charges took`() async throws {
    try await Lab.open { lab in
      var day = Day(lab)
      try await day.record()
      let lag = try await day.report().lag
      let expected = try await lab.psql(
        """
        SELECT max((posted_at AT TIME ZONE 'America/New_York')::date - service_date)
        FROM ledger.entry
        """)
      #expect(lag.caseCount == 5)
      #expect(lag.longestDays.map(String.init) == expected)
      #expect(lag.histogram.reduce(0) { $0 + $1.cases } == 5)
      let signing = try #require(lag.signing)
      #expect(signing.caseCount == 5)
      #expect(signing.medianSeconds <= signing.ninetiethPercentileSeconds)
      #expect(signing.ninetiethPercentileSeconds <= signing.longestSeconds)
    }
  }

  @Test func `holds entries against acknowledgements`() async throws {
    try await Lab.open { lab in
      var day = Day(lab)
      try await day.record()
      let before = try await day.report().ledger
      #expect(before.last?.entry.number == 17)
      #expect(before.acknowledgement == nil)
      #expect(before.outstandingEntryCount == 17)
      #expect(before.outstandingChargedUnits == 20)
      #expect(before.outstandingCreditedUnits == 3)
      #expect(before.oldestOutstanding?.entry.number == 1)
      let epoch = try #require(before.epoch)
      try await lab.psql("SELECT ledger.acknowledge('general', '\(epoch)', 3, 'bi-31')")
      try await lab.psql("SELECT ledger.acknowledge('general', '\(epoch)', 17, 'bi-32')")
      let after = try await day.report().ledger
      #expect(after.acknowledgement?.through == EntryID(epoch: epoch, number: 17))
      #expect(after.acknowledgement?.person.text == "bi-32")
      #expect(after.outstandingEntryCount == 0)
      #expect(after.oldestOutstanding == nil)
      #expect(after.last == before.last)
    }
  }

  @Test func `lists no more than it may, and says how much is left out`() async throws {
    try await Lab.open { lab in
      var day = Day(lab)
      try await day.record()
      let whole = try await day.report()
      for limit in [0, 1] {
        let report = try await day.report(limit: limit)
        #expect(report.balance == whole.balance)
        #expect(report.uncharged.map(\.cases.count) == whole.uncharged.map(\.cases.count))
        #expect(report.uncharged.allSatisfy { $0.cases.elements.count <= limit })
        let unsigned = try #require(report.uncharged.first { $0.reason == .notSigned })
        #expect(unsigned.cases.leftOutCount == 2 - limit)
        #expect(report.undocumented.map(\.units) == whole.undocumented.map(\.units))
        #expect(report.codes == whole.codes)
      }
    }
  }
}
