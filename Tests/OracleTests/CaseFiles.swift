import Charges
import Foundation
import Postgres
import Procedures
import Store
import Testing

/// The acceptance cases as events.
enum CaseFiles {
  static func all() throws -> [[Event]] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Cases")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".ndjson") }
    try #require(names.count >= 26)
    return try names.map { name in
      try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        .split(separator: "\n").map { line in
          try SubmittedEvent(try JSON.read(Array(line.utf8)), from: .file).event
        }
    }
  }

  static func state(_ events: [Event]) -> CaseState {
    var state = CaseState(events.first?.caseID ?? .zero)
    for event in events { state.evolve(event, version: state.version + 1) }
    return state
  }

  /// Appends the cases to the log of a facility, as the service does.
  static func append(_ cases: [[Event]], to url: String) async throws {
    var settings = ConnectionSettings(url: url)
    settings.role = PostgresLogStore.serviceRole
    let pool = ConnectionPool(settings)
    let store = PostgresLogStore(pool: pool)
    let appender = Appender(
      store: store, vault: Vault(store: store, masterKeys: [.random()]), ticks: LogTicks(),
      derivedCodes: RuleBook.standard.derivedCodes,
      ruleBooks: AdoptableRuleBooks(shipped: [], store: nil))
    let facility = try #require(FacilityCode("general"))
    let opening = Event(
      id: EventID(high: 1, low: 1), caseID: .zero, occurredAt: Instant(microseconds: 0),
      body: try EventBody(
        .facilityOpened,
        data: ["facility": "general", "name": "General", "timeZone": "America/New_York"]))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await appender.run() }
      defer { appender.shutdown() }
      for events in [[opening]] + cases {
        _ = try await appender.append(
          Submission(
            caseID: events[0].caseID, events: events, recorder: try #require(PersonCode("rn-204"))),
          to: facility)
      }
    }
    await pool.shutdown()
  }
}
