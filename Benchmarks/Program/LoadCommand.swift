import ArgumentParser
import Procedures
import Simulation
import Store

/// `benchmark load`: a log of simulated cases, through the appender, so that every row is as real as
/// in service: sealed, hashed, decided.
struct LoadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "load")

  /// How many entries are under way at once.
  private static let windowSize = 4_000

  @Option(help: "So many events; the last cases may be under way.")
  var events: Int
  @Option var seed: UInt64 = 1
  @OptionGroup var bench: Bench

  func validate() throws {
    guard (1...1_000_000_000).contains(events) else {
      throw ValidationError("--events takes 1 to 1000000000.")
    }
  }

  func run() async throws {
    let (wanted, seed) = (events, seed)
    let begin = ContinuousClock.now
    try await bench.run { live in
      try await live.openFacility()
      var log = try live.simulation(seed: seed, rooms: 40).makeIterator()
      var count = 0
      while count < wanted {
        var window: [LabEntry] = []
        while window.count < min(Self.windowSize, wanted - count), let entry = log.next() {
          window.append(entry)
        }
        try await live.append(window)
        count += window.count
      }
    }
    try report([
      "events": Int64(wanted), "microseconds": (ContinuousClock.now - begin).microseconds,
    ])
  }
}

extension Live {
  /// The log of a made-up hospital, from the first working day of 2017 on.
  func simulation(seed: UInt64, rooms: Int) throws -> SimulatedLog {
    let laboratory = try known(
      Laboratory(facility: facility, timeZone: known(TimeZoneName("UTC")), roomCount: rooms))
    return SimulatedLog(
      of: laboratory, seed: seed, hours: .workdays(from: try known(CalendarDate("2017-01-02"))))
  }

  /// Entries of one case as they are submitted.
  func submission(_ entries: [LabEntry]) throws -> Submission {
    let first = try known(entries.first)
    return Submission(
      caseID: first.caseID, events: try entries.map { try $0.event() }, recorder: first.recorder)
  }

  /// Appends what a window of the log holds: cases beside each other, each in its order.
  fileprivate func append(_ window: [LabEntry]) async throws {
    let cases = Dictionary(grouping: window, by: \.caseID)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for entries in cases.values {
        group.addTask { try await append(submission(entries)) }
      }
      try await group.waitForAll()
    }
  }
}
