/// One step of a procedure, as its caller submits it.
public struct Event: Hashable, Sendable {
  /// The caller's name for it: within the facility, sent again it is the same event.
  public var id: EventID
  /// The case to which it belongs; the nil UUID for an event of the facility.
  public var caseID: CaseID
  /// When it happened, by the clock of whoever saw it.
  public var occurredAt: Instant
  /// How far that time can be trusted, where it is not by the room's clock.
  public var timeQualifier: TimeQualifier?
  /// Who did it, where that is not the recorder.
  public var performer: PersonCode?
  /// Why it is recorded late, or anything else that needs a reason.
  public var reason: Confidential?
  /// What happened.
  public var body: EventBody

  /// How far a time can be trusted.
  public enum TimeQualifier: String, CaseIterable, Sendable {
    /// DCM 121137.
    case estimated
    /// DCM 121136: the clock that showed it is not in step with the others.
    case unsynchronized
  }

  /// An event of these parts.
  public init(
    id: EventID, caseID: CaseID, occurredAt: Instant, timeQualifier: TimeQualifier? = nil,
    performer: PersonCode? = nil, reason: Confidential? = nil, body: EventBody
  ) {
    self.id = id
    self.caseID = caseID
    self.occurredAt = occurredAt
    self.timeQualifier = timeQualifier
    self.performer = performer
    self.reason = reason
    self.body = body
  }

  /// Its type.
  public var type: EventType { body.type }
}

/// An event with what the store added to it.
public struct RecordedEvent: Hashable, Sendable {
  /// The event.
  public var event: Event
  /// The facility in whose log it stands.
  public var facility: FacilityCode
  /// Its place in the facility's log: 1, 2, 3 … without a gap.
  public var position: Int64
  /// Its place in the case: 1, 2, 3 ….
  public var version: Int64
  /// The database's clock when it was stored; never before the event at the position before.
  public var recordedAt: Instant
  /// The authenticated person who recorded it.
  public var recorder: PersonCode
  /// The number of the form in which it was written.
  public var form: Int
  /// SHA-256 over 0x00 and its canonical bytes.
  public var leafHash: [UInt8]
  /// When another log says it was recorded; only of imported events.
  public var claimedRecordedAt: Instant?
  /// By whom another log says it was recorded; only of imported events.
  public var claimedRecorder: PersonCode?

  /// An event of these parts.
  public init(
    event: Event, facility: FacilityCode, position: Int64, version: Int64, recordedAt: Instant,
    recorder: PersonCode, form: Int, leafHash: [UInt8], claimedRecordedAt: Instant? = nil,
    claimedRecorder: PersonCode? = nil
  ) {
    self.event = event
    self.facility = facility
    self.position = position
    self.version = version
    self.recordedAt = recordedAt
    self.recorder = recorder
    self.form = form
    self.leafHash = leafHash
    self.claimedRecordedAt = claimedRecordedAt
    self.claimedRecorder = claimedRecorder
  }
}
