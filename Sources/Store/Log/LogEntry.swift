public import Procedures

/// One event as the log holds it, but for what the log itself adds: sealed and in canonical form.
public struct LogEntry: Hashable, Sendable {
  /// The caller's name for the event.
  public var eventID: EventID
  /// The event's type, by its name: a log may hold types that this edition does not know.
  public var type: String
  /// The number of the form that the payload is written in.
  public var form: Int16
  /// When it happened.
  public var occurredAt: Instant
  /// How far that time can be trusted: `estimated` or `unsynchronized`.
  public var timeQualifier: String?
  /// Who did it, where that is not the recorder.
  public var performer: String?
  /// The reason, sealed; empty bytes once it is erased.
  public var reason: [UInt8]?
  /// The canonical bytes of the event's data, its identifying fields sealed.
  public var payload: [UInt8]
  /// HMAC-SHA-256, under the case's key, of the content as decoded: tells a repeat from a reused id.
  public var digest: [UInt8]
  /// The authenticated person who recorded it.
  public var recorder: String
  /// When another log says it was recorded; only of imported events.
  public var claimedRecordedAt: Instant?
  /// By whom another log says it was recorded; only of imported events.
  public var claimedRecorder: String?
  /// What the hot fold reads, again, out of the payload.
  public var hot: HotFields

  /// An entry of these parts.
  public init(
    eventID: EventID, type: String, form: Int16, occurredAt: Instant,
    timeQualifier: String? = nil, performer: String? = nil, reason: [UInt8]? = nil,
    payload: [UInt8], digest: [UInt8], recorder: String, claimedRecordedAt: Instant? = nil,
    claimedRecorder: String? = nil, hot: HotFields = HotFields()
  ) {
    self.eventID = eventID
    self.type = type
    self.form = form
    self.occurredAt = occurredAt
    self.timeQualifier = timeQualifier
    self.performer = performer
    self.reason = reason
    self.payload = payload
    self.digest = digest
    self.recorder = recorder
    self.claimedRecordedAt = claimedRecordedAt
    self.claimedRecorder = claimedRecorder
    self.hot = hot
  }

  /// The fields of a payload that stand in columns of their own, too.
  ///
  /// The most frequent fold decodes no payload; `verify` computes them again.
  public struct HotFields: Hashable, Sendable {
    /// `vessel` of the data.
    public var vessel: String?
    /// `side` of the data.
    public var side: String?
    /// `modality` of the data.
    public var modality: String?
    /// `imagesStored` of the data.
    public var imagesStored: Bool?
    /// `lesion` of the data.
    public var lesion: String?
    /// `entry` of the data: what an amendment amends.
    public var entryID: EventID?

    /// No field.
    public init() {}

    /// The fields of this data.
    public init(_ data: JSON) {
      vessel = data["vessel"]?.text
      side = data["side"]?.text
      modality = data["modality"]?.text
      imagesStored = data["imagesStored"]?.flag
      lesion = data["lesion"]?.text
      entryID = data["entry"]?.text.flatMap { EventID($0) }
    }
  }
}
