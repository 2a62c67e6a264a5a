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
    let columns = AppendColumns(requests)
    let sql = columns.call(facility: facility)
    let rows = try await run { session throws(PostgresError) in try session.query(sql) }
    do throws(PostgresError) {
      return try Self.outcomes(of: requests, rows)
    } catch {
      throw StoreError(error)
    }
  }

  /// Reads one row an event back into one outcome a request.
  private static func outcomes(
    of requests: [AppendRequest], _ rows: [Row]
  ) throws(PostgresError) -> [AppendOutcome] {
    var outcomes: [AppendOutcome] = []
    outcomes.reserveCapacity(requests.count)
    var start = 0
    for request in requests {
      let end = start + request.entries.count
      outcomes.append(try outcome(rows[start..<end]))
      start = end
    }
    return outcomes
  }

  private static func outcome(_ rows: ArraySlice<Row>) throws(PostgresError) -> AppendOutcome {
    var receipts: [Receipt] = []
    for (index, row) in rows.enumerated() {
      switch try row[0, as: String?.self] {
      case "appended"?, "repeat"?:
        receipts.append(
          Receipt(
            position: try row[1], version: try row[2], recordedAt: try row[3],
            isRepeat: try row[0, as: String.self] == "repeat"))
      case "event-id-reused"?: return .eventIDReused(index: index)
      case "version-conflict"?: return .versionConflict(current: try row[2])
      case "key-conflict"?: return .keyConflict
      // A neighbour in the request is reused, and this one was not looked at further.
      default: continue
      }
    }
    return .appended(receipts)
  }
}

/// The requests as the columns that `log.append` takes.
private struct AppendColumns {
  private var caseIDs: [CaseID] = []
  private var keys: [WrappedKey] = []
  private var requestCases: [Int32] = []
  private var requestVersions: [Int64] = []
  private var requestCounts: [Int32] = []
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
      entries.append(contentsOf: request.entries)
    }
  }

  func call(facility: FacilityCode) -> SQL {
    """
    SELECT outcome, event_position, event_version, event_recorded_at FROM log.append(
      \(facility.text), \(caseIDs), \(keys.map(\.id)), \(keys.map(\.masterKey)),
      \(keys.map(\.bytes)), \(requestCases), \(requestVersions), \(requestCounts),
      \(entries.map(\.eventID)), \(entries.map(\.type)), \(entries.map(\.form)),
      \(entries.map(\.occurredAt)), \(entries.map(\.timeQualifier)),
      \(entries.map(\.performer)), \(entries.map(\.reason)), \(entries.map(\.payload)),
      \(entries.map(\.digest)), \(entries.map(\.recorder)),
      \(entries.map(\.claimedRecordedAt)), \(entries.map(\.claimedRecorder)),
      \(entries.map(\.hot.vessel)), \(entries.map(\.hot.side)), \(entries.map(\.hot.modality)),
      \(entries.map(\.hot.imagesStored)), \(entries.map(\.hot.lesion)),
      \(entries.map(\.hot.entryID)))
    """
  }
}
