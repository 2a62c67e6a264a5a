import Procedures
import Testing

@Suite struct `A facility` {
  private func event(
    _ type: EventType, _ data: String? = nil, at seconds: Int64 = 0, of caseID: CaseID = .zero
  ) throws -> Event {
    Event(
      id: EventID(1), caseID: caseID, occurredAt: opening.adding(seconds: seconds),
      body: try EventBody(type, data: json(data ?? sampleData(type).least)))
  }

  private func opened() throws -> FacilityState {
    var facility = FacilityState()
    facility.evolve(try facility.decide(event(.facilityOpened), in: context), version: 1)
    return facility
  }

  private func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

  @Test(arguments: EventType.allCases)
  func `takes its own events once it is opened`(_ type: EventType) throws {
    let isOwn = type.category == .facility
    let ownCase: CaseID = isOwn ? .zero : CaseID(1)
    let table: [(FacilityState, Event, Refusal.Code?)] = [
      (
        FacilityState(), try event(type, of: ownCase),
        !isOwn ? .fieldInvalid : type == .facilityOpened ? nil : .caseUnknown
      ),
      (
        try opened(), try event(type, of: ownCase),
        !isOwn ? .fieldInvalid : type == .facilityOpened ? .caseAlreadyOpen : nil
      ),
      (try opened(), try event(type, of: isOwn ? CaseID(1) : .zero), .fieldInvalid),
      (
        type == .facilityOpened ? FacilityState() : try opened(),
        try event(type, at: 3901, of: ownCase), isOwn ? .occurredInFuture : .fieldInvalid
      ),
      (
        type == .facilityOpened ? FacilityState() : try opened(),
        try event(type, at: 3900, of: ownCase), isOwn ? nil : .fieldInvalid
      ),
    ]
    for (state, event, code) in table {
      do {
        #expect(try state.decide(event, in: context) == event)
        #expect(code == nil)
      } catch {
        #expect(error.code == code)
        #expect(error.field == (code == .occurredInFuture ? "occurredAt" : "case"))
        #expect(error.sentence.hasSuffix("."))
      }
    }
  }

  @Test(arguments: ["county", "-general", "General"])
  func `opens under its own name alone`(_ name: String) throws {
    let code = try #require(FacilityCode(name))
    let opened = FacilityOpened(
      facility: code, name: try #require(Words("X")), timeZone: try #require(TimeZoneName("UTC")))
    let event = Event(
      id: EventID(1), caseID: .zero, occurredAt: opening, body: .facilityOpened(opened))
    let refusal = #expect(throws: Refusal.self) { try FacilityState().decide(event, in: context) }
    #expect(refusal?.code == .fieldInvalid)
    #expect(refusal?.field == "data.facility")
  }

  @Test func `says which book and which policy govern a date, the last recorded winning`() throws {
    var facility = try opened()
    let digest = "sha256:" + String(repeating: "0", count: 64)
    var version: Int64 = 1
    func adopt(_ edition: String, _ from: String) throws {
      let book = RuleBookAdopted(
        ruleBook: try #require(RuleBookEdition(edition)), digest: digest, from: try date(from))
      version += 1
      facility.evolve(
        Event(
          id: EventID(2), caseID: .zero, occurredAt: opening,
          body: .ruleBookAdopted(try #require(book))), version: version)
    }
    func book(_ day: String) throws -> String? {
      facility.ruleBook(on: try date(day))?.ruleBook.text
    }
    try adopt("2026.1", "2026-01-01")
    try adopt("2027.1", "2027-01-01")
    #expect(try book("2025-12-31") == nil)
    #expect(try book("2026-01-01") == "2026.1")
    #expect(try book("2026-12-31") == "2026.1")
    #expect(try book("2027-06-01") == "2027.1")
    try adopt("2026.2", "2026-01-01")
    #expect(try book("2026-01-01") == "2026.2")
    #expect(try book("2027-01-01") == "2027.1")
    #expect(facility.ruleBooks.map(\.ruleBook.text) == ["2026.1", "2027.1", "2026.2"])
    for (payer, policy, from) in [
      ("aetna", "sir", "2026-01-01"), ("cigna", "scai-2026", "2026-01-01"),
      ("aetna", "named-vessel", "2026-07-01"), ("aetna", "scai-2026", "2026-01-01"),
    ] {
      version += 1
      facility.evolve(
        try event(
          .payerPolicyAssigned, #"{"payer":"\#(payer)","policy":"\#(policy)","from":"\#(from)"}"#),
        version: version)
    }
    func policy(_ payer: String, _ day: String) throws -> String? {
      facility.payerPolicy(of: try #require(PayerCode(payer)), on: try date(day))?.policy.text
    }
    #expect(try policy("aetna", "2026-03-02") == "scai-2026")
    #expect(try policy("aetna", "2026-07-01") == "named-vessel")
    #expect(try policy("cigna", "2026-07-01") == "scai-2026")
    #expect(try policy("cigna", "2025-07-01") == nil)
    #expect(try policy("medicare", "2026-07-01") == nil)
    #expect(facility.version == 8)
    #expect(facility.opening?.name.text == "General Hospital")
  }

  @Test func `knows a person as last registered`() throws {
    var facility = try opened()
    let samples = sampleData(.personRegistered)
    facility.evolve(try event(.personRegistered, samples.least), version: 2)
    facility.evolve(try event(.personRegistered, samples.most), version: 3)
    let person = try #require(PersonCode("dr-114"))
    #expect(facility.people.count == 1)
    #expect(facility.people[person]?.roles == [.physician, .coder])
    #expect(facility.people[person]?.npi == "1234567893")
    let name = try #require(Words("X"))
    #expect(PersonRegistered(person: person, name: name, roles: []) == nil)
    #expect(PersonRegistered(person: person, name: name, roles: [.coder, .coder]) == nil)
    #expect(PersonRegistered(person: person, name: name, roles: [.coder], npi: "12345") == nil)
    #expect(PersonRegistered(person: person, name: name, roles: [.coder])?.roles == [.coder])
    let edition = try #require(RuleBookEdition("2026.1"))
    let from = try date("2026-01-01")
    #expect(RuleBookAdopted(ruleBook: edition, digest: "sha256:00", from: from) == nil)
  }
}
