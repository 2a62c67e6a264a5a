package import Procedures

extension RecordedEvent {
  /// The event of a stored row, its sealed fields left sealed: for folds, which do not look at them.
  ///
  /// - Throws: ``StoreError/unreadable(_:)`` with the position.
  package init(sealed row: LogRow) throws(StoreError) { try self.init(row, openingWith: nil) }

  /// The event of a stored row.
  ///
  /// - Parameters:
  ///   - row: as it is stored.
  ///   - keys: the keys of cases, to open what is sealed; nil to leave it sealed. What no key opens
  ///     because it was destroyed reads as erased.
  /// - Throws: ``StoreError/unreadable(_:)`` with the position.
  init(_ row: LogRow, openingWith keys: [CaseID: CaseKey]?) throws(StoreError) {
    let entry = row.entry
    guard let type = EventType(rawValue: entry.type) else {
      throw row.unreadable("is of a type that this edition does not know")
    }
    guard Int(entry.form) == type.form else {
      throw row.unreadable("has a form that this edition does not know")
    }
    guard var data = try? JSON.read(entry.payload) else {
      throw row.unreadable("has a payload that is not JSON")
    }
    var reason = entry.reason.map { $0.isEmpty ? Confidential.erased : .sealed($0) }
    if let keys {
      let opener = RowOpener(row: row, key: keys[row.caseID])
      data = try opener.opened(data, at: "data")
      reason = try reason.map { reason throws(StoreError) in
        try opener.opened(reason, at: "reason")
      }
    }
    guard let body = try? EventBody(type, data: data) else {
      throw row.unreadable("has data that is not of its type")
    }
    self.init(
      event: Event(
        id: entry.eventID, caseID: row.caseID, occurredAt: entry.occurredAt,
        timeQualifier: try row.timeQualifier, performer: try row.person(entry.performer),
        reason: reason, body: body),
      facility: row.facility, position: row.position, version: row.version,
      recordedAt: row.recordedAt, recorder: try row.recorder, form: Int(entry.form),
      leafHash: row.leafHash, claimedRecordedAt: entry.claimedRecordedAt,
      claimedRecorder: try row.person(entry.claimedRecorder))
  }
}

extension LogRow {
  fileprivate func unreadable(_ sentence: String) -> StoreError {
    .unreadable("position \(position) of \(facility) \(sentence)")
  }

  fileprivate var timeQualifier: Event.TimeQualifier? {
    get throws(StoreError) {
      guard let text = entry.timeQualifier else { return nil }
      guard let qualifier = Event.TimeQualifier(rawValue: text) else {
        throw unreadable("has an unknown qualifier of its time")
      }
      return qualifier
    }
  }

  fileprivate var recorder: PersonCode {
    get throws(StoreError) {
      guard let recorder = try person(entry.recorder) else { throw unreadable("has no recorder") }
      return recorder
    }
  }

  fileprivate func person(_ text: String?) throws(StoreError) -> PersonCode? {
    guard let text else { return nil }
    guard let person = PersonCode(text) else { throw unreadable("names no person where it should") }
    return person
  }
}

/// Opens what is sealed in one row.
private struct RowOpener {
  let row: LogRow
  let key: CaseKey?

  func opened(_ text: Confidential, at path: String) throws(StoreError) -> Confidential {
    guard case .sealed(let bytes) = text else { return text }
    let place = SealedPlace(
      facility: row.facility, caseID: row.caseID, eventID: row.entry.eventID, path: path)
    switch key?.open(bytes, for: place) {
    case .text(let text): return .clear(text)
    case .underAnotherKey, nil: return .erased
    case .damaged: throw row.unreadable("holds a sealed text that is damaged")
    }
  }

  /// The data with every `{"sealed":…}` opened; requests cannot bring such an object into the log.
  func opened(_ data: JSON, at path: String) throws(StoreError) -> JSON {
    try data.replacing { member throws(StoreError) in
      let place = path + "." + member.name
      guard case .object(let inner) = member.value else { return nil }
      guard inner.count == 1, inner[0].name == "sealed" else {
        return try opened(member.value, at: place)
      }
      guard let bytes = inner[0].value.text.flatMap({ Base64.decode($0) }) else {
        throw row.unreadable("holds a sealed text that is damaged")
      }
      return try opened(.sealed(bytes), at: place).json
    }
  }
}
