import Charges
import Procedures
import Store
import Testing

@testable import Projectors

@Suite struct `Reading current charges` {
  private func withCases(_ body: (Lab, [Event]) async throws -> Void) async throws {
    try await Lab.open { lab in
      let events = CaseFiles.interleaved(
        try CaseFiles.names().map { try CaseFiles.events($0) }, seed: Chance.seed)
      try await lab.append(events)
      try await lab.project(lab.runner())
      try await body(lab, events)
    }
  }

  @Test func `pages through the worklist, the latest cases first, and misses none`() async throws {
    try await withCases { lab, events in
      let whole = try await lab.charges.worklist(in: lab.facility, limit: 1_000)
      #expect(whole.next == nil)
      #expect(Set(whole.elements.map(\.caseID)) == Set(events.map(\.caseID)))
      #expect(
        whole.elements.map(\.firstRecordedAt)
          == whole.elements.map(\.firstRecordedAt).sorted(by: >))
      for limit in [1, 7, 13, 26] {
        var found: [WorklistEntry] = []
        var cursor: PageCursor?
        repeat {
          let page = try await lab.charges.worklist(
            in: lab.facility, after: cursor, limit: limit)
          #expect(page.elements.count <= limit)
          found += page.elements
          cursor = page.next.map { PageCursor($0.description) }
        } while cursor != nil
        #expect(found == whole.elements)
      }
    }
  }

  @Test func `filters the worklist by phase, room and date`() async throws {
    try await withCases { lab, _ in
      let all = try await lab.charges.worklist(in: lab.facility, limit: 1_000).elements
      let room = try #require(all[0].room)
      let date = try #require(all[0].serviceDate)
      let table: [(WorklistFilter, (WorklistEntry) -> Bool)] = [
        (WorklistFilter(phase: .signed), { $0.phase == .signed }),
        (WorklistFilter(phase: .cancelled), { $0.phase == .cancelled }),
        (WorklistFilter(room: room), { $0.room == room }),
        (WorklistFilter(room: RoomName("no such room")), { _ in false }),
        (WorklistFilter(serviceDate: date), { $0.serviceDate == date }),
        (
          WorklistFilter(phase: .signed, room: room, serviceDate: date),
          { $0.phase == .signed && $0.room == room && $0.serviceDate == date }
        ),
      ]
      for (filter, fits) in table {
        let found = try await lab.charges.worklist(
          in: lab.facility, filter: filter, limit: 1_000)
        #expect(found.elements == all.filter(fits))
      }
    }
  }

  @Test func `gives the lines of all documents, by status and by hold`() async throws {
    try await withCases { lab, _ in
      var expected: [CurrentLine] = []
      for (caseID, document) in try await lab.documents().sorted(by: { $0.key < $1.key }) {
        let json = try JSON.read(Array(document.utf8))
        for (index, line) in (json["lines"]?.elements ?? []).enumerated() {
          expected.append(
            CurrentLine(
              caseID: caseID, number: index + 1,
              code: try #require(line["code"]?.text.flatMap { BillingCode($0) }),
              units: try #require(line["counted"]?.elements).count,
              status: try #require(line["status"]?.text.flatMap { LineStatus(rawValue: $0) }),
              document: line.bytes))
        }
      }
      var found: [CurrentLine] = []
      var cursor: PageCursor?
      repeat {
        let page = try await lab.charges.lineItems(in: lab.facility, after: cursor, limit: 10)
        found += page.elements
        cursor = page.next
      } while cursor != nil
      #expect(found == expected)
      for status in LineStatus.allCases {
        let page = try await lab.charges.lineItems(
          in: lab.facility, filter: LineFilter(status: status), limit: 1_000)
        #expect(page.elements == expected.filter { $0.status == status })
        #expect(!page.elements.isEmpty)
      }
      let held = try await lab.charges.lineItems(
        in: lab.facility, filter: LineFilter(hold: .caseNotSigned), limit: 1_000)
      #expect(
        held.elements
          == expected.filter {
            String(decoding: $0.document, as: UTF8.self).contains("\"case-not-signed\"")
          })
      #expect(!held.elements.isEmpty)
    }
  }

  @Test(arguments: [
    "", "w", "AAAA", "w" + String(repeating: "A", count: 31) + "?",
    "x" + String(repeating: "A", count: 32), "l" + String(repeating: "A", count: 33),
    "w" + String(repeating: "é", count: 16),
  ])
  func `refuses a cursor that is not one`(text: String) async throws {
    try await Lab.open { lab in
      await #expect(throws: ProjectorError.self) {
        _ = try await lab.charges.worklist(in: lab.facility, after: PageCursor(text))
      }
      await #expect(throws: ProjectorError.self) {
        _ = try await lab.charges.lineItems(in: lab.facility, after: PageCursor(text))
      }
    }
  }

  @Test func `shows no other facility's rows`() async throws {
    try await withCases { lab, events in
      let other = try #require(FacilityCode("other"))
      #expect(try await lab.charges.worklist(in: other).elements.isEmpty)
      #expect(try await lab.charges.currentCase(events[0].caseID, in: other) == nil)
      #expect(try await lab.charges.lineItems(in: other).elements.isEmpty)
    }
  }
}

@Suite struct `The check against the log` {
  @Test(arguments: [
    "UPDATE projection.case SET document = replace(document, 'units\":1', 'units\":2')",
    "UPDATE projection.case SET room = 'Lab 9'",
    "UPDATE projection.case SET families = '{}'",
    "UPDATE projection.line SET document = '{}'",
    "DELETE FROM projection.line",
    "DELETE FROM projection.case",
    "UPDATE projection.case SET case_id = '00000000-0000-0000-0000-00000000000f'",
    "UPDATE projection.checkpoint SET applied = applied - 1, irrelevant = irrelevant + 1",
  ])
  func `finds what was changed`(statement: String) async throws {
    try await Lab.open { lab in
      try await lab.append(try CaseFiles.events("three-separate-vessels"))
      let runner = lab.runner()
      try await lab.project(runner)
      try await lab.expectWhole(runner)
      try await lab.psql(statement)
      let report = try await ProjectionCheck(pool: lab.pool, ruleBook: .standard).run(
        lab.facility
      ) { _ in }
      #expect(report.faultCount > 0)
    }
  }
}

@Suite struct `The cache of cases` {
  @Test func `is bounded by entries and gives a case out once`() throws {
    let facility = try #require(FacilityCode("general"))
    let cache = CaseCache(entryLimit: 40)
    let events = try CaseFiles.events("three-separate-vessels")
    var folds: [CaseFold] = []
    for number in 1...20 {
      var fold = CaseFold(CaseID(high: 0, low: UInt64(number)))
      for (index, event) in events.enumerated() {
        fold.add(CaseFiles.row(event, version: Int64(index + 1), in: facility))
      }
      folds.append(fold)
    }
    cache.put(folds, in: facility)
    let kept = folds.filter { cache.take($0.state.id, in: facility) != nil }
    #expect(!kept.isEmpty)
    #expect(kept.count * events.count <= 40 + events.count)
    #expect(folds.allSatisfy { cache.take($0.state.id, in: facility) == nil })
  }
}
