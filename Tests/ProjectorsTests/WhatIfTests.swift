import Charges
import Procedures
import Store
import Testing

@testable import Projectors

@Suite struct `What if` {
  /// Every case that differs, and what all come to.
  private func compare(
    _ lab: Lab, _ supposition: Supposition, caseLimit: Int = 200, workerCount: Int = 1,
    dates: (CalendarDate?, CalendarDate?) = (nil, nil)
  ) async throws -> ([DerivationComparison], ComparisonTotals) {
    var changed: [DerivationComparison] = []
    let totals = try await WhatIf(pool: lab.pool, ruleBook: .standard, caseLimit: caseLimit)
      .compare(
        lab.facility, supposing: supposition, dates: dates, workerCount: workerCount,
        onDifference: { changed.append($0) })
    return (changed, totals)
  }

  /// Each case as it is and as it is replayed under a policy.
  private func expected(
    _ lab: Lab, _ policy: GroupingPolicyName
  ) async throws
    -> [DerivationComparison]
  {
    var comparisons: [DerivationComparison] = []
    for caseID in try await lab.caseIDs().sorted() {
      let before = try await lab.replay.replay(caseID, in: lab.facility)
      let after = try await lab.replay.replay(
        caseID, in: lab.facility, under: RuleChoice(policy: policy))
      comparisons.append(
        DerivationComparison(
          before.derivation, after.derivation, setting: before.state.opening?.setting,
          ruleBooks: (.standard, .standard)))
    }
    return comparisons
  }

  @Test(arguments: [(1, 1), (1, 4), (3, 2), (200, 1)])
  func `another policy held is what a replay of every case says, however it is cut`(
    _ caseLimit: Int, _ workerCount: Int
  ) async throws {
    try await Lab.open { lab in
      try await lab.append(try History.events(seed: Chance.seed))
      try await lab.project(lab.runner())
      for policy in RuleBook.standard.policies {
        let expected = try await expected(lab, policy)
        let (changed, totals) = try await compare(
          lab, Supposition(policy: policy), caseLimit: caseLimit, workerCount: workerCount)
        #expect(changed == expected.filter(\.isChanged), "CATHLOG_SEED=\(Chance.seed)")
        #expect(
          totals == expected.reduce(into: ComparisonTotals()) { $0.add($1) },
          "CATHLOG_SEED=\(Chance.seed)")
      }
    }
  }

  /// Events that need no pseudonym: the log gives one to each patient only as it stores them.
  private func isPlain(_ event: Event) -> Bool {
    ![.caseOpened, .patientIdentified].contains(event.type)
  }

  @Test func `events were recorded is what recording them makes of every case`() async throws {
    try await Lab.open { lab in
      let events = try History.events(seed: Chance.seed)
      let cut = events.count / 2
      let first = events[..<cut] + events[cut...].filter { !isPlain($0) }
      // An identification that now comes earlier finds its case open, as its opening does too.
      try await lab.append(
        first.filter { $0.type == .caseOpened } + first.filter { $0.type != .caseOpened })
      let rest = events[cut...].filter(isPlain)
      try await lab.project(lab.runner())
      var before: [CaseID: ReplayedCase] = [:]
      for caseID in try await lab.caseIDs() {
        before[caseID] = try await lab.replay.replay(caseID, in: lab.facility)
      }
      let (changed, totals) = try await compare(lab, Supposition(events: rest))
      #expect(totals.changedCaseCount == changed.count)

      try await lab.append(rest)
      try await lab.project(lab.runner())
      var expected: [DerivationComparison] = []
      for caseID in before.keys.sorted() {
        let known = try #require(before[caseID])
        let after = try await lab.replay.replay(caseID, in: lab.facility)
        expected.append(
          DerivationComparison(
            known.derivation, after.derivation, setting: known.state.opening?.setting,
            ruleBooks: (.standard, .standard)))
      }
      #expect(changed == expected.filter(\.isChanged), "CATHLOG_SEED=\(Chance.seed)")
    }
  }

  @Test func `a correction were made looks at its case and its day alone`() async throws {
    try await Lab.open { lab in
      for number in 1...4 {
        try await lab.append(
          try CaseFiles.copy(
            "three-separate-vessels", number: number, patient: number == 4 ? "pt-2" : "pt-1"))
      }
      try await lab.project(lab.runner())
      let events = try CaseFiles.copy("three-separate-vessels", number: 1, patient: "pt-1")
      let images = events.filter { $0.type == .imageAcquired }
      let retractions = try images.map { image in
        var event = try History.event(
          image.caseID, "entry-retracted",
          ["entry": .string(image.id.description), "reason": "another patient's"])
        event.reason = .clear("late")
        return event
      }
      let (changed, totals) = try await compare(
        lab, Supposition(events: retractions), caseLimit: 2)
      // The other two of the patient's day still have each other.
      #expect(totals.caseCount == 3)
      #expect(changed.map(\.caseID) == [events[0].caseID])
      let line = try #require(changed.first?.changes.first { $0.code.text == "37253" })
      #expect([line.before.units, line.after.units] == [2, 0])
    }
  }

  @Test func `an identification were made tells both cases of the day`() async throws {
    try await Lab.open { lab in
      let first = try CaseFiles.copy("three-separate-vessels", number: 1, patient: "pt-1")
      let second = try CaseFiles.copy("three-separate-vessels", number: 2, patient: "pt-2")
      try await lab.append(first + second)
      try await lab.project(lab.runner())
      let patient = try #require(
        try await lab.replay.replay(first[0].caseID, in: lab.facility).state.patient)
      let (changed, _) = try await compare(
        lab,
        Supposition(
          events: [try History.identified(second[0].caseID, patient: patient.text)]),
        caseLimit: 1)
      #expect(changed.map(\.caseID) == [first[0].caseID, second[0].caseID])
      #expect(
        changed.allSatisfy { comparison in
          comparison.changes.contains { $0.status == .planned && $0.after.units > 0 }
        })
    }
  }

  @Test func `a payer were assigned a policy touches the payer's cases`() async throws {
    try await Lab.open { lab in
      for (number, payer) in [(1, "plan-1"), (2, "plan-2")] {
        try await lab.append(
          try CaseFiles.copy(
            "sir-leg-veins", number: number, patient: "pt-\(number)", payer: payer))
      }
      try await lab.project(lab.runner())
      let assigned = try History.event(
        .zero, "payer-policy-assigned",
        ["payer": "plan-2", "policy": "sir", "from": "2026-01-01"])
      let (changed, totals) = try await compare(lab, Supposition(events: [assigned]))
      #expect(totals.caseCount == 2)
      let caseID = try CaseFiles.copy("sir-leg-veins", number: 2, patient: "pt-2")[0].caseID
      #expect(changed.map(\.caseID) == [caseID])
    }
  }

  @Test func `a case were there that is not has no before`() async throws {
    try await Lab.open { lab in
      try await lab.append(
        try CaseFiles.copy("three-separate-vessels", number: 1, patient: "pt-1"))
      try await lab.project(lab.runner())
      let events = try CaseFiles.copy("three-separate-vessels", number: 2, patient: "pt-2")
      let (changed, totals) = try await compare(lab, Supposition(events: events))
      #expect(changed.map(\.caseID) == [events[0].caseID])
      #expect(changed[0].lines.allSatisfy { $0.before.units == 0 && $0.after.units > 0 })
      #expect(totals.failedBeforeCount == 0)
      let earlier = CalendarDate("2025-12-31")
      let (none, nothing) = try await compare(
        lab, Supposition(events: events), dates: (nil, earlier))
      #expect(none.isEmpty)
      #expect(nothing.caseCount == 0)
    }
  }

  @Test(arguments: [
    (nil, nil, 2), ("2026-01-01", nil, 1), (nil, "2025-12-31", 1), ("2019-01-01", "2019-12-31", 1),
    ("2020-01-01", "2020-12-31", 0),
  ])
  func `a range of dates holds the cases of its first and last day`(
    _ first: String?, _ last: String?, _ count: Int
  ) async throws {
    try await Lab.open { lab in
      try await lab.append(
        try CaseFiles.events("three-separate-vessels") + CaseFiles.events("fistula-2019"))
      try await lab.project(lab.runner())
      let (_, totals) = try await compare(
        lab, Supposition(policy: GroupingPolicyName("sir")),
        dates: (first.flatMap { CalendarDate($0) }, last.flatMap { CalendarDate($0) }))
      #expect(totals.caseCount == count)
    }
  }

  @Test func `nothing can be supposed that the log would refuse`() async throws {
    try await Lab.open { lab in
      let events = try CaseFiles.events("three-separate-vessels")
      try await lab.append(events)
      try await lab.project(lab.runner())
      let second = try History.event(
        events[0].caseID, "entry-retracted",
        ["entry": .string(CaseID.zero.description), "reason": "x"])
      await #expect {
        _ = try await compare(
          lab, Supposition(events: [try History.cancelled(events[0].caseID), second]))
      } throws: { error in
        guard case WhatIfError.refused(let refusal, 1) = error else { return false }
        return refusal.code == .caseCancelled
      }
      await #expect {
        _ = try await compare(lab, Supposition(policy: GroupingPolicyName("none-such")))
      } throws: { error in
        guard case WhatIfError.policyUnknown(_, let known) = error else { return false }
        return known == RuleBook.standard.policies
      }
      let many = Array(repeating: second, count: Supposition.eventLimit + 1)
      await #expect {
        _ = try await compare(lab, Supposition(events: many))
      } throws: { error in
        guard case WhatIfError.tooManyEvents = error else { return false }
        return true
      }
    }
  }

  @Test func `waits for what is not projected yet`() async throws {
    try await Lab.open { lab in
      try await lab.append(try CaseFiles.events("three-separate-vessels"))
      await #expect {
        _ = try await compare(lab, Supposition(policy: GroupingPolicyName("sir")))
      } throws: { error in
        guard case WhatIfError.projectionBehind = error else { return false }
        return true
      }
    }
  }

  @Test func `writes nothing`() async throws {
    try await Lab.open { lab in
      try await lab.append(try CaseFiles.events("three-separate-vessels"))
      try await lab.project(lab.runner())
      let before = try await lab.documents()
      let end = try await lab.end()
      let cancelled = try History.cancelled(try #require(before.keys.first))
      _ = try await compare(
        lab, Supposition(policy: GroupingPolicyName("sir"), events: [cancelled]))
      #expect(try await lab.documents() == before)
      #expect(try await lab.end() == end)
    }
  }
}
