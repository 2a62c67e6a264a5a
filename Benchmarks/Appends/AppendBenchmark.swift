import Foundation
import Postgres
import Procedures
import Store
import Synchronization

/// append-benchmark CALLERS SECONDS: how many events a second so many callers append through the
/// appender to the database of DATABASE_URL, each waiting for its answer before its next event.
@main
enum AppendBenchmark {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3, let callers = Int(arguments[1]), let seconds = Int(arguments[2]),
      seconds > 0,
      let url = ProcessInfo.processInfo.environment["DATABASE_URL"]
    else {
      FileHandle.standardError.write(
        Data("usage: DATABASE_URL=… append-benchmark CALLERS SECONDS [one-case]\n".utf8))
      exit(64)
    }
    var settings = ConnectionSettings(url: url)
    try await Migrator().migrate(settings)
    settings.role = PostgresLogStore.serviceRole
    let pool = ConnectionPool(settings)
    let store = PostgresLogStore(pool: pool)
    let appender = Appender(
      store: store, vault: Vault(store: store, masterKeys: [.random()]), ticks: LogTicks(),
      derivedCodes: [])
    let load = Load(appender: appender, isOneCase: arguments.contains("one-case"))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await appender.run() }
      try await load.open()
      let result = try await load.run(callers: callers, for: .seconds(seconds))
      print(result)
      appender.shutdown()
      try await group.waitForAll()
    }
    await pool.shutdown()
  }
}

/// Callers that append images of vessels.
struct Load: Sendable {
  let appender: Appender
  let isOneCase: Bool
  /// A facility of its own each time: another one's keys are wrapped by a master key that is gone.
  private let facility: FacilityCode
  private let recorder: PersonCode

  init(appender: Appender, isOneCase: Bool) {
    self.appender = appender
    self.isOneCase = isOneCase
    let name = "bench-\(UInt32.random(in: 0 ... .max))"
    guard let facility = FacilityCode(name), let recorder = PersonCode("rn-204") else {
      preconditionFailure("plain words are codes")
    }
    self.facility = facility
    self.recorder = recorder
  }

  func open() async throws {
    try await append(
      .facilityOpened,
      ["facility": .string(facility.text), "name": "Benchmark", "timeZone": "UTC"], to: .zero)
  }

  func run(callers: Int, for duration: Duration) async throws -> String {
    let clock = ContinuousClock()
    let hotCase = CaseID.random()
    if isOneCase { try await openCase(hotCase) }
    let end = clock.now + duration
    let latencies = try await withThrowingTaskGroup(of: [Duration].self) { group in
      for _ in 0..<callers {
        group.addTask {
          let caseID = isOneCase ? hotCase : CaseID.random()
          if !isOneCase { try await openCase(caseID) }
          var latencies: [Duration] = []
          while clock.now < end {
            latencies.append(
              try await clock.measure {
                try await append(
                  .imageAcquired,
                  [
                    "modality": "IVUS", "vessel": "common-iliac-vein", "side": "left",
                    "phase": "diagnostic", "imagesStored": true,
                  ], to: caseID)
              })
          }
          return latencies
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }.sorted()
    let perSecond = Double(latencies.count) / (duration / .seconds(1))
    func microseconds(_ share: Double) -> Int {
      Int(latencies[Int(Double(latencies.count - 1) * share)] / .microseconds(1))
    }
    return "callers=\(callers) events=\(latencies.count) per_second=\(Int(perSecond)) "
      + "p50_us=\(microseconds(0.5)) p99_us=\(microseconds(0.99))"
  }

  private func openCase(_ caseID: CaseID) async throws {
    try await append(
      .caseOpened,
      [
        "facility": .string(facility.text), "room": "Lab 2", "serviceDate": "2026-03-02",
        "timeZone": "UTC", "setting": "hospital-outpatient", "operator": "dr-114",
      ], to: caseID)
  }

  private func append(_ type: EventType, _ data: JSON, to caseID: CaseID) async throws {
    let event = Event(
      id: .random(), caseID: caseID, occurredAt: Instant(microseconds: 1_772_460_000_000_000),
      body: try EventBody(type, data: data))
    _ = try await appender.append(
      Submission(caseID: caseID, events: [event], recorder: recorder), to: facility)
  }
}
