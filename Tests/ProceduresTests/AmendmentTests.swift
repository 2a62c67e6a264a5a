import Procedures
import Testing

@Suite struct `Amendments` {
  private let lab3 = #"{"room":"Lab 3"}"#
  private let lab4 = #"{"room":"Lab 4"}"#

  private func room(_ scenario: Scenario, _ entry: EventID) throws -> String? {
    let entry = try #require(scenario.state.entry(entry))
    guard case .roomChanged(let room) = entry.body, !entry.isRetracted else { return nil }
    return room.text
  }

  @Test func `replace one another, and retracting one restores what stood before`() throws {
    var scenario = try Scenario(.open)
    let entry = try scenario.record(.roomChanged, #"{"room":"Lab 2"}"#)
    let first = try scenario.correct(entry, lab3)
    #expect(try room(scenario, entry) == "Lab 3")
    let second = try scenario.correct(entry, lab4)
    #expect(try room(scenario, entry) == "Lab 4")
    let retraction = try scenario.retract(second)
    #expect(try room(scenario, entry) == "Lab 3")
    try scenario.retract(first)
    #expect(try room(scenario, entry) == "Lab 2")
    try scenario.retract(retraction)
    #expect(try room(scenario, entry) == "Lab 4")
    #expect(scenario.state.room?.text == "Lab 4")
    // The original stays as it was recorded.
    let original = try #require(scenario.state.entry(entry)).original
    #expect(original.body == (try EventBody(.roomChanged, data: ["room": "Lab 2"])))
  }

  @Test func `move an entry in time only as long as they stand`() throws {
    var scenario = try Scenario(.open)
    let entry = try scenario.record(.roomChanged)
    let recorded = try #require(scenario.state.entry(entry)).original.occurredAt
    let earlier = opening.adding(seconds: 1)
    let moved = try scenario.correct(entry, lab3, occurredAt: earlier)
    #expect(scenario.state.entry(entry)?.occurredAt == earlier)
    let unmoved = try scenario.correct(entry, lab4)
    #expect(scenario.state.entry(entry)?.occurredAt == recorded)
    try scenario.retract(unmoved)
    #expect(scenario.state.entry(entry)?.occurredAt == earlier)
    try scenario.retract(moved)
    #expect(scenario.state.entry(entry)?.occurredAt == recorded)
  }

  @Test func `of a retracted entry show once the retraction is retracted`() throws {
    var scenario = try Scenario(.open)
    let entry = try scenario.record(.roomChanged)
    let retraction = try scenario.retract(entry)
    #expect(scenario.state.standing.allSatisfy { $0.id != entry })
    try scenario.correct(entry, lab4)
    #expect(try room(scenario, entry) == nil)
    try scenario.retract(retraction)
    #expect(try room(scenario, entry) == "Lab 4")
  }

  @Test func `of amendments end at the amendment: it is retracted, never corrected`() throws {
    var scenario = try Scenario(.open)
    let correction = try scenario.correct(Scenario.note, #"{"kind":"tech","text":"x"}"#)
    let retraction = try scenario.retract(Scenario.image)
    for amendment in [correction, retraction] {
      let refusal = #expect(throws: Refusal.self) { try scenario.correct(amendment, "{}") }
      #expect(refusal?.code == .fieldInvalid)
      #expect(refusal?.field == "data.entry")
    }
  }

  @Test func `of a lesion leave the images that name it, and open its old name to none`() throws {
    var scenario = try Scenario(.open)
    let onLesion =
      #"{"modality":"IVUS","vessel":"inferior-vena-cava","phase":"diagnostic","imagesStored":true,"lesion":"L1"}"#
    let image = try scenario.record(.imageAcquired, onLesion)
    let renamed = try scenario.correct(
      Scenario.lesion, #"{"lesion":"L9","vessels":[{"vessel":"inferior-vena-cava"}]}"#)
    #expect(scenario.state.entry(image)?.isRetracted == false)
    let refusal = #expect(throws: Refusal.self) {
      try scenario.record(.imageAcquired, onLesion)
    }
    #expect(refusal?.code == .lesionUnknown)
    try scenario.retract(renamed)
    try scenario.record(.imageAcquired, onLesion)
    let retraction = try scenario.retract(Scenario.lesion)
    #expect(throws: Refusal.self) { try scenario.record(.imageAcquired, onLesion) }
    try scenario.retract(retraction)
    try scenario.record(.imageAcquired, onLesion)
  }

  @Test func `are stored in the canonical form of what they correct`() throws {
    var scenario = try Scenario(.open)
    let spelled = try scenario.event(
      .entryCorrected,
      #"{"entry":"\#(Scenario.procedure)","data":{"code":"37238","units":1},"reason":"r"}"#)
    let short = try scenario.event(
      .entryCorrected,
      #"{"entry":"\#(Scenario.procedure)","data":{"code":"37238"},"reason":"r"}"#)
    #expect(spelled.contentBytes != short.contentBytes)
    let canonical = scenario.state.canonical(short)
    #expect(canonical.contentBytes == scenario.state.canonical(spelled).contentBytes)
    #expect(try scenario.state.decide(short, in: context) == canonical)
    try scenario.correct(Scenario.procedure, #"{"code":"37238"}"#)
    #expect(scenario.state.canonical(short) == canonical)
  }

  @Test func `that cannot be read mark the case instead of being passed over`() throws {
    var scenario = try Scenario(.open)
    #expect(scenario.state.unreadable.isEmpty)
    let broken = try scenario.event(
      .entryCorrected, #"{"entry":"\#(Scenario.image)","data":{"room":"Lab 4"},"reason":"r"}"#)
    scenario.state.evolve(broken, version: 6)
    #expect(scenario.state.unreadable == [broken.id])
    var astray = try scenario.event(.entryRetracted, #"{"entry":"\#(EventID(99))","reason":"r"}"#)
    astray.id = EventID(98)
    scenario.state.evolve(astray, version: 7)
    #expect(scenario.state.unreadable == [broken.id, astray.id])
    #expect(scenario.state.entry(Scenario.image)?.isRetracted == false)
  }

  @Test(arguments: [#"{"sealed":"AAAA"}"#, #"{"erased":true}"#])
  func `are read as the log holds them, sealed or erased`(_ text: String) throws {
    var scenario = try Scenario(.open)
    let correction = try scenario.event(
      .entryCorrected,
      #"{"entry":"\#(Scenario.note)","data":{"kind":"tech","text":\#(text)},"reason":\#(text)}"#)
    scenario.state.evolve(correction, version: 6)
    #expect(scenario.state.unreadable.isEmpty)
    let body = try EventBody(.noteRecorded, data: json(#"{"kind":"tech","text":\#(text)}"#))
    #expect(scenario.state.entry(Scenario.note)?.body == body)
  }
}
