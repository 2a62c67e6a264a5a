import Charges
import Procedures
import Testing

@Suite
struct `Files of cases` {
  private let script = CaseScript().coded("75710").image("renal-artery/left")
    .image("renal-artery/right").complete()

  private func refusal(_ lines: [JSON]) -> String? {
    do throws(EventFile.Fault) {
      var collection = CaseCollection(ruleBook: .standard)
      var file = EventFile()
      for line in lines {
        if let line = try file.next(Array(line.compactText.utf8)) { try collection.add(line) }
      }
      return nil
    } catch {
      return "\(error.line): \(error.refusal.code.rawValue)"
    }
  }

  private func with(_ members: [String: JSON], _ line: JSON) -> JSON {
    let kept = (line.members ?? []).filter { members[$0.name] == nil }
    return .object(kept + members.sorted { $0.key < $1.key }.map { JSON.Member($0.key, $0.value) })
  }

  @Test
  func `give one derivation a case, in order of first appearance`() throws {
    let other = CaseScript(2).coded("75710").complete()
    let mixed = [
      other.lines[0], script.lines[0], other.lines[1], script.lines[1], other.lines[2],
      script.lines[2], other.lines[3],
    ]
    let text = mixed.map(\.compactText).joined(separator: "\n")
    let derivations = try CaseCollection(reading: Array(text.utf8)).derivations()
    #expect(derivations.map(\.caseID.description) == [other.caseID, script.caseID])
    #expect(derivations.map(\.throughVersion) == [4, 3])
  }

  @Test
  func `are read through a version, and beyond the end to the end`() throws {
    let collection = try CaseScript.collection([script])
    func summary(_ version: Int64) -> String? {
      collection.derivations(policy: nil, through: version).first?.summary
    }
    #expect(
      summary(3)
        == "37252×1 planned (case-not-signed, interpretation-missing); 75710×1 planned (case-not-signed)"
    )
    #expect(summary(99) == "37252×1 billable; 37253×1 billable; 75710×1 billable")
    #expect(summary(0) == "derivation-failed")
    #expect(collection.derivations(through: 99) == collection.derivations())
  }

  @Test
  func `may repeat an event, also after the signature, and change nothing`() throws {
    let text = (script.lines + script.lines.reversed()).map(\.compactText).joined(separator: "\n")
    let derivations = try CaseCollection(reading: Array(text.utf8)).derivations()
    #expect(derivations == (try CaseScript.collection([script]).derivations()))
    let correction = script.corrected(1, ["code": "75716"])
    let twin = script.corrected(1, ["code": "75716", "units": 1])
    #expect(refusal(correction.lines + [twin.lines[6]]) == nil, "equal after decoding")
  }

  @Test
  func `refuse what the log would refuse, with the line`() throws {
    let changed = with(["data": CaseScript.imageData("renal-vein/left")], script.lines[2])
    #expect(refusal(script.lines + [changed]) == "7: event-id-reused")
    #expect(refusal(Array(script.lines.dropFirst())) == "1: case-unknown")
    #expect(refusal(script.image("renal-vein/left").lines) == "7: field-missing")
    #expect(refusal(CaseScript().coded("37253").lines) == "2: field-invalid")
    let elsewhere = with(["case": .string(CaseScript.id(2, 9_999))], script.lines[0])
    #expect(refusal(script.lines + [elsewhere]) == "7: event-id-reused")
  }

  @Test
  func `must stand in the order that their versions say`() {
    let numbered = script.lines.enumerated().map { with(["version": .integer($0 + 1)], $1) }
    #expect(refusal(numbered) == nil)
    #expect(refusal([numbered[0], numbered[2]]) == "2: version-conflict")
    #expect(refusal(numbered + [numbered[3]]) == nil, "a repeat keeps its version")
  }
}

@Suite
struct `What a facility decided` {
  static func event(_ number: Int, _ type: String, _ data: JSON, facility: String? = nil) -> JSON {
    var members = [
      JSON.Member("id", .string(CaseScript.id(99, number))),
      JSON.Member("case", "00000000-0000-0000-0000-000000000000"),
      JSON.Member("type", .string(type)), JSON.Member("occurredAt", "2026-01-01T00:00:00Z"),
      JSON.Member("data", data),
    ]
    if let facility { members.append(JSON.Member("facility", .string(facility))) }
    return .object(members)
  }

  static func opened(_ number: Int, _ facility: String) -> JSON {
    event(
      number, "facility-opened",
      ["facility": .string(facility), "name": "A hospital", "timeZone": "America/New_York"])
  }

  static func assigned(_ number: Int, _ policy: String, from date: String) -> JSON {
    event(
      number, "payer-policy-assigned",
      ["payer": "aetna", "policy": .string(policy), "from": .string(date)])
  }

  static func adopted(_ number: Int, _ edition: String, _ digest: String) -> JSON {
    event(
      number, "rule-book-adopted",
      ["ruleBook": .string(edition), "digest": .string(digest), "from": "2026-01-01"])
  }

  private let script = CaseScript(payer: "aetna").coded("75710")
    .image("external-iliac-artery/left").image("common-femoral-artery/left").complete()

  private func derivation(_ before: [JSON], policy: String? = nil) throws -> Derivation {
    let collection = try CaseScript.collection([script], before: before)
    let named = policy.flatMap { GroupingPolicyName($0) }
    return try #require(collection.derivations(policy: named).first)
  }

  @Test
  func `holds from its first date: the latest before the date of service`() throws {
    let before = [
      Self.opened(1, "general"), Self.assigned(2, "sir", from: "2026-01-01"),
      Self.assigned(3, "scai-2026", from: "2026-03-02"),
      Self.assigned(4, "named-vessel", from: "2026-03-03"),
    ]
    #expect(try derivation(before).groupingPolicy.text == "scai-2026")
    #expect(try derivation(Array(before.prefix(2))).groupingPolicy.text == "sir")
    #expect(try derivation(Array(before.prefix(1))).groupingPolicy.text == "named-vessel")
    #expect(
      try derivation(before, policy: "sir").groupingPolicy.text == "sir", "as the caller wants")
    #expect(try derivation(before).lines.count == 3)
    #expect(try derivation(Array(before.prefix(2))).lines.count == 2)
  }

  @Test
  func `holds for its own cases only`() throws {
    let before = [Self.opened(1, "other"), Self.assigned(2, "sir", from: "2026-01-01")]
    #expect(try derivation(before).groupingPolicy.text == "named-vessel")
  }

  @Test
  func `a policy that the book does not have holds the case`() throws {
    let before = [Self.assigned(1, "by-colour", from: "2026-01-01")]
    let failed = try derivation(before)
    #expect(failed.holds.map(\.because) == ["The rule book has no grouping policy by-colour."])
    #expect(failed.json["serviceDate"]?.text == "2026-03-02")
  }

  @Test
  func `a rule book that is not at hand holds the case`() throws {
    let digest = RuleBook.standard.digest
    #expect(try derivation([Self.adopted(1, "2026.1", digest)]).holds.isEmpty)
    let unknown = [Self.adopted(1, "2025.4", digest)]
    #expect(try derivation(unknown).holds.map(\.code) == [.derivationFailed])
    var collection = try CaseScript.collection([script], before: unknown)
    collection.heedsAdoptions = false
    #expect(collection.derivations().first?.holds.isEmpty == true)
  }
}
