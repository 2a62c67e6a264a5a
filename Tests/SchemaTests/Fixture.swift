import Procedures
import Store
import Testing

/// A small log: the facility is opened, and a case in it.
enum Fixture {
  static let facility = "general"

  static func openLog(in store: PostgresLogStore) async throws {
    let facility = try #require(FacilityCode(facility))
    let cases = [CaseID.zero, CaseID(high: 1, low: 1)]
    for (number, caseID) in cases.enumerated() {
      let type = caseID == .zero ? "facility-opened" : "case-opened"
      let entry = LogEntry(
        eventID: EventID(high: 2, low: UInt64(number)), type: type, form: 1,
        occurredAt: Instant(microseconds: 1_772_460_000_000_000), payload: Array("{}".utf8),
        digest: Array(repeating: 7, count: 32), recorder: "rn-204")
      let key = WrappedKey(
        id: KeyID(high: 3, low: UInt64(number)), masterKey: Array(repeating: 1, count: 8),
        bytes: [1, 2, 3])
      let outcome = try await store.append(
        [AppendRequest(caseID: caseID, decidedVersion: 0, entries: [entry], key: key)],
        to: facility)
      guard case .appended = outcome.first else { throw FixtureError(outcome: "\(outcome)") }
    }
  }
}

struct FixtureError: Error {
  let outcome: String
}
