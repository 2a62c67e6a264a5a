import Charges
import Foundation
import Procedures
import Simulation
import Testing

/// The seeds of the simulated logs: one from `CATHLOG_SEED` where it is set, to repeat a failure.
enum Seeds {
  static let all: [UInt64] = {
    if let text = ProcessInfo.processInfo.environment["CATHLOG_SEED"], let seed = UInt64(text) {
      return [seed]
    }
    return Array(1...8)
  }()
}

/// What the suites simulate.
enum Histories {
  static func laboratory(rooms: Int = 6, zone: String = "America/New_York") throws -> Laboratory {
    let facility = try #require(FacilityCode("general"))
    let timeZone = try #require(TimeZoneName(zone))
    return try #require(
      Laboratory(facility: facility, timeZone: timeZone, roomCount: rooms))
  }

  static let monday = CalendarDate("2026-01-05") ?? CalendarDate(daysSince1970: 20_458)

  static func log(_ seed: UInt64, cases: Int, rooms: Int = 6) throws -> SimulatedLog {
    SimulatedLog(
      of: try laboratory(rooms: rooms), seed: seed, hours: .workdays(from: monday),
      caseCount: cases)
  }

  /// One case by itself, on a Monday at nine.
  static func alone(
    _ seed: UInt64, _ kind: CaseKind, _ habits: Habits, speed: Int = 1
  ) throws -> SimulatedCase {
    SimulatedCase(
      CasePlan(seed: seed, number: 0, kind: kind, habits: habits), in: try laboratory(), room: 0,
      from: try #require(Instant("2026-01-05T14:00:00Z")), speed: speed)
  }

  /// The file that the entries make.
  static func bytes(_ entries: some Sequence<LabEntry>) -> [UInt8] {
    var bytes: [UInt8] = []
    for entry in entries {
      entry.json.write(into: &bytes, sorted: false)
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }

  /// The charges of every case of a file, as `cathlog derive` makes them.
  static func derivations(_ entries: some Sequence<LabEntry>) throws -> [Derivation] {
    var file = EventFile()
    var cases = CaseCollection(ruleBook: .standard)
    for entry in entries {
      if let line = try file.next(entry.json.bytes) { try cases.add(line) }
    }
    return cases.derivations()
  }
}

/// The cases as the log would grow them, each event decided when it was entered.
struct GrownCases {
  private(set) var states: [CaseID: CaseState] = [:]

  init(_ entries: some Sequence<LabEntry>) throws {
    let facility = FacilityCode("general")
    let codes = RuleBook.standard.derivedCodes
    for entry in entries {
      let context = DecisionContext(
        facility: facility, now: entry.enteredAt, derivedCodes: codes)
      var state = states[entry.caseID] ?? CaseState(entry.caseID)
      states[entry.caseID] = nil
      let accepted = try state.decide(try entry.event(), in: context)
      state.evolve(accepted, version: state.version + 1)
      states[entry.caseID] = state
    }
  }
}
