import Procedures
import Simulation

/// The demo's cases: some of yesterday that show what can become of a case, two under way, and after
/// them whatever the seed brings.
struct DemoCases: Sendable {
  /// What all chance of the demo comes from.
  static let seed: UInt64 = 20_260_105
  /// Cases of yesterday: finished, whatever that means for each.
  private static let yesterday: [(kind: CaseKind, habits: Habits)] = [
    (.iliacVein, [.notSigned]), (.iliacVein, [.readingForgotten]), (.aorta, [.wrongSide]),
    (.coronary, [.enteredTwice]), (.filter, []), (.aorta, [.imagesNotStored]),
    (.renal, [.cancelled]),
  ]
  /// Cases under way, one a room.
  private static let underWay: [CaseKind] = [.iliacVein, .coronary]
  /// The case that waits for its signature.
  static let waiting: UInt64 = 0
  /// The case whose images nobody read.
  static let unread: UInt64 = 1
  /// The case under way whose images are shown first.
  static let shown = UInt64(yesterday.count)
  /// How many cases do not come from the seed alone.
  static let composedCount = UInt64(yesterday.count + underWay.count)

  /// The demo's hospital.
  let laboratory: Laboratory
  /// How many times faster than in a lab it goes.
  let speed: Int

  /// The plan of a case.
  static func plan(_ number: UInt64) -> CasePlan {
    if number < shown {
      let row = yesterday[Int(number)]
      return CasePlan(seed: seed, number: number, kind: row.kind, habits: row.habits)
    }
    guard number < composedCount else { return CasePlan(seed: seed, number: number) }
    return CasePlan(seed: seed, number: number, kind: underWay[Int(number - shown)], habits: [])
  }

  /// A composed case as it begins at the first start of the demo.
  func composed(_ number: UInt64, now: Instant) -> SimulatedCase {
    let plan = Self.plan(number)
    guard number >= Self.shown else {
      // Far enough back for the coder, who comes the next day.
      let start = now.adding(seconds: -40 * 3600 + Int64(number) * 1_500)
      return SimulatedCase(plan, in: laboratory, room: Int(number), from: start)
    }
    let room = Int(number - Self.shown)
    let first = SimulatedCase(plan, in: laboratory, room: room, from: now, speed: speed)
    // The second vessel is imaged soon after the reader begins to watch.
    let looks = first.entries.filter { $0.type == .imageAcquired && $0.data["modality"] == "IVUS" }
    let next = looks.first { $0.data["vessel"] != looks[0].data["vessel"] }
    let passed = (next ?? first.entries[first.entries.count / 3]).enteredAt.microseconds
    let start = 2 * now.microseconds - passed + 4_000_000
    return SimulatedCase(
      plan, in: laboratory, room: room, from: Instant(microseconds: start), speed: speed)
  }

  /// What is missing of a case that was left, with times from now on; nil where nothing is.
  func rest(of number: UInt64, in state: CaseState, now: Instant) -> SimulatedCase.Rest? {
    let room = laboratory.room(state.opening?.room) ?? 0
    let happening = SimulatedCase(
      Self.plan(number), in: laboratory, room: room, from: now, speed: speed)
    guard let next = happening.entries.first(where: { state.entry($0.id) == nil }) else {
      return nil
    }
    let start = 2 * now.microseconds - next.enteredAt.microseconds + 3_000_000
    let resumed = SimulatedCase(
      Self.plan(number), in: laboratory, room: room, from: Instant(microseconds: start),
      speed: speed)
    return SimulatedCase.Rest(
      happening: resumed, room: room,
      entries: resumed.entries.filter { state.entry($0.id) == nil })
  }
}

extension SimulatedCase {
  /// A case that goes on after a pause.
  struct Rest {
    let happening: SimulatedCase
    let room: Int
    let entries: [LabEntry]
  }
}
