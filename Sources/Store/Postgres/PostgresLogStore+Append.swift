internal import Postgres
public import Procedures

extension PostgresLogStore {
  /// Appends what the requests ask for by one call of `log.append`, which is one commit.
  public func append(
    _ requests: [AppendRequest], to facility: FacilityCode
  ) async throws(StoreError) -> [AppendOutcome] {
    guard !requests.isEmpty else { return [] }
    guard requests.allSatisfy({ !$0.entries.isEmpty }) else {
      throw .misuse("a request needs an entry")
    }
    let sql = AppendColumns(requests).call(facility: facility)
    let answers = try await run { session throws(PostgresError) in
      try Answers(session.queryOne(sql))
    }
    return try answers.outcomes(of: requests)
  }
}

/// What `log.append` says: one element an event.
private struct Answers: Sendable {
  private let outcomes: [String?]
  private let positions: [Int64?]
  private let versions: [Int64?]
  private let recordedAt: [Instant?]

  init(_ row: Row) throws(PostgresError) {
    outcomes = try row[0]
    positions = try row[1]
    versions = try row[2]
    recordedAt = try row[3]
  }

  /// One outcome a request.
  func outcomes(of requests: [AppendRequest]) throws(StoreError) -> [AppendOutcome] {
    let count = requests.reduce(0) { $0 + $1.entries.count }
    guard
      [outcomes.count, positions.count, versions.count, recordedAt.count].allSatisfy({ $0 == count }
      )
    else { throw Self.malformed }
    var answers: [AppendOutcome] = []
    answers.reserveCapacity(requests.count)
    var start = 0
    for request in requests {
      let end = start + request.entries.count
      answers.append(try outcome(start..<end))
      start = end
    }
    return answers
  }

  private func outcome(_ events: Range<Int>) throws(StoreError) -> AppendOutcome {
    var receipts: [Receipt] = []
    receipts.reserveCapacity(events.count)
    for event in events {
      switch outcomes[event] {
      case "appended"?: receipts.append(try receipt(event, isRepeat: false))
      case "repeat"?: receipts.append(try receipt(event, isRepeat: true))
      case "event-id-reused"?: return .eventIDReused(index: event - events.lowerBound)
      case "version-conflict"?:
        guard let current = versions[event] else { throw Self.malformed }
        return .versionConflict(current: current)
      case "key-conflict"?: return .keyConflict
      // A neighbour in the request is reused, and this one was not looked at further.
      default: continue
      }
    }
    return .appended(receipts)
  }

  private func receipt(_ event: Int, isRepeat: Bool) throws(StoreError) -> Receipt {
    guard let position = positions[event], let version = versions[event],
      let recordedAt = recordedAt[event]
    else { throw Self.malformed }
    return Receipt(
      position: position, version: version, recordedAt: recordedAt, isRepeat: isRepeat)
  }

  private static var malformed: StoreError {
    .misuse("log.append answered with arrays that do not fit its call")
  }
}

/// The requests as the columns that `log.append` takes.
private struct AppendColumns {
  private var caseIDs: [CaseID] = []
  private var keys: [WrappedKey] = []
  private var requestVersions: [Int64] = []
  private var requestCases: [Int32] = []
  private var requestCounts: [Int32] = []
  private var entryCases: [Int32] = []
  private var entries: [LogEntry] = []

  init(_ requests: [AppendRequest]) {
    var places: [CaseID: Int32] = [:]
    for request in requests {
      let place: Int32
      if let known = places[request.caseID] {
        place = known
      } else {
        caseIDs.append(request.caseID)
        keys.append(request.key)
        place = Int32(caseIDs.count)
        places[request.caseID] = place
      }
      requestCases.append(place)
      requestVersions.append(request.decidedVersion)
      requestCounts.append(Int32(request.entries.count))
      for entry in request.entries {
        entryCases.append(place)
        entries.append(entry)
      }
    }
  }

  // Closures and not key paths: a key path is resolved anew at each call, and there are many.
  func call(facility: FacilityCode) -> SQL {
    """
    SELECT outcome, event_position, event_version, event_recorded_at FROM log.append(
      \(facility.text), \(caseIDs), \(keys.map { $0.id }), \(keys.map { $0.masterKey }),
      \(keys.map { $0.bytes }), \(requestCases), \(requestVersions), \(requestCounts),
      \(entryCases), \(entries.map { $0.eventID }), \(entries.map { $0.type }),
      \(entries.map { $0.form }), \(entries.map { $0.occurredAt }),
      \(entries.map { $0.timeQualifier }), \(entries.map { $0.performer }),
      \(entries.map { $0.reason }), \(entries.map { $0.payload }),
      \(entries.map { $0.digest }), \(entries.map { $0.recorder }),
      \(entries.map { $0.claimedRecordedAt }), \(entries.map { $0.claimedRecorder }),
      \(entries.map { $0.hot.vessel }), \(entries.map { $0.hot.side }),
      \(entries.map { $0.hot.modality }), \(entries.map { $0.hot.imagesStored }),
      \(entries.map { $0.hot.lesion }), \(entries.map { $0.hot.entryID }))
    """
  }
}
