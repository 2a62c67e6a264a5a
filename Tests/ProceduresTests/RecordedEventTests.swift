import Procedures
import Testing

@Suite struct `A recorded event` {
  private func recorded(_ type: EventType, _ data: String) throws -> RecordedEvent {
    RecordedEvent(
      event: Event(
        id: EventID(7), caseID: type.category == .facility ? .zero : CaseID(1),
        occurredAt: opening, timeQualifier: .estimated, performer: PersonCode("dr-114"),
        reason: .clear("late"), body: try EventBody(type, data: json(data))),
      facility: try #require(FacilityCode("general")), position: 1 << 50, version: 3,
      recordedAt: opening.adding(seconds: 1), recorder: try #require(PersonCode("rn-204")),
      form: type.form, leafHash: Array(repeating: 7, count: 32),
      claimedRecordedAt: opening, claimedRecorder: PersonCode("rn-9"))
  }

  @Test(arguments: EventType.allCases)
  func `is read back from a file with what the store added`(_ type: EventType) throws {
    let samples = sampleData(type)
    for data in [samples.least, samples.most] {
      let recorded = try recorded(type, data)
      let read = try SubmittedEvent(JSON.read(recorded.json.bytes), from: .file)
      #expect(read.event == recorded.event)
      #expect(read.annotations.facility == recorded.facility)
      #expect(read.annotations.position == recorded.position)
      #expect(read.annotations.version == recorded.version)
      #expect(read.annotations.recordedAt == recorded.recordedAt)
      #expect(read.annotations.recorder == recorded.recorder)
      #expect(read.annotations.form == recorded.form)
    }
  }

  @Test func `is not taken as a request with what only the store adds`() throws {
    let members = try #require(recorded(.roomChanged, #"{"room":"Lab 3"}"#).json.members)
    let own = ["id", "case", "type", "occurredAt", "timeQualifier", "performer", "reason", "data"]
    let asked = members.filter { own.contains($0.name) }
    #expect(throws: Never.self) { try SubmittedEvent(.object(asked), from: .request(case: nil)) }
    for member in members where !own.contains(member.name) {
      let refusal = #expect(throws: Refusal.self) {
        try SubmittedEvent(.object(asked + [member]), from: .request(case: nil))
      }
      #expect(refusal?.code == .fieldUnknown)
      #expect(refusal?.field == member.name)
    }
  }

  @Test func `of a later form than this edition knows is refused`() throws {
    var later = try recorded(.roomChanged, #"{"room":"Lab 3"}"#)
    later.form = 2
    let refusal = #expect(throws: Refusal.self) { try SubmittedEvent(later.json, from: .file) }
    #expect(refusal?.code == .fieldInvalid)
    #expect(refusal?.field == "schema")
  }

  @Test(arguments: [
    (#"{"sealed":"AAAA"}"#, false, false), (#"{"erased":true}"#, false, true),
    (#""clear""#, true, true),
  ])
  func `carries a text sealed in the log alone, erased also in files`(
    _ text: String, _ inRequest: Bool, _ inFile: Bool
  ) throws {
    let places = [
      ("data.text", "note-recorded", #"{"kind":"tech","text":\#(text)}"#, #""late""#),
      ("reason", "note-recorded", #"{"kind":"tech","text":"clear"}"#, text),
      (
        "data.data.text", "entry-corrected",
        #"{"entry":"\#(EventID(1))","reason":"r","data":{"kind":"tech","text":\#(text)}}"#,
        #""late""#
      ),
    ]
    for (field, type, data, reason) in places {
      let document = try json(
        #"""
        {"id":"\#(EventID(2))","case":"\#(CaseID(1))","type":"\#(type)","reason":\#(reason),
         "occurredAt":"2026-03-02T13:31:00Z","data":\#(data)}
        """#)
      for (source, isTaken) in [
        (SubmittedEvent.Source.request(case: nil), inRequest), (.file, inFile),
      ] {
        guard !isTaken else {
          #expect(throws: Never.self) { try SubmittedEvent(document, from: source) }
          continue
        }
        let refusal = #expect(throws: Refusal.self) { try SubmittedEvent(document, from: source) }
        #expect(refusal?.code == .fieldInvalid)
        #expect(refusal?.field == field)
      }
    }
    // What the log holds is read without an edge between.
    #expect(throws: Never.self) {
      try EventBody(.noteRecorded, data: json(#"{"kind":"tech","text":\#(text)}"#))
    }
  }

  @Test func `names its case or leaves it to the address, and never another`() throws {
    func read(_ named: CaseID?, _ address: CaseID?) throws -> CaseID {
      let written = named.map { #""case":"\#($0)","# } ?? ""
      let document = try json(
        #"""
        {"id":"\#(EventID(2))",\#(written)"type":"case-closed",
         "occurredAt":"2026-03-02T13:31:00Z","data":{}}
        """#)
      return try SubmittedEvent(document, from: .request(case: address)).event.caseID
    }
    #expect(try read(CaseID(1), nil) == CaseID(1))
    #expect(try read(nil, CaseID(1)) == CaseID(1))
    #expect(try read(CaseID(1), CaseID(1)) == CaseID(1))
    for (named, address, code) in [
      (CaseID(2), CaseID(1), Refusal.Code.fieldInvalid), (nil, nil, .fieldMissing),
      (.zero, nil, .fieldInvalid), (nil, .zero, .fieldInvalid),
    ] as [(CaseID?, CaseID?, Refusal.Code)] {
      let refusal = #expect(throws: Refusal.self) { try read(named, address) }
      #expect(refusal?.code == code)
      #expect(refusal?.field == "case")
    }
  }
}
