import Logging
import Procedures
import Projectors
import Simulation
import Store

/// The demo beside the service: opens the facility, lets cases arrive, and tells what is derived.
struct Demo: Sendable {
  /// How many cases before the last are looked at for what is missing of them, when the demo is
  /// started again.
  private static let resumedCount: UInt64 = 200

  private let parts: Parts
  private let address: String
  private let speed: Int
  private let logger: Logger
  private let facility: FacilityCode
  private let timeZone: TimeZoneName
  private let cases: DemoCases

  init(parts: Parts, address: String, speed: Int, logger: Logger) throws {
    guard let facility = FacilityCode("general"), let zone = TimeZoneName("America/New_York"),
      let laboratory = Laboratory(facility: facility, timeZone: zone, roomCount: 3)
    else { throw CommandFailure("demo-broken", "The demo's facility cannot be.", .software) }
    self.parts = parts
    self.address = address
    self.speed = speed
    self.logger = logger
    self.facility = facility
    timeZone = zone
    cases = DemoCases(laboratory: laboratory, speed: speed)
  }

  /// Plays until it is cancelled.
  func run() async throws {
    try await openFacility()
    let beginning = Instant.now
    let begun = try await begunCount()
    var entries = try await entries(after: begun, from: beginning)
    let recorder = DemoRecorder(appender: parts.appender, facility: facility, logger: logger)
    var narrator = DemoNarrator(parts: parts, facility: facility)
    var next = entries.next()
    while let entry = next, entry.enteredAt <= beginning {
      try await recorder.record(entry)
      next = entries.next()
    }
    var isExplained = begun > 0
    try await narrator.catchUp()
    Terminal.write("ready: http://\(address)\n\n")
    if isExplained { try await explain() }
    while let entry = next {
      try await Task.sleep(
        for: .microseconds(entry.enteredAt.microseconds - Instant.now.microseconds))
      if try await recorder.record(entry), try await narrator.tell(entry), !isExplained {
        isExplained = true
        try await explain()
      }
      next = entries.next()
    }
  }

  /// Opens the facility, where an earlier start has not; never plays into one that is not made up.
  private func openFacility() async throws {
    guard let name = Words("General Hospital (made up)") else { return }
    if try await parts.store.head(of: facility) != nil {
      guard try await parts.reader.facilityState(of: facility).opening?.name == name else {
        throw CommandFailure(
          "demo-facility-taken",
          "This database has a facility \(facility) that is not the demo's; give the demo a folder of "
            + "its own with --data-dir.", .data)
      }
      return
    }
    try await parts.openFacility(
      Event(
        id: .random(), caseID: .zero, occurredAt: .now,
        body: .facilityOpened(
          FacilityOpened(facility: facility, name: name, timeZone: timeZone))))
  }

  /// How many cases were begun at earlier starts: they begin in the order of their numbers.
  private func begunCount() async throws -> UInt64 {
    var unknown: UInt64 = 1
    while try await isBegun(unknown - 1) { unknown *= 2 }
    var known = unknown / 2
    while known + 1 < unknown {
      let middle = known + (unknown - known) / 2
      if try await isBegun(middle - 1) { known = middle } else { unknown = middle }
    }
    return known
  }

  private func isBegun(_ number: UInt64) async throws -> Bool {
    try await state(of: number).version > 0
  }

  private func state(of number: UInt64) async throws -> CaseState {
    try await parts.reader.caseState(DemoCases.plan(number).caseID, in: facility)
  }

  /// What is missing of the cases begun, the composed cases that are not begun, and then new ones as
  /// rooms get free.
  private func entries(
    after begun: UInt64, from now: Instant
  ) async throws -> SimulatedLog.Iterator {
    var free = (0..<cases.laboratory.roomCount).map { room in
      Instant(microseconds: now.microseconds + Int64(room) * 150_000_000 / Int64(speed))
    }
    var resumed: [(CasePlan, [LabEntry])] = []
    for number in begun - min(begun, Self.resumedCount)..<begun {
      guard let rest = cases.rest(of: number, in: try await state(of: number), now: now) else {
        continue
      }
      resumed.append((rest.happening.plan, rest.entries))
      free[rest.room] = max(free[rest.room], rest.happening.leavesRoomAt)
    }
    for number in begun..<max(begun, DemoCases.composedCount) {
      let happening = cases.composed(number, now: now)
      resumed.append((happening.plan, happening.entries))
      guard number >= DemoCases.shown else { continue }
      let room = Int(number - DemoCases.shown)
      free[room] = max(free[room], happening.leavesRoomAt)
    }
    let log = SimulatedLog(
      of: cases.laboratory, seed: DemoCases.seed, hours: .aroundTheClock(roomsFreeAt: free),
      firstCase: max(begun, DemoCases.composedCount), speed: speed)
    var iterator = log.makeIterator()
    for (plan, entries) in resumed { iterator.resume(entries, of: plan) }
    return iterator
  }

  private func explain() async throws {
    let tour = try await DemoTour(parts: parts, address: address, facility: facility, cases: cases)
    Terminal.write(tour.text)
  }
}
