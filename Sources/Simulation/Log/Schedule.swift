import Procedures

/// Which room takes the next case, and when.
struct Schedule {
  /// A room of the schedule.
  private struct Room {
    var isFreeAt: Instant
    /// Who comes back to it for a second session, on which date.
    var returning: (patient: String, date: CalendarDate)?
    var chance: SeededGenerator
  }

  private static let opening = 7 * 3600 + 1800
  private static let lastStart = 16 * 3600
  private let timeZone: TimeZoneName
  private let worksAroundTheClock: Bool
  private let speed: Int64
  private var rooms: [Room]
  private var next = 0

  init(_ log: SimulatedLog) {
    timeZone = log.laboratory.timeZone
    speed = Int64(log.speed)
    // Numbers of cases count up from 0; those of rooms count down from the end.
    let chances = (0..<log.laboratory.roomCount).map {
      SeededGenerator(seed: log.seed).stream(.max - 1 - UInt64($0))
    }
    switch log.hours {
    case .workdays(let date):
      worksAroundTheClock = false
      rooms = chances.map { Room(isFreeAt: Instant(microseconds: 0), chance: $0) }
      let workday = Self.workday(onOrAfter: date)
      for index in rooms.indices {
        rooms[index].isFreeAt = morning(of: workday, &rooms[index].chance)
      }
    case .aroundTheClock(let moments):
      worksAroundTheClock = true
      rooms = chances.enumerated().map { index, chance in
        let moment = index < moments.count ? moments[index] : moments.first
        return Room(isFreeAt: moment ?? Instant(microseconds: 0), chance: chance)
      }
    }
    findNext()
  }

  /// When the next case starts.
  var nextStart: Instant { rooms[next].isFreeAt }

  /// Lets the next case start, and books its room until it is turned over.
  mutating func take(_ plan: CasePlan, in log: SimulatedLog) -> SimulatedCase {
    var plan = plan
    let start = nextStart
    let date = timeZone.date(of: start)
    if let returning = rooms[next].returning, returning.date == date {
      plan.patient = returning.patient
    }
    rooms[next].returning = plan.habits.contains(.secondSession) ? (plan.patient, date) : nil
    let happening = SimulatedCase(
      plan, in: log.laboratory, room: next, from: start, speed: log.speed)
    let turnover = Int64(rooms[next].chance.number(in: 12...32)) * 60_000_000 / speed
    book(until: Instant(microseconds: happening.leavesRoomAt.microseconds + turnover), since: date)
    findNext()
    return happening
  }

  private mutating func book(until end: Instant, since date: CalendarDate) {
    rooms[next].isFreeAt = end
    guard !worksAroundTheClock, end > local(date, Self.lastStart) else { return }
    // One team is on call: some nights it is called in, and the case may pass midnight.
    let emergency = local(date, rooms[next].chance.number(in: 22 * 3600...23 * 3600 + 2_700))
    if next == 0, rooms[0].chance.happens(perMille: 400), emergency > end {
      rooms[0].isFreeAt = emergency
    } else {
      let tomorrow = Self.workday(onOrAfter: CalendarDate(daysSince1970: date.daysSince1970 + 1))
      rooms[next].isFreeAt = morning(of: tomorrow, &rooms[next].chance)
    }
  }

  private mutating func findNext() {
    next = 0
    for index in rooms.indices where rooms[index].isFreeAt < rooms[next].isFreeAt { next = index }
  }

  private func morning(of date: CalendarDate, _ chance: inout SeededGenerator) -> Instant {
    local(date, Self.opening + chance.number(in: 0...1_500))
  }

  /// So many seconds after midnight of a date, by the wall clock of an ordinary day.
  private func local(_ date: CalendarDate, _ seconds: Int) -> Instant {
    let naive = Instant(microseconds: Int64(date.daysSince1970 * 86_400 + seconds) * 1_000_000)
    return naive.adding(seconds: -timeZone.secondsFromUTC(at: naive))
  }

  private static func workday(onOrAfter date: CalendarDate) -> CalendarDate {
    // 1970-01-01 was a Thursday: Saturdays are 2 and Sundays 3 after a multiple of seven.
    switch (date.daysSince1970 % 7 + 7) % 7 {
    case 2: CalendarDate(daysSince1970: date.daysSince1970 + 2)
    case 3: CalendarDate(daysSince1970: date.daysSince1970 + 1)
    default: date
    }
  }
}
