public import Procedures

/// One entry of the simulated log: the event, who entered it, and when.
public struct LabEntry: Sendable {
  /// The event's id.
  public let id: EventID
  /// The case.
  public let caseID: CaseID
  /// The event's type.
  public let type: EventType
  /// When it happened, by the clock of whoever saw it.
  public let occurredAt: Instant
  /// How far that time can be trusted.
  public let timeQualifier: Event.TimeQualifier?
  /// Who did it, where that is not the recorder.
  public let performer: PersonCode?
  /// Why it is entered late.
  public let reason: Confidential?
  /// The type's own fields, in the order and form in which an export has them.
  public let data: JSON
  /// When it was entered; never before the entry before it.
  public internal(set) var enteredAt: Instant
  /// Who entered it.
  public let recorder: PersonCode

  /// The event, read as the log reads it.
  ///
  /// - Throws: the refusal of a form that is not the contract's, which no simulated entry has.
  public func event() throws(Refusal) -> Event {
    Event(
      id: id, caseID: caseID, occurredAt: occurredAt, timeQualifier: timeQualifier,
      performer: performer, reason: reason, body: try EventBody(type, data: data))
  }

  /// The entry as a line of a file of events has it, with who recorded it and when.
  ///
  /// It carries no position, version or hash: those belong to a log that holds it.
  public var json: JSON {
    var members: [JSON.Member] = []
    members.reserveCapacity(10)
    members.append(JSON.Member("id", .string(id.description)))
    members.append(JSON.Member("case", .string(caseID.description)))
    members.append(JSON.Member("type", .string(type.rawValue)))
    members.append(JSON.Member("occurredAt", .string(occurredAt.description)))
    if let timeQualifier {
      members.append(JSON.Member("timeQualifier", .string(timeQualifier.rawValue)))
    }
    if let performer { members.append(JSON.Member("performer", .string(performer.text))) }
    if case .clear(let reason) = reason { members.append(JSON.Member("reason", .string(reason))) }
    members.append(JSON.Member("data", data))
    members.append(JSON.Member("recordedAt", .string(enteredAt.description)))
    members.append(JSON.Member("recorder", .string(recorder.text)))
    return .object(members)
  }
}
