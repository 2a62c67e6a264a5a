import Foundation
import Procedures

extension Identifier {
  /// A made-up identifier, another for each number.
  init(_ number: UInt64) { self.init(high: 0xCA7B_1068, low: number) }
}

func json(_ text: String) throws(JSONError) -> JSON { try JSON.read(Array(text.utf8)) }

/// When the case of the tests is opened.
let opening = Instant(microseconds: 1_772_458_260_000_000)

/// A clock that stands an hour after the opening, and a rule book that derives two codes.
let context = DecisionContext(
  facility: FacilityCode("general"), now: opening.adding(seconds: 3600),
  derivedCodes: Set(["37252", "37253"].compactMap { BillingCode($0) }))

/// A case that is recorded step by step, as the store would.
struct Scenario {
  var state = CaseState(CaseID(1000))
  var recorded: [Event] = []
  private var lastID: UInt64 = 0

  init() {}

  /// A case in a phase, with an image, a lesion `L1`, a coded procedure and a note.
  init(_ phase: CaseState.Phase) throws {
    guard phase != .unknown else { return }
    try record(.caseOpened)
    try record(.imageAcquired)
    try record(.lesionIdentified)
    try record(.procedureCoded)
    try record(.noteRecorded)
    switch phase {
    case .unknown, .open: break
    case .closed: try record(.caseClosed)
    case .signed: try record(.caseSigned)
    case .cancelled: try record(.caseCancelled)
    }
  }

  /// The entries of ``init(_:)`` that amendments speak of.
  static let opening = EventID(1)
  static let image = EventID(2)
  static let lesion = EventID(3)
  static let procedure = EventID(4)
  static let note = EventID(5)

  /// The event that comes next, a minute after the one before.
  func event(_ type: EventType, _ data: String? = nil, reason: String? = nil) throws -> Event {
    Event(
      id: EventID(lastID + 1), caseID: state.id,
      occurredAt: ProceduresTests.opening.adding(seconds: Int64(lastID) * 60),
      reason: reason.map { .clear($0) },
      body: try EventBody(type, data: json(data ?? sampleData(type).least)))
  }

  @discardableResult
  mutating func record(
    _ type: EventType, _ data: String? = nil, reason: String? = nil
  ) throws -> EventID {
    let event = try state.decide(event(type, data, reason: reason), in: context)
    lastID += 1
    recorded.append(event)
    state.evolve(event, version: Int64(recorded.count))
    return event.id
  }

  @discardableResult
  mutating func retract(_ entry: EventID) throws -> EventID {
    try record(.entryRetracted, #"{"entry":"\#(entry)","reason":"wrong"}"#)
  }

  @discardableResult
  mutating func correct(
    _ entry: EventID, _ data: String, occurredAt: Instant? = nil
  ) throws -> EventID {
    let time = occurredAt.map { #","occurredAt":"\#($0)""# } ?? ""
    return try record(
      .entryCorrected, #"{"entry":"\#(entry)","data":\#(data),"reason":"wrong"\#(time)}"#)
  }
}

/// Numbers that look random and can be had again: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
  let seed: UInt64
  private var state: UInt64

  init(_ seed: UInt64) {
    self.seed = seed
    state = seed
  }

  /// The seed of `CATHLOG_SEED`, to repeat a failure; else a new one in each run.
  init() {
    let given = ProcessInfo.processInfo.environment["CATHLOG_SEED"].flatMap { UInt64($0) }
    self.init(given ?? UInt64.random(in: 0...UInt64.max))
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
