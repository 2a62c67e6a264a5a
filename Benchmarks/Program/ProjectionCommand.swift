import ArgumentParser
import Charges
import Postgres
import Procedures
import Projectors
import Simulation
import Store
import Synchronization

/// `benchmark projection`: how long it takes from an append's answer until the projection shows it,
/// while events come at a fixed rate whether or not those before are answered.
struct ProjectionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "projection")

  @Option(help: "Events offered a second.") var rate = 1_000
  @Option var seconds: Int
  @Option(help: "Cases that are recorded beside each other.") var lanes = 64
  @Option(help: "images, or cases: whole ones, as simulated.") var mixture = Mixture.images
  @OptionGroup var bench: Bench

  /// What is recorded.
  enum Mixture: String, CaseIterable, ExpressibleByArgument {
    case images
    case cases
  }

  func validate() throws {
    guard (1...100_000).contains(rate), (1...3600).contains(seconds), (1...1_000).contains(lanes)
    else { throw ValidationError("--rate, --seconds or --lanes is out of range.") }
  }

  func run() async throws {
    let load = OpenLoad(
      count: rate * seconds, rate: rate, lanes: lanes, mixture: mixture)
    let (appended, seen) = try await bench.run { live in
      try await live.openFacility()
      let runner = ProjectorRunner(
        pool: live.pool, store: live.store, ticks: live.ticks, ruleBook: .standard, logger: quiet)
      return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await runner.run() }
        let end = try known(try await live.store.head(of: live.facility))
        try await runner.waitUntilApplied(
          position: end.position, in: live.facility, timeout: .seconds(600))
        defer { group.cancelAll() }
        return try await load.run(live)
      }
    }
    let visible = try seen.delays(of: appended.answers).percentiles([0.5, 0.99])
    let answered = appended.latencies.percentiles([0.5, 0.99])
    try report([
      "events": Int64(appended.answers.count), "p50": visible[0], "p99": visible[1],
      "appendP50": answered[0], "appendP99": answered[1],
      "lateMicroseconds": appended.lateness.microseconds,
    ])
  }
}

/// Events that come when they are due.
private struct OpenLoad: Sendable {
  let count: Int
  let rate: Int
  let lanes: Int
  let mixture: ProjectionCommand.Mixture

  func run(_ live: Live) async throws -> (Appended, Observations) {
    let end = LoadEnd()
    async let observations = Observations.watch(live, until: end)
    let appended = try await append(live)
    end.reach(appended.answers.map(\.position).max() ?? 0)
    return (appended, try await observations)
  }

  private func append(_ live: Live) async throws -> Appended {
    let scripts = try scripts(of: live)
    let start = ContinuousClock.now + .milliseconds(100)
    return try await withThrowingTaskGroup(of: Appended.self) { group in
      for (lane, script) in scripts.enumerated() {
        group.addTask {
          var appended = Appended()
          for (place, submission) in script.enumerated() {
            let due = start + .seconds(1) * (lane + place * lanes) / rate
            try await Task.sleep(until: due, clock: .continuous)
            let begin = ContinuousClock.now
            appended.add(try await live.append(submission), due: due, begun: begin)
          }
          return appended
        }
      }
      return try await group.reduce(into: Appended()) { $0.join($1) }
    }
  }

  /// What each lane records, one case after the other.
  private func scripts(of live: Live) throws -> [[Submission]] {
    let length = count / lanes
    switch mixture {
    case .images:
      return try (0..<lanes).map { _ in
        try (0..<length).reduce(into: []) { script, place in
          let isOpening = place % AppendCommand.eventsPerCase == 0
          let caseID = isOpening ? CaseID.random() : try known(script.last?.caseID)
          script.append(try isOpening ? live.opening(caseID) : live.image(in: caseID))
        }
      }
    case .cases:
      var scripts = Array(repeating: [Submission](), count: lanes)
      var lanesOfCases: [CaseID: Int] = [:]
      var log = try live.simulation(seed: .random(in: 0 ... .max), rooms: 40).makeIterator()
      // A case keeps its lane, so that its entries stay in order; a full lane takes no more.
      while scripts.contains(where: { $0.count < length }) {
        let entry = try known(log.next())
        let lane = lanesOfCases[entry.caseID] ?? lanesOfCases.count % lanes
        lanesOfCases[entry.caseID] = lane
        guard scripts[lane].count < length else { continue }
        scripts[lane].append(try live.submission([entry]))
      }
      return scripts
    }
  }
}

/// The position with which the load ended.
private final class LoadEnd: Sendable {
  private let reached = Atomic<Int64>(-1)

  /// Nil as long as the load goes on.
  var position: Int64? {
    let position = reached.load(ordering: .acquiring)
    return position < 0 ? nil : position
  }

  func reach(_ position: Int64) { reached.store(position, ordering: .releasing) }
}

/// What became of the events that were offered.
private struct Appended: Sendable {
  private(set) var answers: [(position: Int64, at: ContinuousClock.Instant)] = []
  /// From when each was due.
  private(set) var latencies = Latencies()
  /// How late the latest was sent.
  private(set) var lateness = Duration.zero

  mutating func add(
    _ receipt: Receipt, due: ContinuousClock.Instant, begun: ContinuousClock.Instant
  ) {
    let now = ContinuousClock.now
    answers.append((receipt.position, now))
    latencies.add(now - due)
    lateness = max(lateness, begun - due)
  }

  mutating func join(_ other: Appended) {
    answers += other.answers
    latencies = .joined([latencies, other.latencies])
    lateness = max(lateness, other.lateness)
  }
}

/// When the projection was first seen at each position, looked at every millisecond.
private struct Observations: Sendable {
  private var seen: [(position: Int64, at: ContinuousClock.Instant)] = []

  /// Looks until the position is seen that the load ended with.
  static func watch(_ live: Live, until end: LoadEnd) async throws -> Observations {
    var observations = Observations()
    let mode = TransactionMode.readOnly.setting("cathlog.facility", to: live.facility.text)
    let deadline = ContinuousClock.now + .seconds(3600)
    while ContinuousClock.now < deadline {
      let position: Int64 = try await live.pool.transaction(mode) {
        session throws(PostgresError) in
        try session.queryOne(
          """
          SELECT coalesce(max(position), 0) FROM projection.checkpoint
          WHERE facility = \(live.facility.text) AND projector = 'current-lines' AND is_active
          """)[0]
      }
      if position > observations.seen.last?.position ?? -1 {
        observations.seen.append((position, .now))
      }
      if let last = end.position, position >= last { return observations }
      try await Task.sleep(for: .milliseconds(1))
    }
    throw Missing()
  }

  /// From each answer until its position was seen; none where that was before the answer.
  func delays(of answers: [(position: Int64, at: ContinuousClock.Instant)]) throws -> Latencies {
    var latencies = Latencies()
    var next = seen[...]
    for answer in answers.sorted(by: { $0.position < $1.position }) {
      while let first = next.first, first.position < answer.position { next = next.dropFirst() }
      latencies.add(max(.zero, try known(next.first).at - answer.at))
    }
    return latencies
  }
}
