internal import Procedures

/// An event as the log takes it, and as a case's state remembers it: pseudonymous and sealed.
struct SealedEvent {
  /// The event; no identifying text in it can be read without the case's key.
  let event: Event
  /// The same in the form of a row.
  let entry: LogEntry
}

/// Brings the events of one case from the form in which they are submitted to the one in which they
/// are stored.
struct EventSealer {
  let facility: FacilityCode
  let key: CaseKey
  let pseudonyms: [PatientReference: PatientPseudonym]
  let recorder: PersonCode

  /// Seals one event, which is in clear.
  ///
  /// `subject` is, of a correction, the type of the entry that it corrects; `claim` is what another
  /// log says of an imported event.
  func seal(
    _ event: Event, correcting subject: EventType? = nil, claim: Submission.Claim? = nil
  ) throws(StoreError) -> SealedEvent {
    var data = event.body.data
    var stored = event
    var payload: [UInt8]
    let digest: [UInt8]
    if event.type.namesPatient || !event.type.sealedFields.isEmpty {
      data = try pseudonymous(data, of: event.type, correcting: subject)
      digest = key.digest(ofContent: event.contentBytes(canonicalData: data.canonicalBytes))
      data = try sealed(data, of: event.type, correcting: subject, in: event, at: "data")
      payload = data.canonicalBytes
      stored.body = try body(event.type, data)
    } else {
      payload = data.canonicalBytes
      digest = key.digest(ofContent: event.contentBytes(canonicalData: payload))
    }
    stored.reason = try event.reason.map { reason throws(StoreError) in
      try sealed(reason, in: event, at: "reason")
    }
    let entry = LogEntry(
      eventID: event.id, type: event.type.rawValue, form: Int16(event.type.form),
      occurredAt: event.occurredAt, timeQualifier: event.timeQualifier?.rawValue,
      performer: event.performer?.text, reason: stored.reason?.storedBytes, payload: payload,
      digest: digest, recorder: recorder.text, claimedRecordedAt: claim?.recordedAt,
      claimedRecorder: claim?.recorder?.text, hot: LogEntry.HotFields(data))
    return SealedEvent(event: stored, entry: entry)
  }

  /// The data with pseudonyms for patients, and a correction's in the form of the entry's type.
  private func pseudonymous(
    _ data: JSON, of type: EventType, correcting subject: EventType?
  ) throws(StoreError) -> JSON {
    try data.replacing { member throws(StoreError) in
      if type.namesPatient, member.name == "patient" { return try pseudonym(member.value) }
      guard type == .entryCorrected, member.name == "data", let subject else { return nil }
      // Data that cannot be read stays as it is; it equals nothing that was stored.
      let inner = (try? EventBody(subject, data: member.value).data) ?? member.value
      return try pseudonymous(inner, of: subject, correcting: nil)
    }
  }

  private func pseudonym(_ patient: JSON) throws(StoreError) -> JSON {
    guard let patient = patient.text.flatMap({ PatientReference($0) }) else { return patient }
    guard let pseudonym = pseudonyms[patient] else {
      throw .misuse("a patient without a pseudonym")
    }
    return .string(pseudonym.description)
  }

  private func sealed(
    _ data: JSON, of type: EventType, correcting subject: EventType?, in event: Event,
    at path: String
  ) throws(StoreError) -> JSON {
    try data.replacing { member throws(StoreError) in
      let place = path + "." + member.name
      if type.sealedFields.contains(member.name) {
        let text = member.value.text.map { Confidential.clear($0) }
        guard let text else { return try erased(member.value) }
        return try sealed(text, in: event, at: place).json
      }
      guard type == .entryCorrected, member.name == "data", let subject else { return nil }
      return try sealed(member.value, of: subject, correcting: nil, in: event, at: place)
    }
  }

  private func sealed(
    _ text: Confidential, in event: Event, at path: String
  ) throws(StoreError) -> Confidential {
    switch text {
    case .clear(let clear):
      let place = SealedPlace(
        facility: facility, caseID: event.caseID, eventID: event.id, path: path)
      return .sealed(try key.seal(clear, for: place))
    case .erased: return .erased
    case .sealed: throw .misuse("a text that is sealed already")
    }
  }

  /// The value in the place of an erased text; anything else comes from another log's keys.
  private func erased(_ value: JSON) throws(StoreError) -> JSON {
    guard value == Confidential.erased.json else { throw .misuse("a text that is sealed already") }
    return value
  }

  private func body(_ type: EventType, _ data: JSON) throws(StoreError) -> EventBody {
    do {
      return try EventBody(type, data: data)
    } catch {
      throw .misuse("an event that its own type cannot read")
    }
  }
}

extension Confidential {
  /// The bytes of the column `reason`: the seal, or none once it is erased.
  fileprivate var storedBytes: [UInt8]? {
    switch self {
    case .sealed(let bytes): bytes
    case .erased: []
    case .clear: nil
    }
  }
}
