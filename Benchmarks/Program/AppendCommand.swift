import ArgumentParser
import Procedures
import Store

/// `benchmark append`: how many events so many callers append, each waiting for its answer before
/// its next event.
struct AppendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "append")

  /// How many events a caller records in a case before it opens the next, as a lab does.
  static let eventsPerCase = 50

  @Option var callers: Int
  @Option var seconds: Int
  @Flag(help: "All callers record in one case.") var oneCase = false
  @OptionGroup var bench: Bench

  func validate() throws {
    guard (1...10_000).contains(callers), (1...3600).contains(seconds) else {
      throw ValidationError("--callers takes 1 to 10000, --seconds 1 to 3600.")
    }
  }

  func run() async throws {
    let (callers, seconds, oneCase) = (callers, seconds, oneCase)
    let latencies = try await bench.run { live in
      try await live.openFacility()
      let hotCase = CaseID.random()
      if oneCase { try await live.open(hotCase) }
      let end = ContinuousClock.now + .seconds(seconds)
      return try await withThrowingTaskGroup(of: Latencies.self) { group in
        for _ in 0..<callers {
          group.addTask {
            if oneCase { return try await live.record(in: hotCase, until: end) }
            return try await live.recordCases(until: end)
          }
        }
        return Latencies.joined(try await group.reduce(into: []) { $0.append($1) })
      }
    }
    let shares = latencies.percentiles([0.5, 0.99])
    try report([
      "events": Int64(latencies.count), "seconds": Int64(seconds),
      "perSecond": Int64(latencies.count / seconds), "p50": shares[0], "p99": shares[1],
    ])
  }
}

extension Live {
  /// Records in one case.
  fileprivate func record(
    in caseID: CaseID, until end: ContinuousClock.Instant
  ) async throws -> Latencies {
    var latencies = Latencies()
    while ContinuousClock.now < end {
      latencies.add(try await ContinuousClock().measure { try await recordImage(in: caseID) })
    }
    return latencies
  }

  /// Records one case after the other; their openings count as what they are, events.
  fileprivate func recordCases(until end: ContinuousClock.Instant) async throws -> Latencies {
    var latencies = Latencies()
    var caseID = CaseID.random()
    while ContinuousClock.now < end {
      let place = latencies.count % AppendCommand.eventsPerCase
      if place == 0 { caseID = .random() }
      let current = caseID
      latencies.add(
        try await ContinuousClock().measure {
          if place == 0 { try await open(current) } else { try await recordImage(in: current) }
        })
    }
    return latencies
  }
}

/// `benchmark open-cases`: opens cases for a load that records over HTTP, and prints their ids.
struct OpenCasesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "open-cases")

  @Option var count: Int
  @OptionGroup var bench: Bench

  func validate() throws {
    guard (1...1_000_000).contains(count) else {
      throw ValidationError("--count takes 1 to 1000000.")
    }
  }

  func run() async throws {
    let count = count
    let cases = (0..<count).map { _ in CaseID.random() }
    try await bench.run { live in
      try await live.openFacility()
      let width = 64
      try await withThrowingTaskGroup(of: Void.self) { group in
        for lane in 0..<width {
          group.addTask {
            for index in stride(from: lane, to: count, by: width) {
              try await live.open(cases[index])
            }
          }
        }
        try await group.waitForAll()
      }
    }
    for id in cases { print(id) }
  }
}
