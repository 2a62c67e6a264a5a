public import Procedures

/// A facility's log as it grows: the entries of all rooms in the order in which they were made.
///
/// Lazy: it holds the cases that are open, however many it is asked for.
public struct SimulatedLog: Sequence, Sendable {
  /// The hospital.
  public let laboratory: Laboratory
  /// What all chance comes from.
  public let seed: UInt64
  /// When the rooms work.
  public let hours: Hours
  /// How many cases there are.
  public let caseCount: Int
  /// The number of the first case.
  public let firstCase: UInt64
  /// How many times faster than in a lab everything goes, 1 or more.
  public let speed: Int

  /// When the rooms work.
  public enum Hours: Sendable {
    /// On working days, from the first on or after a date, with an emergency on some nights.
    case workdays(from: CalendarDate)
    /// Day and night, each room from a moment of its own; one without is free with the first.
    case aroundTheClock(roomsFreeAt: [Instant])
  }

  /// The log of so many cases.
  public init(
    of laboratory: Laboratory, seed: UInt64, hours: Hours, caseCount: Int = .max,
    firstCase: UInt64 = 0, speed: Int = 1
  ) {
    self.laboratory = laboratory
    self.seed = seed
    self.hours = hours
    self.caseCount = caseCount
    self.firstCase = firstCase
    self.speed = Swift.max(1, speed)
  }

  /// Begins with the first case.
  public func makeIterator() -> Iterator { Iterator(self) }

  /// Gives one entry after the other.
  public struct Iterator: IteratorProtocol, Sendable {
    private let log: SimulatedLog
    private var schedule: Schedule
    private var queue = EntryQueue()
    private var remaining: Int
    private var number: UInt64

    init(_ log: SimulatedLog) {
      self.log = log
      schedule = Schedule(log)
      remaining = log.caseCount
      number = log.firstCase
    }

    /// How many cases are open now, all their entries in memory.
    public var openCaseCount: Int { queue.caseCount }

    /// Adds entries of a case that began before, in their order.
    public mutating func resume(_ entries: [LabEntry], of plan: CasePlan) {
      queue.add(entries, number: plan.number)
    }

    /// The next entry; nil after the last.
    public mutating func next() -> LabEntry? {
      while remaining > 0, schedule.nextStart <= queue.earliest ?? .latest { begin() }
      return queue.take()
    }

    private mutating func begin() {
      let plan = CasePlan(seed: log.seed, number: number)
      let beginning = schedule.take(plan, in: log)
      queue.add(beginning.entries, number: number)
      number += 1
      remaining -= 1
    }
  }
}
