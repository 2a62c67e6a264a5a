import Charges
import Postgres
import Procedures
import Store
import Testing

@testable import Projectors

@Suite struct `The function that posts` {
  /// One call: from, to and after which number, relative to where the ledger stands; and the entry
  /// that it brings, out of the columns of entry 2.
  struct Call: Sendable, CustomStringConvertible {
    let description: String
    var start = "h.position"
    var end = "h.position + 1"
    var lastNumber = "h.last_number"
    var creditOf = "NULL::bigint"
    var caseID = "e.case_id"
    var position = "h.position + 1"
    var document = "e.document"
    /// The state with which it is refused; nil where it is done.
    var state: String? = "CL003"

    var sql: String {
      """
      SELECT ledger.post(h.facility, \(start), \(end), \(lastNumber), true, ARRAY[\(creditOf)],
        ARRAY[\(caseID)], ARRAY[e.version], ARRAY[\(position)],
        ARRAY[e.service_date - DATE '1970-01-01'], ARRAY[e.code], ARRAY[e.units],
        ARRAY[e.rule_book], ARRAY[e.rule_book_digest], ARRAY[e.grouping_policy],
        ARRAY[\(document)])
      FROM ledger.head h JOIN ledger.entry e USING (facility) WHERE e.number = 2
      """
    }
  }

  static let calls: [Call] = [
    Call(description: "what comes next", state: nil),
    Call(description: "the credit of a charge", creditOf: "2::bigint", state: nil),
    Call(description: "a stretch that is posted already", start: "h.position - 1"),
    Call(description: "a stretch after a gap", start: "h.position + 1", end: "h.position + 2"),
    Call(description: "a number that is given already", lastNumber: "h.last_number - 1"),
    Call(description: "a number after a gap", lastNumber: "h.last_number + 1"),
    Call(description: "more than the log has", end: "h.position + 2"),
    Call(description: "an empty stretch", end: "h.position"),
    Call(description: "an entry of an earlier event", position: "h.position"),
    Call(description: "an entry of a later event", position: "h.position + 2"),
    Call(description: "the credit of no entry", creditOf: "-1::bigint"),
    Call(description: "the credit of itself", creditOf: "h.last_number + 1", state: "23514"),
    Call(
      description: "the credit of another amount", creditOf: "2::bigint",
      document: "replace(e.document, '\"units\":2', '\"units\":1')"),
    Call(
      description: "the credit of another case", creditOf: "2::bigint",
      caseID: "'00000000-0000-0000-0000-00000000000f'::uuid"),
    Call(
      description: "a case that is withheld",
      caseID: "'00000000-0000-0000-0000-00000000000e'::uuid"),
  ]

  @Test(arguments: calls)
  func `takes what the log makes, and nothing else`(call: Call) async throws {
    try await Lab.open { lab in
      let events = try CaseFiles.events("three-separate-vessels")
      let withheld = try #require(CaseID("00000000-0000-0000-0000-00000000000e"))
      _ = try await WithheldCases(pool: lab.pool).withhold(
        [withheld], in: lab.facility, by: try #require(PersonCode("ad-1")))
      try await lab.append(events)
      try await lab.project(lab.runner())
      let note: JSON = ["kind": "tech", "text": "calm"]
      try await lab.append([try History.event(events[0].caseID, "note-recorded", note)])
      let before = try await lab.ledger()
      #expect(try await state(of: call.sql, lab) == call.state)
      #expect(try await lab.ledger().count == before.count + (call.state == nil ? 1 : 0))
      // What was refused moved nothing: it can be posted as it should be.
      if call.state != nil { #expect(try await state(of: Self.calls[0].sql, lab) == nil) }
    }
  }

  @Test func `credits a charge once`() async throws {
    try await Lab.open { lab in
      let events = try CaseFiles.events("three-separate-vessels")
      try await lab.append(events)
      try await lab.project(lab.runner())
      let note: JSON = ["kind": "tech", "text": "calm"]
      for expected in [nil, "23505"] as [String?] {
        try await lab.append([try History.event(events[0].caseID, "note-recorded", note)])
        #expect(try await state(of: Self.calls[1].sql, lab) == expected)
      }
    }
  }

  /// The SQLSTATE with which the service is refused; nil where it is not.
  private func state(of statement: String, _ lab: Lab) async throws -> String? {
    let facility = lab.facility
    do throws(PostgresError) {
      try await lab.pool.transaction(TransactionMode.readWrite.projecting(facility)) {
        session throws(PostgresError) in
        try session.execute("\(unescaped: statement)")
      }
      return nil
    } catch {
      return error.sqlState?.rawValue ?? "\(error.kind)"
    }
  }
}
