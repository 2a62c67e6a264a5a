import Procedures
import Testing

/// What is sent to a case, and the refusal that it meets.
private struct Row: Sendable, CustomTestStringConvertible {
  let code: Refusal.Code
  let field: String?
  let type: String
  let data: String
  let more: String
  let phase: CaseState.Phase

  init(
    _ code: Refusal.Code, _ field: String?, _ type: String, _ data: String, _ more: String = "",
    when phase: CaseState.Phase = .open
  ) {
    self.code = code
    self.field = field
    self.type = type
    self.data = data
    self.more = more
    self.phase = phase
  }

  var testDescription: String { "\(code.rawValue) at \(field ?? "no field"): \(type) \(data)" }
}

private let image = #""modality":"IVUS","phase":"diagnostic","imagesStored":true"#
private let opened =
  #""room":"1","serviceDate":"2026-03-02","setting":"office","operator":"dr-114""#
private let retraction = #","reason":"twice""#
private let closed = "case-closed"

private let rows = [
  Row(.caseUnknown, "case", "case-closed", "{}", when: .unknown),
  Row(
    .caseAlreadyOpen, "case", "case-opened",
    #"{\#(opened),"facility":"general","timeZone":"UTC"}"#),
  Row(.caseAlreadyOpen, "case", "case-reopened", #"{"reason":"again"}"#),
  Row(.caseCancelled, "case", "room-changed", #"{"room":"Lab 3"}"#, when: .cancelled),
  Row(.caseNotOpen, "case", "case-closed", "{}", when: .signed),
  Row(
    .vesselUnknown, "data.vessel", "image-acquired", #"{\#(image),"vessel":"common iliac vain"}"#),
  Row(
    .vesselUnknown, "data.vessels[1].vessel", "lesion-identified",
    #"{"lesion":"L9","vessels":[{"vessel":"inferior-vena-cava"},{"vessel":"cava"}]}"#),
  Row(.sideRequired, "data.side", "image-acquired", #"{\#(image),"vessel":"common-iliac-vein"}"#),
  Row(
    .sideNotApplicable, "data.side", "image-acquired",
    #"{\#(image),"vessel":"inferior-vena-cava","side":"left"}"#),
  Row(
    .sideRequired, "data.data.side", "entry-corrected",
    #"{"entry":"\#(Scenario.image)","data":{\#(image),"vessel":"common-iliac-vein"},"reason":"r"}"#),
  Row(
    .lesionUnknown, "data.lesion", "image-acquired",
    #"{\#(image),"vessel":"inferior-vena-cava","lesion":"L7"}"#),
  Row(
    .lesionUnknown, "data.lesion", "intervention-performed",
    #"{"action":"stent-placement","vessel":"inferior-vena-cava","lesion":"l1"}"#),
  Row(
    .lesionUnknown, "data.data.lesion", "entry-corrected",
    #"{"entry":"\#(Scenario.image)","data":{\#(image),"vessel":"inferior-vena-cava","lesion":"L7"},"reason":"r"}"#
  ),
  Row(
    .entryUnknown, "data.entry", "entry-retracted", #"{"entry":"\#(EventID(99))"\#(retraction)}"#),
  Row(
    .entryUnknown, "data.entry", "entry-corrected",
    #"{"entry":"\#(EventID(99))","data":{}\#(retraction)}"#),
  Row(
    .occurredInFuture, "occurredAt", closed, "{}", #""occurredAt":"2026-03-02T14:36:00.000001Z""#),
  Row(
    .occurredInFuture, "data.occurredAt", "entry-corrected",
    #"{"entry":"\#(Scenario.note)","data":{"kind":"tech","text":"x"},"reason":"r","occurredAt":"2026-03-02T15:00:00Z"}"#
  ),
  Row(.occurredBeforeCase, "occurredAt", closed, "{}", #""occurredAt":"2026-03-01T13:30:59.9Z""#),
  Row(
    .occurredBeforeCase, "data.occurredAt", "entry-corrected",
    #"{"entry":"\#(Scenario.note)","data":{"kind":"tech","text":"x"},"reason":"r","occurredAt":"2026-02-28T15:00:00Z"}"#
  ),
  Row(.fieldMissing, "reason", "room-changed", #"{"room":"Lab 3"}"#, when: .signed),
  Row(.fieldMissing, "data.room", "room-changed", "{}"),
  Row(.fieldMissing, "data.vessel", "device-inserted", #"{"device":"wire","side":"left"}"#),
  Row(
    .fieldMissing, "data.data.text", "entry-corrected",
    #"{"entry":"\#(Scenario.note)","data":{"kind":"tech"},"reason":"r"}"#),
  Row(.fieldUnknown, "data.room_number", "room-changed", #"{"room":"Lab 3","room_number":3}"#),
  Row(.fieldUnknown, "data.(unprintable)", "room-changed", #"{"room":"Lab 3","Jane Doe":3}"#),
  Row(.fieldUnknown, "note", closed, "{}", #""note":"x""#),
  Row(.fieldUnknown, "data.(unprintable)", "radiation-recorded", #"{"air\u212AermaMilligray":1}"#),
  Row(
    .fieldUnknown, "data.vessels[0].level", "lesion-identified",
    #"{"lesion":"L9","vessels":[{"vessel":"inferior-vena-cava","level":1}]}"#),
  Row(
    .fieldInvalid, "data.vessels[1]", "lesion-identified",
    #"{"lesion":"L9","vessels":[{"vessel":"inferior-vena-cava"},{"vessel":"inferior-vena-cava"}]}"#),
  Row(
    .fieldInvalid, "data.vessels[0]", "lesion-identified",
    #"{"lesion":"L9","vessels":["inferior-vena-cava"]}"#),
  Row(.fieldInvalid, "data.vessels", "lesion-identified", #"{"lesion":"L9","vessels":[]}"#),
  Row(
    .fieldInvalid, "data.side", "image-acquired",
    #"{\#(image),"vessel":"common-iliac-vein","side":"both"}"#),
  Row(
    .fieldInvalid, "data.imagesStored", "image-acquired",
    #"{"modality":"IVUS","phase":"diagnostic","imagesStored":"yes","vessel":"inferior-vena-cava"}"#),
  Row(
    .fieldInvalid, "data.identifiersChecked", "patient-identified",
    #"{"patient":"p","identifiersChecked":["name"]}"#),
  Row(
    .fieldInvalid, "data.identifiersChecked", "patient-identified",
    #"{"patient":"p","identifiersChecked":["name","name"]}"#),
  Row(
    .fieldInvalid, "data.identifiersChecked", "patient-identified",
    #"{"patient":"p","identifiersChecked":["name","MRN 12345"]}"#),
  Row(.fieldInvalid, "data.quantity", "consumable-used", #"{"item":"balloon","quantity":0.5}"#),
  Row(.fieldInvalid, "data.quantity", "consumable-used", #"{"item":"balloon","quantity":0}"#),
  Row(.fieldInvalid, "data.units", "procedure-coded", #"{"code":"37238","units":1000}"#),
  Row(.fieldInvalid, "data.code", "procedure-coded", #"{"code":"37252"}"#),
  Row(.fieldInvalid, "data.code", "procedure-coded", #"{"code":"3725"}"#),
  Row(
    .fieldInvalid, "data.data.code", "entry-corrected",
    #"{"entry":"\#(Scenario.procedure)","data":{"code":"37253"},"reason":"r"}"#),
  Row(
    .fieldInvalid, "data.data", "entry-corrected",
    #"{"entry":"\#(Scenario.procedure)","data":"37238","reason":"r"}"#),
  Row(
    .fieldInvalid, "data.entry", "entry-corrected",
    #"{"entry":"\#(Scenario.opening)","data":{},"reason":"r"}"#),
  Row(
    .fieldInvalid, "data.entry", "entry-retracted",
    #"{"entry":"\#(Scenario.opening)","reason":"r"}"#),
  Row(
    .fieldInvalid, "data.reason", "entry-retracted", #"{"entry":"\#(Scenario.note)","reason":""}"#),
  Row(
    .fieldInvalid, "data.facility", "case-opened",
    #"{\#(opened),"facility":"county","timeZone":"UTC"}"#, when: .unknown),
  Row(
    .fieldInvalid, "data.timeZone", "case-opened",
    #"{\#(opened),"facility":"general","timeZone":"Mars/Olympus"}"#, when: .unknown),
  Row(.fieldInvalid, "occurredAt", closed, "{}", #""occurredAt":"2026-03-02T13:40:00""#),
  Row(.fieldInvalid, "occurredAt", closed, "{}", #""occurredAt":"2026-03-02T13:59:60Z""#),
  Row(.fieldInvalid, "timeQualifier", closed, "{}", #""timeQualifier":"guessed""#),
  Row(.fieldInvalid, "performer", closed, "{}", #""performer":7"#),
  Row(.fieldInvalid, "id", closed, "{}", #""id":"7""#),
  Row(.fieldInvalid, "data", closed, "[]"),
  Row(.fieldInvalid, "case", "rule-book-adopted", sampleData(.ruleBookAdopted).least),
]

@Suite struct `A refusal` {
  private func send(_ row: Row) throws {
    let scenario = try Scenario(row.phase)
    var members: [JSON.Member] = [
      .init("id", .string(EventID(50).description)), .init("type", .string(row.type)),
      .init("occurredAt", .string(opening.adding(seconds: 600).description)),
      .init("data", try json(row.data)),
    ]
    let more = try json("{\(row.more)}").members ?? []
    members.removeAll { member in more.contains { $0.name == member.name } }
    let submitted = try SubmittedEvent(
      .object(members + more), from: .request(case: scenario.state.id))
    _ = try scenario.state.decide(submitted.event, in: context)
  }

  @Test(arguments: rows)
  private func `has its code, its field and a sentence`(_ row: Row) throws {
    let refusal = try #require(throws: Refusal.self) { try send(row) }
    #expect(refusal.code == row.code, "\(refusal)")
    #expect(refusal.field == row.field)
    #expect(refusal.sentence.hasSuffix(".") && refusal.sentence.count > 10)
    #expect(refusal.description == "\(row.code.rawValue): \(refusal.sentence)")
    #expect(refusal.nearest.isEmpty == (row.code != .vesselUnknown))
  }

  @Test func `is met by every code but the two that only the store can give`() {
    let met = Set(rows.map(\.code)).union([.entryAlreadyRetracted])
    #expect(Set(Refusal.Code.allCases).subtracting(met) == [.eventIDReused, .versionConflict])
  }

  @Test func `of an entry retracted twice says so until the retraction is retracted`() throws {
    var scenario = try Scenario(.open)
    let retraction = try scenario.retract(Scenario.image)
    let refusal = #expect(throws: Refusal.self) { try scenario.retract(Scenario.image) }
    #expect(refusal?.code == .entryAlreadyRetracted)
    #expect(refusal?.field == "data.entry")
    try scenario.retract(retraction)
    #expect(throws: Refusal.self) { try scenario.retract(retraction) }
    try scenario.retract(Scenario.image)
  }

  @Test func `repeats nothing of what was entered`() throws {
    let secret = "Zebedee4711"
    for row in rows {
      let data = row.data.replacing("Jane Doe", with: secret).replacing("Lab 3", with: secret)
        .replacing("L7", with: secret).replacing("cava\"", with: "cava \(secret)\"")
      let refusal = #expect(throws: Refusal.self) {
        try send(Row(row.code, row.field, row.type, data, row.more, when: row.phase))
      }
      #expect(refusal?.sentence.contains(secret) == false)
      #expect(refusal?.field?.contains(secret) != true)
    }
  }

  @Test func `spares what happened at the edge of the allowed time`() throws {
    let scenario = try Scenario(.open)
    for seconds in [3600 + 300, -24 * 3600] as [Int64] {
      var event = try scenario.event(.caseClosed)
      event.occurredAt = opening.adding(seconds: seconds)
      #expect(throws: Never.self) { try scenario.state.decide(event, in: context) }
    }
    var event = try scenario.event(.caseClosed)
    event.occurredAt = .latest
    let clockless = DecisionContext(facility: nil, now: nil, derivedCodes: [])
    #expect(throws: Never.self) { try scenario.state.decide(event, in: clockless) }
  }

  @Test func `meets an event of another case`() throws {
    let scenario = try Scenario(.open)
    var event = try scenario.event(.caseClosed)
    event.caseID = CaseID(2)
    let refusal = #expect(throws: Refusal.self) { try scenario.state.decide(event, in: context) }
    #expect(refusal?.code == .fieldInvalid)
    #expect(refusal?.field == "case")
  }
}
