import Procedures
import Testing

@Suite struct `An event` {
  @Test(arguments: EventType.allCases)
  func `is read back from its canonical data`(_ type: EventType) throws {
    let samples = sampleData(type)
    for sample in [samples.least, samples.most] {
      let given = try json(sample)
      let body = try EventBody(type, data: given)
      #expect(body.type == type)
      #expect(try EventBody(type, data: body.data) == body)
      #expect(try JSON.read(body.data.canonicalBytes) == body.data)
      // Nothing is lost and, but for the default of `units`, nothing is added.
      let defaults: JSON = type == .procedureCoded ? ["units": 1] : [:]
      let expected =
        (given.members ?? []) + (defaults.members ?? []).filter { given[$0.name] == nil }
      #expect(body.data == .object(expected))
    }
  }

  @Test(arguments: EventType.allCases)
  func `names each field that it lacks`(_ type: EventType) throws {
    let least = try #require(json(sampleData(type).least).members)
    let most = try #require(json(sampleData(type).most).members)
    for field in most {
      let without = JSON.object(most.filter { $0.name != field.name })
      let isOptional = !least.contains { $0.name == field.name }
      // Without its vessel a side stands alone; without its side a paired vessel does.
      if field.name == "vessel" || field.name == "side" { continue }
      if isOptional {
        #expect(throws: Never.self) { try EventBody(type, data: without) }
      } else {
        let refusal = #expect(throws: Refusal.self) { try EventBody(type, data: without) }
        #expect(refusal?.code == .fieldMissing)
        #expect(refusal?.field == "data.\(field.name)")
      }
    }
  }

  @Test(arguments: EventType.allCases)
  func `refuses a field that is not its own, and values of no kind that it knows`(
    _ type: EventType
  ) throws {
    let most = try #require(json(sampleData(type).most).members)
    let more = JSON.object(most + [JSON.Member("extra", 1)])
    let unknown = #expect(throws: Refusal.self) { try EventBody(type, data: more) }
    #expect(unknown?.code == .fieldUnknown)
    #expect(unknown?.field == "data.extra")
    for field in most where !(type == .entryCorrected && field.name == "data") {
      for wrong in [JSON.null, [:], [[]], .string(""), .number(Decimal(-1))] {
        let data = JSON.object(most.map { $0.name == field.name ? .init($0.name, wrong) : $0 })
        let isVesselsAsEmptyList = field.name == "vessels" && wrong == []
        guard !isVesselsAsEmptyList else { continue }
        let refusal = #expect(throws: Refusal.self, "\(field.name) took \(wrong)") {
          try EventBody(type, data: data)
        }
        #expect(refusal?.field?.hasPrefix("data.\(field.name)") == true)
      }
    }
  }

  @Test(arguments: [JSON.null, [], "text", 1, true])
  func `has an object as its data`(_ data: JSON) throws {
    for type in EventType.allCases {
      let refusal = #expect(throws: Refusal.self) { try EventBody(type, data: data) }
      #expect(refusal?.code == .fieldInvalid)
      #expect(refusal?.field == "data")
    }
  }

  @Test func `of a type the contract does not list is refused`() throws {
    let document = try json(
      #"{"id":"\#(EventID(1))","type":"case-deleted","occurredAt":"2026-03-02T13:31:00Z","data":{}}"#
    )
    let refusal = #expect(throws: Refusal.self) {
      try SubmittedEvent(document, from: .request(case: CaseID(1)))
    }
    #expect(refusal?.code == .fieldInvalid)
    #expect(refusal?.field == "type")
  }

  @Test func `has content that is the canonical form of all that the caller chose but the id`()
    throws
  {
    let document = try json(
      #"{"type":"procedure-coded","id":"\#(EventID(1))","reason":"said \"late\"","#
        + #""timeQualifier":"estimated","performer":"dr-114","#
        + #""occurredAt":"2026-03-02T08:31:00.25-05:00","data":{"units":2,"code":"37236"}}"#)
    let event = try SubmittedEvent(document, from: .request(case: CaseID(1))).event
    #expect(
      String(decoding: event.contentBytes, as: UTF8.self)
        == #"{"case":"\#(CaseID(1))","data":{"code":"37236","units":2},"#
        + #""occurredAt":"2026-03-02T13:31:00.25Z","performer":"dr-114","#
        + #""reason":"said \"late\"","timeQualifier":"estimated","type":"procedure-coded"}"#)
    let inData = try JSON.read(event.contentBytes)
    #expect(inData.canonicalBytes == event.contentBytes)
  }

  @Test func `has the same content however it is spelled, and other content when anything differs`()
    throws
  {
    func content(_ more: String, _ data: String) throws -> [UInt8] {
      let document = try json(
        #"{"id":"\#(EventID(1))","type":"procedure-coded",\#(more),"data":\#(data)}"#)
      return try SubmittedEvent(document, from: .request(case: CaseID(1))).event.contentBytes
    }
    let one = try content(#""occurredAt":"2026-03-02T08:31:00-05:00""#, #"{"code":"37238"}"#)
    let time = #""occurredAt":"2026-03-02T13:31:00.000Z""#
    #expect(try content(time, #"{"units":1.0,"code":"37238","modifiers":[]}"#) == one)
    #expect(try content(time, #"{"units":10e-1,"code":"3723\u0038"}"#) == one)
    #expect(try content(time, #"{"units":2,"code":"37238"}"#) != one)
    #expect(try content(time + #","reason":"late""#, #"{"code":"37238"}"#) != one)
    #expect(try content(time + #","performer":"dr-1""#, #"{"code":"37238"}"#) != one)
    #expect(try content(time + #","timeQualifier":"estimated""#, #"{"code":"37238"}"#) != one)
    #expect(
      try content(#""occurredAt":"2026-03-02T13:31:00.000001Z""#, #"{"code":"37238"}"#) != one)
  }

  @Test func `keeps a letter as it was written, one byte form being another content`() throws {
    let composed = try EventBody(.roomChanged, data: ["room": "Lab \u{E9}"])
    let decomposed = try EventBody(.roomChanged, data: ["room": "Lab e\u{301}"])
    #expect(composed != decomposed)
    let note = try EventBody(.noteRecorded, data: ["kind": "tech", "text": "\u{E9}"])
    #expect(note != (try EventBody(.noteRecorded, data: ["kind": "tech", "text": "e\u{301}"])))
  }
}
