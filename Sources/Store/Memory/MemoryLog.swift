internal import Evidence
internal import Procedures

/// One facility's log in memory.
struct MemoryLog {
  private(set) var rows: [LogRow] = []
  /// The places of each case's rows.
  private(set) var cases: [CaseID: [Int]] = [:]
  private(set) var lastRecordedAt = Instant(microseconds: .min)
  var keys: [CaseID: WrappedKey] = [:]
  private let facility: FacilityCode
  private var places: [EventID: Int] = [:]

  init(_ facility: FacilityCode) { self.facility = facility }

  /// Does what `log.append` does, in its order, with requests that passed ``check(_:)``.
  mutating func append(_ requests: [AppendRequest], at clock: Instant) -> [AppendOutcome] {
    let recordedAt = max(clock, lastRecordedAt)
    let countBefore = rows.count
    // Cases of which a request was not taken: later ones were decided on what it would have done.
    var isLeft: Set<CaseID> = []
    let outcomes = requests.map { request -> AppendOutcome in
      // Another key makes another digest, so nothing can be said of repeats yet.
      if let key = keys[request.caseID], key.id != request.key.id { return .keyConflict }
      let outcome = decide(request, isLeft: isLeft.contains(request.caseID), at: recordedAt)
      switch outcome {
      case .appended: break
      case .eventIDReused, .versionConflict, .keyConflict: isLeft.insert(request.caseID)
      }
      return outcome
    }
    guard rows.count > countBefore else { return outcomes }
    lastRecordedAt = recordedAt
    for request in requests where keys[request.caseID] == nil && cases[request.caseID] != nil {
      keys[request.caseID] = request.key
    }
    return outcomes
  }

  /// Refuses what the table's constraints refuse.
  static func check(_ requests: [AppendRequest]) throws(StoreError) {
    var ids: Set<EventID> = []
    var keys: [CaseID: KeyID] = [:]
    for request in requests {
      let key = keys.updateValue(request.key.id, forKey: request.caseID)
      guard key == nil || key == request.key.id else {
        throw .misuse("two requests of a case carry different keys")
      }
      guard !request.entries.isEmpty else { throw .misuse("a request needs an entry") }
      for entry in request.entries {
        guard ids.insert(entry.eventID).inserted else {
          throw .misuse("an event id stands twice in one call")
        }
        guard entry.form > 0, entry.digest.count == 32 else {
          throw .misuse("a row that the log cannot hold")
        }
      }
    }
  }

  private mutating func decide(
    _ request: AppendRequest, isLeft: Bool, at recordedAt: Instant
  ) -> AppendOutcome {
    let known = request.entries.map { entry in places[entry.eventID].map { rows[$0] } }
    let reused = zip(request.entries, known).enumerated().first { _, pair in
      guard let row = pair.1 else { return false }
      return row.caseID != request.caseID || row.entry.digest != pair.0.digest
    }
    if let reused { return .eventIDReused(index: reused.offset) }
    let current = Int64(cases[request.caseID]?.count ?? 0)
    guard known.allSatisfy({ $0 != nil }) || (request.decidedVersion == current && !isLeft) else {
      return .versionConflict(current: current)
    }
    return .appended(
      zip(request.entries, known).map { entry, row in
        let stored = row ?? add(entry, to: request.caseID, at: recordedAt)
        return Receipt(
          position: stored.position, version: stored.version, recordedAt: stored.recordedAt,
          isRepeat: row != nil)
      })
  }

  private mutating func add(
    _ entry: LogEntry, to caseID: CaseID, at recordedAt: Instant
  ) -> LogRow {
    let place = rows.count
    var row = LogRow(
      facility: facility, position: Int64(place) + 1, caseID: caseID,
      version: Int64(cases[caseID]?.count ?? 0) + 1, recordedAt: recordedAt, entry: entry,
      leafHash: [])
    row.leafHash = row.computedLeafHash.bytes
    rows.append(row)
    cases[caseID, default: []].append(place)
    places[entry.eventID] = place
    return row
  }
}
