import Charges
import Foundation
import Procedures
import Store
import Testing

@testable import Projectors

@Suite struct `The ledger` {
  /// A signed case of three vessels: its events, and what signing it enters.
  private func billed(
    _ lab: Lab, _ name: String = "three-separate-vessels", number: Int = 1, patient: String = "pt-1"
  ) async throws -> CaseID {
    let events = try CaseFiles.copy(name, number: number, patient: patient)
    try await lab.append(events)
    return events[0].caseID
  }

  /// What each batch of events enters, projected after it.
  private func entered(
    _ lab: Lab, of caseID: CaseID, by changes: [[Event]]
  ) async throws -> [[String]] {
    let runner = lab.runner()
    try await lab.project(runner)
    var seen = 0
    var steps: [[String]] = []
    for change in [[]] + changes {
      try await lab.append(change)
      try await lab.project(runner)
      let rows = try await lab.ledger(of: caseID)
      steps.append(rows.dropFirst(seen).map(\.description))
      seen = rows.count
    }
    try await lab.expectWholeLedger()
    try await lab.expectWhole(runner)
    return steps
  }

  private func signed(_ caseID: CaseID) throws -> Event {
    try History.event(caseID, "case-signed", ["signer": "md-1", "meaning": "author"])
  }

  private func retracted(_ caseID: CaseID, _ entry: EventID) throws -> Event {
    try History.event(
      caseID, "entry-retracted", ["entry": .string(entry.description), "reason": "wrong"])
  }

  private func late(_ event: Event) -> Event {
    var event = event
    event.reason = .clear("late")
    return event
  }

  // Typed, because a literal may be JSON, too, and the compiler would try each.
  private func expect(
    _ steps: [[String]], are expected: [[String]],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(steps == expected, sourceLocation: sourceLocation)
  }

  private static let charged: [String] = ["+37252×1", "+37253×2", "+75716×1"]
  private static let credited: [String] = ["-37252×1", "-37253×2", "-75716×1"]
  private static let chargedAndCredited: [String] = charged + credited
  private static let chargedAnew: [String] = credited + charged

  @Test func `enters a case when it is signed, and nothing before`() async throws {
    try await Lab.open { lab in
      let events = try CaseFiles.copy("three-separate-vessels", number: 1, patient: "pt-1")
      let runner = lab.runner(batchLimit: 1)
      for event in events {
        #expect(try await lab.ledger().isEmpty)
        try await lab.append([event])
        try await lab.project(runner)
      }
      let rows = try await lab.ledger()
      #expect(rows.map(\.description) == Self.charged)
      #expect(Set(rows.map(\.position)) == [try await lab.end()])
      let charge = try #require(Charge(try JSON.read(Array(rows[1].document.utf8))))
      #expect(charge.patient != nil)
      #expect(charge.counted.count == 2)
      #expect(charge.entries.count == 2)
      #expect(charge.serviceDate.description == "2026-03-02")
    }
  }

  @Test func `credits whole what a retraction changes, and charges anew`() async throws {
    try await Lab.open { lab in
      let events = try CaseFiles.copy("three-separate-vessels", number: 1, patient: "pt-1")
      try await lab.append(events)
      let caseID = events[0].caseID
      let image = try #require(events.last { $0.type == .imageAcquired })
      let steps = try await entered(
        lab, of: caseID,
        by: [[try retracted(caseID, image.id)], [try signed(caseID)]])
      try await lab.expectSums(of: caseID)
      expect(steps, are: [Self.charged, Self.credited, ["+37252×1", "+37253×1", "+75716×1"]])
      let rows = try await lab.ledger()
      #expect(rows[3..<6].map(\.creditOf) == [1, 2, 3])
      #expect(rows[3..<6].map(\.document) == rows[..<3].map(\.document))
    }
  }

  @Test func `credits what is reopened, and charges it when it is signed again`() async throws {
    try await Lab.open { lab in
      let caseID = try await billed(lab)
      let reopened = try History.event(caseID, "case-reopened", ["reason": "one more look"])
      let steps = try await entered(lab, of: caseID, by: [[reopened], [try signed(caseID)]])
      try await lab.expectSums(of: caseID)
      expect(steps, are: [Self.charged, Self.credited, Self.charged])
    }
  }

  @Test func `credits a case that is cancelled`() async throws {
    try await Lab.open { lab in
      let caseID = try await billed(lab)
      let steps = try await entered(lab, of: caseID, by: [[try History.cancelled(caseID)]])
      try await lab.expectSums(of: caseID)
      expect(steps, are: [Self.charged, Self.credited])
    }
  }

  @Test func `credits a case that can no longer be read`() async throws {
    try await Lab.open { lab in
      let caseID = try await billed(lab)
      let runner = lab.runner()
      try await lab.project(runner)
      try await lab.appendUnreadable(to: caseID)
      try await lab.project(runner)
      #expect(
        try await lab.ledger().map(\.description) == Self.chargedAndCredited)
      try await lab.expectWholeLedger()
    }
  }

  @Test func `charges a line when its hold is released, and credits it when the hold returns`()
    async throws
  {
    try await Lab.open { lab in
      let caseID = try await billed(lab, "seven-veins")
      let release = try History.event(
        caseID, "hold-released", ["hold": "mue-exceeded", "code": "37253", "reason": "seen"])
      let steps = try await entered(
        lab, of: caseID, by: [[release], [try retracted(caseID, release.id)]])
      try await lab.expectSums(of: caseID)
      #expect(steps[0].contains("+37252×1"))
      #expect(!steps[0].contains { $0.contains("37253") })
      expect(Array(steps[1...]), are: [["+37253×6"], ["-37253×6"]])
    }
  }

  @Test func `credits the earlier case of a day when the later one brings a hold`() async throws {
    try await Lab.open { lab in
      let first = try await billed(lab)
      let later = try CaseFiles.copy("three-separate-vessels", number: 2, patient: "pt-1")
      let steps = try await entered(lab, of: first, by: [later])
      #expect(steps[0] == Self.charged)
      #expect(!steps[1].isEmpty)
      #expect(steps[1].allSatisfy { $0.hasPrefix("-3725") })
      // At the event that brought it, long before the later case was signed.
      let credit = try #require(try await lab.ledger(of: first).last)
      #expect(credit.position < (try await lab.end()))
    }
  }

  @Test func `charges anew whom and for what, when that is corrected`() async throws {
    try await Lab.open { lab in
      let caseID = try await billed(lab)
      let steps = try await entered(
        lab, of: caseID,
        by: [
          [try History.identified(caseID, patient: "pt-9")],
          [try History.event(caseID, "diagnosis-coded", ["codes": ["I70.213"]])],
        ])
      try await lab.expectSums(of: caseID)
      expect(steps, are: [Self.charged, Self.chargedAnew, Self.chargedAnew])
      let charges = try await lab.ledger().map { row in
        try #require(Charge(try JSON.read(Array(row.document.utf8))))
      }
      #expect(charges[0].patient != charges[8].patient)
      #expect(charges[8].patient == charges[14].patient)
      let charge = charges[14]
      #expect(charge.diagnoses.map(\.text).contains("I70.213"))
    }
  }

  @Test func `enters nothing for what changes no claim`() async throws {
    try await Lab.open { lab in
      let caseID = try await billed(lab)
      let steps = try await entered(
        lab, of: caseID,
        by: [
          [try History.event(caseID, "note-recorded", ["kind": "tech", "text": "calm"])],
          [late(try History.event(caseID, "room-changed", ["room": "Lab 9"]))],
          [try signed(caseID)],
          [
            try lab.facilityEvent(
              "person-registered",
              ["person": "md-1", "name": "Dr A", "roles": ["physician"], "npi": "1234567893"])
          ],
        ])
      try await lab.expectSums(of: caseID)
      expect(steps, are: [Self.charged, [], [], [], []])
    }
  }

  @Test func `posts at once what an adopted book makes of cases, whatever the pages`() async throws
  {
    for caseLimit in [1, 200] {
      try await Lab.open { lab in
        let runner = lab.runner(caseLimit: caseLimit)
        // Two vessels by name, one by SIR.
        let cases = try (1...3).map {
          try CaseFiles.copy("sir-leg-veins", number: $0, patient: "pt-\($0)")
        }
        for events in cases {
          try await lab.append(events + [try signed(events[0].caseID)])
        }
        try await lab.project(runner)
        let before = try await lab.ledger()
        #expect(before.contains { $0.code == "37253" })
        try await lab.adopt(try SiteBooks.groupingBySIR(), from: "2026-03-01")
        try await lab.project(runner)
        let position = try await lab.end()
        let posted = try await lab.ledger().dropFirst(before.count)
        #expect(!posted.isEmpty)
        #expect(posted.allSatisfy { $0.position == position })
        for events in cases {
          let own = posted.filter { $0.caseID == events[0].caseID }
          #expect(own.contains { $0.description.hasPrefix("-37253") })
          try await lab.expectSums(of: events[0].caseID)
        }
        try await lab.adopt(try SiteBooks.groupingBySIR(), from: "2026-03-01")
        try await lab.project(runner)
        #expect(try await lab.ledger().count == before.count + posted.count)
        try await lab.expectWholeLedger()
      }
    }
  }

  @Test func `posts once what a book changes between cases of one day`() async throws {
    for caseLimit in [1, 200] {
      try await Lab.open { lab in
        let runner = lab.runner(caseLimit: caseLimit)
        let cases = try (1...3).map {
          try CaseFiles.copy("three-separate-vessels", number: $0, patient: "pt-1")
        }
        try await lab.append(cases.flatMap(\.self))
        try await lab.project(runner)
        for book in [try SiteBooks.countingOCT(), RuleBook.standard] {
          let before = try await lab.ledger().count
          try await lab.adopt(book, from: "2026-01-01")
          try await lab.project(runner)
          for entries in Dictionary(
            grouping: try await lab.ledger().dropFirst(before), by: \.caseID
          ).values {
            // No line is charged and credited at one event.
            let charges = entries.filter { $0.creditOf == nil }.map(\.number)
            #expect(Set(charges).isDisjoint(with: entries.compactMap(\.creditOf)))
          }
          try await lab.expectWholeLedger()
        }
        for events in cases { try await lab.expectSums(of: events[0].caseID) }
      }
    }
  }

  @Test func `keeps out a case that is withheld, whatever becomes of it`() async throws {
    try await Lab.open { lab in
      let events = try CaseFiles.copy("three-separate-vessels", number: 1, patient: "pt-1")
      let caseID = events[0].caseID
      let withheld = WithheldCases(pool: lab.pool)
      let person = try #require(PersonCode("ad-1"))
      #expect(try await withheld.withhold([caseID], in: lab.facility, by: person).isEmpty)
      let other = try await billed(lab, number: 2, patient: "pt-2")
      let steps = try await entered(
        lab, of: caseID,
        by: [events, [try retracted(caseID, events[events.count - 3].id)], [try signed(caseID)]])
      expect(steps, are: [[], [], [], []])
      #expect(try await lab.ledger(of: other).map(\.description) == Self.charged)
      #expect(
        try await withheld.withhold([caseID, other], in: lab.facility, by: person) == [other])
      #expect(
        try await withheld.withheld(among: [caseID, other], in: lab.facility) == [caseID])
    }
  }

  @Test func `is not rebuilt with the lines`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner(batchLimit: 3, caseLimit: 2)
      let events = try History.events(seed: Chance.seed)
      let half = events.count / 2
      let halves: [[Event]] = [Array(events[..<half]), Array(events[half...])]
      for part in halves {
        try await lab.append(part)
        try await runner.rebuild(facility: lab.facility) { _ in }
        let before = try await lab.ledger()
        try await lab.runner(batchLimit: 7).rebuild(facility: lab.facility) { _ in }
        #expect(try await lab.ledger() == before)
      }
      try await lab.expectWholeLedger("CATHLOG_SEED=\(Chance.seed)")
      try await lab.expectWhole(runner)
    }
  }

  @Test func `of a log that is older than it is made from the first event on`() async throws {
    try await Lab.open { lab in
      let events = try History.events(seed: Chance.seed)
      try await lab.append(events)
      let runner = lab.runner(batchLimit: 6)
      try await lab.project(runner)
      let inline = try await lab.ledger()
      let digest = try await runner.digest(of: lab.facility)
      #expect(!inline.isEmpty)
      // As a database is left by an edition that kept none.
      try await lab.psql(
        """
        DROP EVENT TRIGGER cathlog_refuse_change_of_log;
        ALTER TABLE ledger.entry DISABLE TRIGGER ALL;
        ALTER TABLE ledger.head DISABLE TRIGGER ALL;
        DELETE FROM ledger.entry; DELETE FROM ledger.head;
        UPDATE projection.checkpoint SET projector_version = 2
        """)
      let upgraded = lab.runner(batchLimit: 4)
      try await lab.following(upgraded) {
        let end = try await lab.end()
        try await upgraded.waitUntilApplied(position: end, in: lab.facility)
        while try await upgraded.status()[lab.facility]?.isOfThisEdition != true {
          await Task.yield()
        }
      }
      #expect(try await lab.ledger() == inline, "CATHLOG_SEED=\(Chance.seed)")
      #expect(try await upgraded.digest(of: lab.facility).bytes == digest.bytes)
      try await lab.expectWholeLedger("CATHLOG_SEED=\(Chance.seed)")
    }
  }
}
