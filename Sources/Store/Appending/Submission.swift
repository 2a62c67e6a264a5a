public import Procedures

/// What a caller submits to one case: all of its events or none.
public struct Submission: Sendable {
  /// The case; the nil UUID for events of the facility.
  public var caseID: CaseID
  /// The events in the order in which they are to be recorded.
  public var events: [Event]
  /// The authenticated person.
  public var recorder: PersonCode
  /// The case's version before the events, where the caller insists on it (`If-Match`).
  public var expectedVersion: Int64?
  /// What another log says of each event, by its place; empty where there is none.
  public var claims: [Claim?]

  /// When and by whom another log says that an imported event was recorded.
  public struct Claim: Hashable, Sendable {
    /// When.
    public var recordedAt: Instant?
    /// By whom.
    public var recorder: PersonCode?

    /// A claim of these parts.
    public init(recordedAt: Instant?, recorder: PersonCode?) {
      self.recordedAt = recordedAt
      self.recorder = recorder
    }
  }

  /// A submission of these parts.
  public init(
    caseID: CaseID, events: [Event], recorder: PersonCode, expectedVersion: Int64? = nil,
    claims: [Claim?] = []
  ) {
    self.caseID = caseID
    self.events = events
    self.recorder = recorder
    self.expectedVersion = expectedVersion
    self.claims = claims
  }
}

/// Why a submission was not appended.
public enum AppendFailure: Error {
  /// The log does not take it; the place of the event at fault, where one is.
  case refused(Refusal, index: Int?)
  /// Too much waits already, or others were faster again and again; the same may be sent again.
  case overloaded
  /// The store could not take it; nothing of it is in the log.
  case store(StoreError)
  /// Whether it is in the log is not known; sent again, it is stored once all the same.
  case commitUnknown
}
