import Charges
import Foundation
import Procedures
import Simulation
import Testing

/// Which generated histories the properties are tried on.
///
/// A few hundred unless `CATHLOG_HISTORIES` says how many. They begin with the seed of
/// `CATHLOG_SEED`; where that is set alone, it is the only one, to repeat a failure.
enum Histories {
  static let seeds: Range<UInt64> = {
    let environment = ProcessInfo.processInfo.environment
    let first = environment["CATHLOG_SEED"].flatMap { UInt64($0) }
    let count = environment["CATHLOG_HISTORIES"].flatMap { UInt64($0) }
    let start = first ?? 1
    return start..<start + (count ?? (first == nil ? 300 : 1))
  }()
}

/// Repeatable chance for the standard library's ways to draw.
struct Chance: RandomNumberGenerator {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func next() -> UInt64 { generator.next() }
}

/// A generated history and what a property does to it.
struct History {
  static let policies = ["named-vessel", "sir", "scai-2026"].compactMap {
    GroupingPolicyName($0)
  }

  let seed: UInt64
  var events: [Event]

  init(seed: UInt64) {
    self.init(seed: seed, events: ArbitraryCase(seed: seed).events)
  }

  init(seed: UInt64, events: [Event]) {
    self.seed = seed
    self.events = events
  }

  /// Chance for what is done to the history: the same whenever it is asked for.
  var chance: Chance { Chance(seed: ~seed) }

  var caseID: CaseID { events.first?.caseID ?? .zero }

  /// One of the policies.
  var policy: GroupingPolicyName { Self.policies[Int(seed % 3)] }

  /// The fold of the events.
  var state: CaseState { state(through: events.count) }

  func state(through count: Int) -> CaseState {
    var state = CaseState(caseID)
    for event in events.prefix(count) { state.evolve(event, version: state.version + 1) }
    return state
  }

  /// Whether the log takes the events in this order.
  var isAccepted: Bool {
    var state = CaseState(caseID)
    let context = DecisionContext(facility: nil, now: nil, derivedCodes: [])
    for event in events {
      guard let accepted = try? state.decide(event, in: context) else { return false }
      state.evolve(accepted, version: state.version + 1)
    }
    return true
  }

  func derivation(_ policy: GroupingPolicyName? = nil) throws -> Derivation {
    try Derivation(
      of: state,
      in: DerivationContext(ruleBook: .standard, policy: policy ?? self.policy))
  }

  /// The history with one more event at its end.
  func adding(
    _ type: EventType, _ data: JSON, at time: Instant? = nil
  ) throws -> History {
    let event = Event(
      id: EventID(high: seed, low: 1 << 40 | UInt64(events.count)), caseID: caseID,
      occurredAt: time ?? events.first?.occurredAt ?? Instant(microseconds: 0), reason: .clear("r"),
      body: try EventBody(type, data: data))
    return History(seed: seed, events: events + [event])
  }

  /// The history signed at its end, unless it was cancelled.
  func signed() throws -> History {
    state.phase == .cancelled ? self : try adding(.caseSigned, ["signer": "d", "meaning": "m"])
  }

  /// The opening and the entries that stand, as they stand, each recorded once and in order.
  func settled() throws -> History {
    let state = state
    guard state.phase != .cancelled else { return self }
    let entries = state.standing.filter {
      switch $0.original.type.category {
      case .clinical, .reading, .coding, .note: true
      case .lifecycle, .amendment, .facility: $0.original.type == .caseOpened
      }
    }
    return try History(
      seed: seed,
      events: entries.map { entry in
        var event = entry.original
        event.body = entry.body
        event.occurredAt = entry.occurredAt
        return event
      }
    ).signed()
  }

  /// The events as a person submits them.
  var script: [JSON] {
    events.map { event in
      var members = [
        JSON.Member("id", .string(event.id.description)),
        JSON.Member("case", .string(event.caseID.description)),
        JSON.Member("type", .string(event.type.rawValue)),
        JSON.Member("occurredAt", .string(event.occurredAt.description)),
        JSON.Member("data", event.body.data),
      ]
      if let reason = event.reason { members.append(JSON.Member("reason", reason.json)) }
      return .object(members)
    }
  }

  /// The events as an export holds them.
  func lines() throws -> [JSON] {
    let facility: FacilityCode = try #require(FacilityCode(ArbitraryCase.facility))
    let recorder: PersonCode = try #require(PersonCode("rn-204"))
    return events.enumerated().map { index, event in
      RecordedEvent(
        event: event, facility: facility, position: Int64(index) + 1, version: Int64(index) + 1,
        recordedAt: event.occurredAt, recorder: recorder, form: event.type.form,
        leafHash: Array(repeating: 7, count: 32)
      ).json
    }
  }
}

extension Derivation {
  /// The units of each code over all its lines.
  var units: [String: Int] {
    lines.reduce(into: [:]) { $0[$1.code.text, default: 0] += $1.units }
  }
}
