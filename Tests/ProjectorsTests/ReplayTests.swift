import Charges
import Procedures
import Store
import Testing

@testable import Projectors

@Suite struct `A replay` {
  @Test func `at the end of the log is what is current, for every case`() async throws {
    try await Lab.open { lab in
      try await lab.append(try History.events(seed: Chance.seed))
      try await lab.project(lab.runner())
      for (caseID, document) in try await lab.documents() {
        let replayed = try await lab.replay.replay(caseID, in: lab.facility)
        #expect(
          replayed.derivation.json.compactText == document, "CATHLOG_SEED=\(Chance.seed)")
      }
    }
  }

  @Test func `at a version is what was current at its position`() async throws {
    try await Lab.open { lab in
      let events = Array(try History.events(seed: Chance.seed).prefix(80))
      try await lab.append(events)
      let runner = lab.runner(batchLimit: 1)
      var was: [(row: LogRow, document: [UInt8])] = []
      for row in try await lab.store.rows(of: lab.facility, after: 0, limit: 1_000) {
        _ = try await runner.applyNext(in: lab.facility)
        guard row.caseID != .zero else { continue }
        let current = try await lab.charges.currentCase(row.caseID, in: lab.facility)
        was.append((row, try #require(current).document))
      }
      for (row, document) in was {
        let replayed = try await lab.replay.replay(
          row.caseID, in: lab.facility, at: .version(row.version))
        #expect(replayed.position == row.position)
        #expect(replayed.derivation.json.bytes == document, "CATHLOG_SEED=\(Chance.seed)")
        let byTime = try await lab.replay.replay(
          row.caseID, in: lab.facility, at: .recorded(row.recordedAt))
        #expect(byTime.position >= row.position)
      }
    }
  }

  @Test func `steps add up to the lines, and tell what came from elsewhere`() async throws {
    try await Lab.open { lab in
      let first = try CaseFiles.copy("three-separate-vessels", number: 1, patient: "pt-1")
      let second = try CaseFiles.copy("three-separate-vessels", number: 2, patient: "pt-1")
      try await lab.append(first + second)
      try await lab.project(lab.runner())
      let replayed = try await lab.replay.replay(first[0].caseID, in: lab.facility)
      var lines: [LineItem] = []
      for step in replayed.steps {
        for line in step.removed { lines.remove(at: try #require(lines.firstIndex(of: line))) }
        lines += step.added
      }
      #expect(Set(lines) == Set(replayed.derivation.lines))
      let own = replayed.steps.filter { if case .own = $0.origin { true } else { false } }
      #expect(own.map(\.eventID) == first.map(\.id))
      #expect(own.first?.phaseBefore == .unknown)
      #expect(own.last?.phaseAfter == .signed)
      // The second session counts a vessel with its first image, and again changes nothing.
      let elsewhere = replayed.steps.filter { $0.origin == .otherCase(second[0].caseID) }
      #expect(elsewhere.map(\.type) == ["image-acquired"])
      let alone = try await lab.replay.replay(
        first[0].caseID, in: lab.facility, at: .version(Int64(first.count)))
      #expect(alone.derivation.lines.allSatisfy { $0.status == .billable })
    }
  }

  @Test func `by occurrence takes what had happened, as it is known today`() async throws {
    try await Lab.open { lab in
      let events = try CaseFiles.events("three-separate-vessels")
      try await lab.append(events)
      let image = try #require(events.lastIndex { $0.type == .imageAcquired })
      for count in 1...image {
        let replayed = try await lab.replay.replay(
          events[0].caseID, in: lab.facility, at: .occurred(events[count].occurredAt))
        #expect(replayed.state.entries.map(\.id) == events[...count].map(\.id))
        #expect(replayed.heldBecause == nil)
      }
    }
  }

  @Test func `sees a session that is not projected yet`() async throws {
    try await Lab.open { lab in
      let first = try CaseFiles.copy("three-separate-vessels", number: 1, patient: "pt-1")
      let second = try CaseFiles.copy("three-separate-vessels", number: 2, patient: "pt-1")
      try await lab.append(first)
      try await lab.project(lab.runner())
      try await lab.append(second)
      let replayed = try await lab.replay.replay(first[0].caseID, in: lab.facility)
      #expect(
        replayed.derivation.lines.contains { $0.holds.contains { $0.code == .sameDaySession } })
    }
  }

  @Test func `goes by a policy that is given, and refuses one that is not known`() async throws {
    try await Lab.open { lab in
      for name in try CaseFiles.names() {
        let events = try CaseFiles.events(name)
        try await lab.append(events)
      }
      let all = try CaseFiles.names().flatMap { try CaseFiles.events($0) }
      for policy in RuleBook.standard.policies {
        var collection = CaseCollection(ruleBook: .standard)
        for line in try CaseFiles.lines(all) { try collection.add(line) }
        for derivation in collection.derivations(policy: policy) {
          let replayed = try await lab.replay.replay(
            derivation.caseID, in: lab.facility,
            under: RuleChoice(ruleBook: .edition(RuleBook.standard.edition), policy: policy))
          #expect(replayed.derivation == derivation)
        }
      }
      let caseID = all[0].caseID
      await #expect {
        _ = try await lab.replay.replay(
          caseID, in: lab.facility, under: RuleChoice(policy: GroupingPolicyName("none-such")))
      } throws: { error in
        guard case ReplayError.policyUnknown(_, let known) = error else { return false }
        return known == RuleBook.standard.policies
      }
      await #expect {
        _ = try await lab.replay.replay(
          caseID, in: lab.facility, under: RuleChoice(ruleBook: RuleBookName("1999.1")))
      } throws: { error in
        guard case ReplayError.ruleBook(.unknown(_, let known)) = error else { return false }
        return known.first == RuleBook.standard.edition
      }
    }
  }

  @Test func `of a case without an event at that moment is refused`() async throws {
    try await Lab.open { lab in
      let events = try CaseFiles.events("three-separate-vessels")
      try await lab.append(events)
      let long = Instant(microseconds: 0)
      for (caseID, moment) in [
        (CaseID(high: 9, low: 9), Moment.now), (events[0].caseID, .version(0)),
        (events[0].caseID, .recorded(long)), (events[0].caseID, .occurred(long)),
        (CaseID.zero, .now),
      ] {
        await #expect {
          _ = try await lab.replay.replay(caseID, in: lab.facility, at: moment)
        } throws: { error in
          guard case ReplayError.caseUnknown = error else { return false }
          return true
        }
      }
    }
  }
}
