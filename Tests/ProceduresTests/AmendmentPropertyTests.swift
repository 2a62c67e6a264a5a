import Procedures
import Testing

/// What a case's events say, computed from scratch each time and as plainly as possible: an entry
/// stands unless an amendment that stands retracts it.
private struct Reference {
  let events: [Event]

  func isStanding(_ event: Event) -> Bool {
    !events.contains { other in
      guard case .entryRetracted(let retraction) = other.body else { return false }
      return retraction.entry == event.id && isStanding(other)
    }
  }

  func correction(of event: Event) -> EntryCorrected? {
    var last: EntryCorrected?
    for other in events where isStanding(other) {
      guard case .entryCorrected(let correction) = other.body, correction.entry == event.id
      else { continue }
      last = correction
    }
    return last
  }

  func body(_ event: Event) throws -> EventBody {
    try correction(of: event).map { try EventBody(event.type, data: $0.data) } ?? event.body
  }

  func lesions() throws -> Set<String> {
    var names: Set<String> = []
    for event in events where isStanding(event) {
      if case .lesionIdentified(let lesion) = try body(event) { names.insert(lesion.lesion.text) }
    }
    return names
  }

  /// The type of what an amendment speaks of in the end.
  func subject(_ event: Event) -> EventType {
    let target: EventID
    switch event.body {
    case .entryCorrected(let correction): target = correction.entry
    case .entryRetracted(let retraction): target = retraction.entry
    default: return event.type
    }
    return events.first { $0.id == target }.map(subject) ?? event.type
  }

  func countsAsSigned() -> Bool {
    guard let signed = events.lastIndex(where: { $0.type == .caseSigned }) else { return false }
    return events[signed...].dropFirst().allSatisfy { event in
      switch event.type {
      case .imageAcquired, .lesionIdentified, .interventionPerformed, .consumableUsed,
        .consumableReturned, .consumableDisposed, .caseReopened:
        false
      case .entryCorrected, .entryRetracted:
        [.procedureCoded, .diagnosisCoded, .modifierApplied, .holdReleased]
          .contains(subject(event))
      default: true
      }
    }
  }
}

@Suite struct `Any history of amendments` {
  private static let corrected: [EventType: [String]] = [
    .lesionIdentified: ["A", "B", "C"].map {
      #"{"lesion":"\#($0)","vessels":[{"vessel":"inferior-vena-cava"}]}"#
    },
    .roomChanged: ["Lab 3", "Lab 4"].map { #"{"room":"\#($0)"}"# },
    .procedureCoded: ["37238", "37239"].map { #"{"code":"\#($0)"}"# },
    .noteRecorded: ["x", "y"].map { #"{"kind":"tech","text":"\#($0)"}"# },
  ]

  private func step(
    _ scenario: inout Scenario, _ random: inout SeededGenerator
  ) throws {
    let types: [EventType] = [.lesionIdentified, .roomChanged, .procedureCoded, .noteRecorded]
    let entry = scenario.recorded.randomElement(using: &random)?.id ?? EventID(1)
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<3:
      let type = types[Int.random(in: 0..<types.count, using: &random)]
      let data = Self.corrected[type]?.randomElement(using: &random)
      try scenario.record(type, data, reason: "late")
    case 3..<5:
      let type = try #require(scenario.state.entry(entry)).original.type
      guard let data = Self.corrected[type]?.randomElement(using: &random) else { return }
      let seconds = Int64.random(in: 0...60, using: &random)
      try scenario.correct(
        entry, data,
        occurredAt: Bool.random(using: &random) ? opening.adding(seconds: seconds) : nil)
    case 5..<9: try scenario.retract(entry)
    default: try scenario.record(.caseSigned)
    }
  }

  @Test func `stands as computed anew from all events`() throws {
    var random = SeededGenerator()
    for _ in 0..<25 {
      var scenario = Scenario()
      try scenario.record(.caseOpened)
      var refused = 0
      for _ in 0..<28 {
        do { try step(&scenario, &random) } catch is Refusal { refused += 1 }
        try compare(scenario, "CATHLOG_SEED=\(random.seed)")
      }
      #expect(scenario.recorded.count + refused <= 29)
      #expect(try refolded(scenario) == scenario.state, "CATHLOG_SEED=\(random.seed)")
    }
  }

  /// The case once more, from its events as a file would hold them.
  private func refolded(_ scenario: Scenario) throws -> CaseState {
    let facility = try #require(FacilityCode("general"))
    let recorder = try #require(PersonCode("rn-204"))
    var state = CaseState(scenario.state.id)
    for (index, event) in scenario.recorded.enumerated() {
      let version = Int64(index + 1)
      let recorded = RecordedEvent(
        event: event, facility: facility, position: version, version: version,
        recordedAt: opening, recorder: recorder, form: event.type.form, leafHash: [1])
      let read = try SubmittedEvent(JSON.read(recorded.json.bytes), from: .file).event
      #expect(try state.decide(read, in: context) == read)
      state.evolve(read, version: version)
    }
    return state
  }

  private func compare(_ scenario: Scenario, _ seed: String) throws {
    let reference = Reference(events: scenario.recorded)
    let state = scenario.state
    #expect(state.unreadable.isEmpty)
    #expect(state.countsAsSigned == reference.countsAsSigned(), "\(seed)")
    for event in scenario.recorded {
      let entry = try #require(state.entry(event.id))
      #expect(entry.isRetracted == !reference.isStanding(event), "\(seed)")
      #expect(entry.body == (try reference.body(event)), "\(seed)")
      let moved = reference.correction(of: event)?.occurredAt
      #expect(entry.occurredAt == moved ?? event.occurredAt, "\(seed)")
    }
    // Which lesions are known is seen in what an image may name.
    let known = try reference.lesions()
    for name in ["A", "B", "C"] {
      let image = try scenario.event(
        .interventionPerformed,
        #"{"action":"stent-placement","vessel":"inferior-vena-cava","lesion":"\#(name)"}"#,
        reason: "late")
      let isTaken = (try? state.decide(image, in: context)) != nil
      #expect(isTaken == known.contains(name), "\(seed)")
    }
  }
}
