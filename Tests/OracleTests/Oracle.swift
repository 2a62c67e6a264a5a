import Charges
import Foundation
import Postgres
import Procedures
import TestDatabase
import Testing

/// A database in which the oracle counts, and what the product derived beside it.
struct Oracle {
  static let policies = ["named-vessel", "sir", "scai-2026"]

  let url: String
  let connection: Connection

  /// An event as the log stores it.
  struct StoredEvent: Sendable {
    let event: Event
    let version: Int64
  }

  /// How many units of a counted code a case has under a policy.
  struct Units: Sendable {
    let caseID: CaseID
    let policy: String
    let code: String
    let units: Int64
  }

  /// The oracle of a database whose log has its tables.
  init(url: String) async throws {
    self.url = url
    try await TestDatabase.psql(try Self.script("tables"), on: url)
    let sources = Self.folder.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources")
    let vessels = sources.appending(path: "Procedures/Vessels/vessels.csv").path
    let policies = sources.appending(path: "Charges/RuleBook/Shipped/policies.json").path
    try await TestDatabase.psql(
      """
      \\copy oracle.vessel FROM '\(vessels)' (FORMAT csv, HEADER)
      \\set document `cat '\(policies)'`
      INSERT INTO oracle.policies VALUES (:'document');
      """, on: url)
    var settings = ConnectionSettings(url: url)
    // A busy machine takes its time over a thousand cases.
    settings.statementTimeout = .seconds(600)
    connection = try await Connection.open(settings)
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  private static func script(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name + ".sql"), encoding: .utf8)
  }

  /// Takes what the log holds of cases.
  func takeLog() async throws {
    try await TestDatabase.psql(
      """
      INSERT INTO oracle.stored SELECT case_id, version, event_id, type, payload
      FROM log.event WHERE case_id <> '\(CaseID.zero)'
      """, on: url)
  }

  /// Takes events past the log: their payloads in the bytes that the log would hold.
  func take(_ events: [StoredEvent]) async throws {
    try await connection.run { session throws(PostgresError) in
      _ = try session.copyRowsIn("COPY oracle.stored FROM STDIN (FORMAT binary)", events) {
        stored, writer throws(PostgresError) in
        let event = stored.event
        writer.beginRow(columnCount: 5)
        try writer.append(PostgresUUID(high: event.caseID.high, low: event.caseID.low))
        try writer.append(stored.version)
        try writer.append(PostgresUUID(high: event.id.high, low: event.id.low))
        try writer.append(event.type.rawValue)
        try writer.append(event.body.data.canonicalBytes)
      }
    }
  }

  /// Takes what the product derives of cases, under each policy.
  func takeDerived(_ states: [CaseState]) async throws {
    var units: [Units] = []
    for state in states { units += try Self.derived(state) }
    let rows = units
    try await connection.run { session throws(PostgresError) in
      _ = try session.copyRowsIn("COPY oracle.derived FROM STDIN (FORMAT binary)", rows) {
        row, writer throws(PostgresError) in
        writer.beginRow(columnCount: 4)
        try writer.append(PostgresUUID(high: row.caseID.high, low: row.caseID.low))
        try writer.append(row.policy)
        try writer.append(row.code)
        try writer.append(row.units)
      }
    }
  }

  private static func derived(_ state: CaseState) throws -> [Units] {
    let counted = RuleBook.standard.derivedCodes
    return try policies.flatMap { name -> [Units] in
      let policy: GroupingPolicyName = try #require(GroupingPolicyName(name))
      let derivation = try Derivation(
        of: state, in: DerivationContext(ruleBook: .standard, policy: policy))
      var units: [BillingCode: Int64] = [:]
      for line in derivation.lines where counted.contains(line.code) {
        units[line.code, default: 0] += Int64(line.units)
      }
      return units.map { Units(caseID: state.id, policy: name, code: $0.key.text, units: $0.value) }
    }
  }

  struct Verdict {
    let caseCount: Int
    let eventCount: Int
    let rowCount: Int
    /// The first rows in which one says what the other does not.
    let differences: String
  }

  /// Lets the oracle count, and compares.
  func verdict() async throws -> Verdict {
    try await TestDatabase.psql(try Self.script("oracle"), on: url)
    let counts = try await TestDatabase.psql(
      """
      SELECT (SELECT count(DISTINCT case_id) FROM oracle.event), (SELECT count(*) FROM oracle.event),
        (SELECT count(*) FROM oracle.units)
      """, on: url
    ).split(separator: "|").compactMap { Int($0) }
    try #require(counts.count == 3)
    return Verdict(
      caseCount: counts[0], eventCount: counts[1], rowCount: counts[2],
      differences: try await TestDatabase.psql(try Self.script("agreement"), on: url))
  }
}
