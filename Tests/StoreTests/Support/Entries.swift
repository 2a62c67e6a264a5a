import Procedures
import Store
import Testing

/// Rows and requests made by hand, for what the log does without looking into events.
enum Entries {
  /// A facility that no other test has.
  static func facility() throws -> FacilityCode {
    let text = "f-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
    return try #require(FacilityCode(text))
  }

  static func key(_ id: KeyID = .fresh) -> WrappedKey {
    WrappedKey(id: id, masterKey: Array(1...8), bytes: Array(repeating: 7, count: 60))
  }

  static func entry(
    _ id: EventID = .fresh, type: String = "case-closed", digest: UInt8 = 1
  ) -> LogEntry {
    LogEntry(
      eventID: id, type: type, form: 1,
      occurredAt: Instant(microseconds: 1_772_000_000_123_456), payload: Array("{}".utf8),
      digest: Array(repeating: digest, count: 32), recorder: "nurse.1")
  }

  static func request(
    _ caseID: CaseID, version: Int64, _ entries: [LogEntry], key: WrappedKey
  ) -> AppendRequest {
    AppendRequest(caseID: caseID, decidedVersion: version, entries: entries, key: key)
  }

  /// The request that opens a log.
  static func opening(key: WrappedKey = key()) -> AppendRequest {
    request(.zero, version: 0, [entry(type: "facility-opened")], key: key)
  }
}

extension LogStore {
  /// A new log with its opening at position 1.
  func openLog() async throws -> FacilityCode {
    let facility = try Entries.facility()
    _ = try await append([Entries.opening()], to: facility)
    return facility
  }

  /// Appends one request.
  func append(_ request: AppendRequest, to facility: FacilityCode) async throws -> AppendOutcome {
    let outcomes = try await append([request], to: facility)
    return try #require(outcomes.count == 1 ? outcomes.first : nil)
  }

  /// Every row of a log.
  func allRows(of facility: FacilityCode) async throws -> [LogRow] {
    try await rows(of: facility, after: 0, limit: 1_000_000)
  }
}

extension AppendOutcome {
  /// The receipts, where the request was appended.
  var receipts: [Receipt]? {
    guard case .appended(let receipts) = self else { return nil }
    return receipts
  }

  /// The versions in the case, where the request was appended.
  var versions: [Int64]? { receipts?.map(\.version) }
}
