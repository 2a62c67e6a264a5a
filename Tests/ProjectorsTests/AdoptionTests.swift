import Charges
import Procedures
import Store
import Testing

@testable import Projectors

@Suite struct `An adopted rule book` {
  /// The units that a case's document bills, the edition and the digest that it names.
  private func charged(_ document: String?) throws -> (units: [String: Int], edition: String?) {
    let json = try JSON.read(Array(try #require(document).utf8))
    var units: [String: Int] = [:]
    for line in json["lines"]?.elements ?? [] {
      units[try #require(line["code"]?.text), default: 0] +=
        Int(
          try #require(line["units"]?.number?.description)) ?? 0
    }
    return (units, json["ruleBook"]?.text)
  }

  private func replayed(_ lab: Lab) async throws -> [CaseID: String] {
    var documents: [CaseID: String] = [:]
    for caseID in try await lab.caseIDs() {
      documents[caseID] =
        try await lab.replay.replay(caseID, in: lab.facility).derivation.json.compactText
    }
    return documents
  }

  @Test func `derives the cases of its dates, and leaves those before as they are`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner(caseLimit: 1)
      let book = try SiteBooks.groupingBySIR()
      // External iliac and common femoral vein: two vessels by name, one by SIR.
      let name = "sir-leg-veins"
      let before = try CaseFiles.copy(name, number: 1, patient: "pt-1", date: "2026-03-01")
      let after = try CaseFiles.copy(name, number: 2, patient: "pt-2", date: "2026-03-02")
      try await lab.append(before + after)
      try await lab.project(runner)
      let first = try await lab.documents()
      try await lab.adopt(book, from: "2026-03-02")
      // A case that is opened after the adoption is derived by the same book.
      let later = try CaseFiles.copy(name, number: 3, patient: "pt-3", date: "2026-03-03")
      try await lab.append(later)
      try await lab.project(runner)
      let second = try await lab.documents()
      #expect(second[before[0].caseID] == first[before[0].caseID])
      let (byName, bySIR) = (
        try charged(second[before[0].caseID]), try charged(second[after[0].caseID])
      )
      #expect(byName.edition == "2026.1")
      #expect(bySIR.edition == book.edition.text)
      #expect(try #require(second[after[0].caseID]).contains(book.digest))
      #expect(try #require(bySIR.units["37253"]) < (try #require(byName.units["37253"])))
      #expect(try charged(second[later[0].caseID]).units == bySIR.units)
      try await lab.expectWhole(runner)

      let inline = try await runner.digest(of: lab.facility).bytes
      try await lab.runner(caseLimit: 2).rebuild(facility: lab.facility) { _ in }
      #expect(try await runner.digest(of: lab.facility).bytes == inline)
      #expect(try await replayed(lab) == second)
      // Before the adoption was recorded, the shipped book held.
      let was = try await lab.replay.replay(
        after[0].caseID, in: lab.facility, at: .version(Int64(after.count)))
      #expect(was.derivation.json.compactText == first[after[0].caseID])
    }
  }

  @Test func `changes what cases mean to each other, whatever the pages`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner(caseLimit: 1)
      let cases = try (1...3).map {
        try CaseFiles.copy("three-separate-vessels", number: $0, patient: "pt-1")
      }
      try await lab.append(cases.flatMap(\.self))
      try await lab.project(runner)
      let together = try await lab.documents()
      #expect(try await lab.held(.sameDaySession).count == 3)
      for (book, heldCount) in [(try SiteBooks.countingOCT(), 0), (RuleBook.standard, 3)] {
        try await lab.adopt(book, from: "2026-01-01")
        try await lab.project(runner)
        #expect(try await lab.held(.sameDaySession).count == heldCount)
        try await lab.expectWhole(runner)
        #expect(try await replayed(lab) == (try await lab.documents()))
      }
      #expect(try await lab.documents() == together)
    }
  }

  @Test func `holds the cases of a policy that it does not have, and says so`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner()
      let name = "three-separate-vessels"
      let paid = try CaseFiles.copy(name, number: 1, patient: "pt-1", payer: "plan-a")
      let other = try CaseFiles.copy(name, number: 2, patient: "pt-2")
      try await lab.append(paid + other)
      try await lab.append([
        try lab.facilityEvent(
          "payer-policy-assigned",
          ["payer": "plan-a", "policy": "sir", "from": "2026-01-01"])
      ])
      try await lab.adopt(try SiteBooks.withoutPolicies(), from: "2026-01-01")
      try await lab.project(runner)
      let held = try await runner.heldCases(in: lab.facility)
      #expect(held.map(\.caseID) == [paid[0].caseID])
      #expect(held.first?.reason == "The rule book has no grouping policy sir.")
      try await lab.append([
        try lab.facilityEvent(
          "payer-policy-assigned",
          ["payer": "plan-a", "policy": "named-vessel", "from": "2026-01-01"])
      ])
      try await lab.project(runner)
      #expect(try await runner.heldCases(in: lab.facility).isEmpty)
      try await lab.expectWhole(runner)
    }
  }

  @Test func `that is not at hand holds its cases until it is brought`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner()
      let book = try SiteBooks.groupingBySIR(edition: "2026.1-elsewhere")
      let events = try CaseFiles.events("sir-leg-veins")
      try await lab.append(events)
      try await lab.adoptUnchecked(book.edition.text, book.digest, from: "2026-01-01")
      try await lab.project(runner)
      let held = try await runner.heldCases(in: lab.facility)
      #expect(held.map(\.caseID) == [events[0].caseID])
      #expect(held.first?.reason.contains(book.digest) == true)
      try await lab.expectWhole(runner)
      try await lab.store(book)
      try await runner.rebuild(facility: lab.facility) { _ in }
      #expect(try await runner.heldCases(in: lab.facility).isEmpty)
      #expect(
        try charged(try await lab.documents()[events[0].caseID]).edition == book.edition.text)
      try await lab.expectWhole(runner)
    }
  }

  @Test func `of another facility is not at hand`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner()
      let book = try SiteBooks.groupingBySIR(edition: "2026.1-elsewhere")
      try await lab.append([
        try lab.adoption("2026.1-sir", SiteBooks.groupingBySIR().digest, from: "2026-01-01")
      ])
      await #expect {
        try await lab.append([
          try lab.adoption(book.edition.text, book.digest, from: "2026-01-01")
        ])
      } throws: { error in
        guard case AppendFailure.refused(let refusal, index: 0?) = error else { return false }
        return refusal.field == "data.digest"
      }
      try await lab.project(runner)
      try await lab.expectWhole(runner)
    }
  }

  @Test func `is one of many, each for its dates, and few are in memory`() async throws {
    try await Lab.open { lab in
      let runner = lab.runner(caseLimit: 3)
      let count = RuleBookShelf.bookLimit + 2
      for number in 1...count {
        let day = number < 10 ? "0\(number)" : "\(number)"
        try await lab.append(
          try CaseFiles.copy(
            "sir-leg-veins", number: number, patient: "pt-\(number)", date: "2026-03-\(day)"))
        try await lab.adopt(
          try SiteBooks.groupingBySIR(edition: "2026.1-\(day)"), from: "2026-03-\(day)")
      }
      try await lab.project(runner)
      let editions = try await lab.documents().values.map { try charged($0).edition ?? "-" }
      #expect(Set(editions).count == count)
      try await lab.expectWhole(runner)
      let inline = try await runner.digest(of: lab.facility).bytes
      try await runner.rebuild(facility: lab.facility) { _ in }
      #expect(try await runner.digest(of: lab.facility).bytes == inline)
    }
  }
}

@Suite struct `A rule book that a person names` {
  @Test func `is found by edition or digest, shipped or stored`() async throws {
    try await Lab.open { lab in
      let events = try CaseFiles.events("sir-leg-veins")
      try await lab.append(events)
      try await lab.project(lab.runner())
      let book = try SiteBooks.groupingBySIR()
      for (name, digest) in [
        ("2026.1", RuleBook.standard.digest), (RuleBook.standard.digest, RuleBook.standard.digest),
        (book.edition.text, book.digest), (book.digest, book.digest),
      ] {
        let replayed = try await lab.replay.replay(
          events[0].caseID, in: lab.facility, under: RuleChoice(ruleBook: RuleBookName(name)))
        #expect(replayed.context.ruleBook.digest == digest)
        #expect(replayed.derivation.json["ruleBookDigest"]?.text == digest)
        let library = RuleBookLibrary(pool: lab.pool, shipped: .standard)
        let found = try await library.book(
          named: try #require(RuleBookName(name)), in: lab.facility)
        #expect(try found.get().digest == digest)
      }
    }
  }

  @Test func `is refused where there is none, or several have the edition`() async throws {
    try await Lab.open { lab in
      let events = try CaseFiles.events("sir-leg-veins")
      try await lab.append(events)
      let first = try SiteBooks.groupingBySIR()
      let second = try SiteBooks.countingOCT(edition: first.edition.text)
      let other = try SiteBooks.withoutPolicies(edition: "2026.1-never-stored")
      try await lab.store(second)
      for (name, sentence) in [
        (first.edition.text, first.digest), (first.edition.text, second.digest),
        (other.edition.text, "2026.1, 2026.1-sir"), (other.digest, "2026.1-oct"),
      ] {
        await #expect {
          _ = try await lab.replay.replay(
            events[0].caseID, in: lab.facility, under: RuleChoice(ruleBook: RuleBookName(name)))
        } throws: { error in
          guard case ReplayError.ruleBook(let error) = error else { return false }
          return error.description.contains(sentence)
        }
      }
    }
  }

  @Test func `brings its own policies, and no other`() async throws {
    try await Lab.open { lab in
      let events = try CaseFiles.events("sir-leg-veins")
      try await lab.append(events)
      let plain = try SiteBooks.withoutPolicies()
      try await lab.store(plain)
      await #expect {
        _ = try await lab.replay.replay(
          events[0].caseID, in: lab.facility,
          under: RuleChoice(
            ruleBook: .digest(plain.digest), policy: GroupingPolicyName("sir")))
      } throws: { error in
        guard case ReplayError.policyUnknown(_, let known) = error else { return false }
        return known == plain.policies
      }
    }
  }
}
