import Foundation
import Postgres
import Procedures
import Simulation
import Store
import TestDatabase
import Testing

/// How many cases, and from which seed on; see the properties of the charges.
enum Extent {
  private static let environment = ProcessInfo.processInfo.environment
  private static let first = environment["CATHLOG_SEED"].flatMap { UInt64($0) }
  private static let count = environment["CATHLOG_HISTORIES"].flatMap { Int($0) }

  static let seed = first ?? 1
  static let cases = count ?? (first == nil ? 300 : 1)
}

@Suite struct `An oracle in SQL counts as the product derives` {
  private func withOracle(
    _ body: (Oracle) async throws -> Void
  ) async throws {
    let url = try await TestDatabase.fromTemplate("oracle") { url in
      try await Migrator().migrate(ConnectionSettings(url: url))
    }
    let oracle = try await Oracle(url: url)
    try await body(oracle)
    await oracle.connection.close()
  }

  private func expectAgreement(_ oracle: Oracle, _ cases: Int, of what: String) async throws {
    let verdict = try await oracle.verdict()
    #expect(verdict.differences.isEmpty, "first seed \(Extent.seed)\n\(verdict.differences)")
    #expect(verdict.caseCount == cases)
    #expect(verdict.rowCount > 0)
    print(
      "\(verdict.differences.isEmpty ? "agreed" : "DISAGREED"): \(what): \(verdict.caseCount) cases "
        + "of \(verdict.eventCount) events, \(Oracle.policies.count) policies, "
        + "\(verdict.rowCount) rows of units, first seed \(Extent.seed)")
  }

  @Test func `every case file, appended to the log`() async throws {
    try await withOracle { oracle in
      let cases = try CaseFiles.all()
      try await CaseFiles.append(cases, to: oracle.url)
      try await oracle.takeLog()
      try await oracle.takeDerived(cases.map(CaseFiles.state))
      try await expectAgreement(oracle, cases.count, of: "case files")
    }
  }

  @Test func `every generated history`() async throws {
    try await withOracle { oracle in
      for start in stride(from: 0, to: Extent.cases, by: Self.batch) {
        let seeds = start..<min(start + Self.batch, Extent.cases)
        let cases = seeds.map { ArbitraryCase(seed: Extent.seed + UInt64($0)) }
        try await oracle.take(cases.flatMap { Self.stored($0.events) })
        try await oracle.takeDerived(cases.map(\.state))
      }
      try await expectAgreement(oracle, Extent.cases, of: "generated histories")
    }
  }

  @Test func `simulated cases`() async throws {
    try await withOracle { oracle in
      // A simulated case has several times the events of a generated one.
      let count = max(1, Extent.cases / 4)
      var cases: [CaseID: [Event]] = [:]
      for entry in try Self.log(cases: count) {
        cases[entry.caseID, default: []].append(try entry.event())
      }
      var rest = Array(cases.values)[...]
      while !rest.isEmpty {
        let some = rest.prefix(Self.batch)
        rest = rest.dropFirst(some.count)
        try await oracle.take(some.flatMap(Self.stored))
        try await oracle.takeDerived(some.map(CaseFiles.state))
      }
      try await expectAgreement(oracle, count, of: "simulated cases")
    }
  }

  /// How many cases are copied by one statement.
  private static let batch = 1_000

  private static func stored(_ events: [Event]) -> [Oracle.StoredEvent] {
    events.enumerated().map { Oracle.StoredEvent(event: $1, version: Int64($0) + 1) }
  }

  private static func log(cases: Int) throws -> SimulatedLog {
    let facility = try #require(FacilityCode("general"))
    let zone = try #require(TimeZoneName("UTC"))
    let laboratory = try #require(
      Laboratory(facility: facility, timeZone: zone, roomCount: 6))
    let monday = try #require(CalendarDate("2024-01-01"))
    return SimulatedLog(
      of: laboratory, seed: Extent.seed, hours: .workdays(from: monday), caseCount: cases)
  }
}
