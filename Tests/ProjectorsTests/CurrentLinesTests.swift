import Charges
import Procedures
import Store
import Testing

@testable import Projectors

@Suite struct `Current lines` {
  @Test func `of the acceptance cases are what the files derive to`() async throws {
    try await Lab.open { lab in
      let events = CaseFiles.interleaved(
        try CaseFiles.names().map { try CaseFiles.events($0) }, seed: Chance.seed)
      try await lab.append(events)
      let runner = lab.runner(batchLimit: 7)
      try await lab.project(runner)
      let expected = try CaseFiles.derivations(events)
      #expect(expected.count == Set(events.map(\.caseID)).count)
      #expect(try await lab.documents() == expected, "CATHLOG_SEED=\(Chance.seed)")
      try await lab.expectWhole(runner)
    }
  }

  @Test func `are the same however the log is cut into batches`() async throws {
    try await Lab.open { lab in
      try await lab.append(try History.events(seed: Chance.seed))
      var digests: [[UInt8]] = []
      var chance = Chance(seed: Chance.seed)
      let cuts = [1, 2, 10_000] + (0..<3).map { _ in Int(chance.next() % 40) + 3 }
      for (number, batchLimit) in cuts.enumerated() {
        try await lab.psql("DELETE FROM projection.case; DELETE FROM projection.line")
        try await lab.psql("DELETE FROM projection.held; DELETE FROM projection.checkpoint")
        // Without room in its cache, every other runner reads the log for each case.
        let runner = lab.runner(
          batchLimit: batchLimit, caseLimit: 3, cachedEntryLimit: number % 2 == 0 ? 50_000 : 0)
        try await lab.project(runner)
        digests.append(try await runner.digest(of: lab.facility).bytes)
        if number == 0 { try await lab.expectWhole(runner) }
      }
      #expect(Set(digests).count == 1, "CATHLOG_SEED=\(Chance.seed), batches of \(cuts)")
    }
  }

  @Test func `see other sessions of the patient's day, and see them go`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner()
      let first = try CaseFiles.copy("three-separate-vessels", number: 1, patient: "pt-1")
      let second = try CaseFiles.copy("three-separate-vessels", number: 2, patient: "pt-1")
      try await lab.append(first)
      try await lab.project(runner)
      let alone = try await lab.documents()
      #expect(try await lab.held(.sameDaySession).isEmpty)
      try await lab.append(second)
      try await lab.project(runner)
      #expect(try await lab.held(.sameDaySession) == [first[0].caseID, second[0].caseID])
      try await lab.append([try History.cancelled(second[0].caseID)])
      try await lab.project(runner)
      #expect(try await lab.held(.sameDaySession).isEmpty)
      #expect(try await lab.documents()[first[0].caseID] == alone[first[0].caseID])
      try await lab.expectWhole(runner)
    }
  }

  @Test func `follow a patient who turns out to be another`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner()
      let first = try CaseFiles.copy("three-separate-vessels", number: 1, patient: "pt-1")
      let second = try CaseFiles.copy("three-separate-vessels", number: 2, patient: "pt-2")
      try await lab.append(first + second)
      try await lab.project(runner)
      #expect(try await lab.held(.sameDaySession).isEmpty)
      try await lab.append([try History.identified(second[0].caseID, patient: "pt-1")])
      try await lab.project(runner)
      #expect(try await lab.held(.sameDaySession) == [first[0].caseID, second[0].caseID])
      try await lab.append([try History.identified(first[0].caseID, patient: "pt-3")])
      try await lab.project(runner)
      #expect(try await lab.held(.sameDaySession).isEmpty)
      try await lab.expectWhole(runner)
    }
  }

  @Test func `follow a policy that the facility assigns to their payer from a date`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner(caseLimit: 1)
      let name = "scai-common-femoral-profunda"
      let paid = try CaseFiles.copy(name, number: 1, patient: "pt-1", payer: "plan-a")
      let paidToo = try CaseFiles.copy(name, number: 2, patient: "pt-2", payer: "plan-a")
      let other = try CaseFiles.copy(name, number: 3, patient: "pt-3", payer: "plan-b")
      try await lab.append(paid + paidToo + other)
      try await lab.project(runner)
      let before = try await lab.documents()
      for (from, policy) in [("2026-12-01", "named-vessel"), ("2026-01-01", "scai-2026")] {
        try await lab.append([
          try lab.facilityEvent(
            "payer-policy-assigned",
            ["payer": "plan-a", "policy": "scai-2026", "from": .string(from)])
        ])
        try await lab.project(runner)
        let entries = try await lab.charges.worklist(in: lab.facility).elements
        #expect(entries.filter { $0.groupingPolicy.text == policy }.count >= 2, "\(from)")
      }
      let after = try await lab.documents()
      #expect(after[paid[0].caseID] != before[paid[0].caseID])
      #expect(after[paidToo[0].caseID] != before[paidToo[0].caseID])
      #expect(after[other[0].caseID] == before[other[0].caseID])
      try await lab.expectWhole(runner)
    }
  }
}

extension Lab {
  /// The cases on one of whose lines a hold stands.
  func held(_ hold: HoldCode) async throws -> Set<CaseID> {
    let filter = LineFilter(hold: hold)
    return Set(
      try await charges.lineItems(in: facility, filter: filter, limit: 1_000).elements
        .map(\.caseID))
  }
}
