/// A case as its events make it: the fold of a log's sub-sequence.
///
/// The same state decides what the case accepts next and tells the derivation what happened. It is
/// grown by ``evolve(_:version:)`` alone.
public struct CaseState: Hashable, Sendable {
  /// Where a case stands in its life.
  public enum Phase: String, Sendable {
    /// No event yet.
    case unknown
    case open
    case closed
    case signed
    case cancelled
  }

  /// The case.
  public let id: CaseID
  /// Where it stands.
  public internal(set) var phase: Phase = .unknown
  /// The number of its last event; 0 before the first.
  public internal(set) var version: Int64 = 0
  /// How it was opened.
  public internal(set) var opening: CaseOpened?
  /// When it was opened.
  public internal(set) var openedAt: Instant?
  /// Whether a signature covers everything recorded so far that can change units.
  public internal(set) var countsAsSigned = false
  /// Its entries in the order of recording, the amended and the retracted among them.
  public internal(set) var entries: [Entry] = []
  /// The events that could not be read in full: corrections whose data is not of the entry's type,
  /// amendments that speak of no entry.
  ///
  /// ``decide(_:in:)`` lets none of them in, so a log holds one only after damage. Such a case
  /// derives nothing rather than something else than was recorded.
  public internal(set) var unreadable: [EventID] = []
  /// The place of each entry among the entries.
  var indexes: [EventID: Int] = [:]
  /// How many standing entries identify a lesion of this name.
  var lesions: [LesionCode: Int] = [:]

  /// A case without an event.
  public init(_ id: CaseID) { self.id = id }

  /// One event of the case, as amendments have left it.
  public struct Entry: Hashable, Sendable {
    /// The event's id.
    public let id: EventID
    /// The event's number in the case.
    public let version: Int64
    /// The event as it was recorded.
    public let original: Event
    /// What it says now.
    public internal(set) var body: EventBody
    /// When it happened, as far as is known now.
    public internal(set) var occurredAt: Instant
    /// Whether a retraction stands against it.
    public var isRetracted: Bool { retractions > 0 }
    /// What it is about: its own type or, of a correction or a retraction, the type of the entry
    /// amended in the end; nil where there is no such entry.
    let subject: EventType?
    /// How many retractions stand against it.
    var retractions = 0
    /// The corrections made to it in the order of recording, by their place among the entries.
    var corrections: [Int] = []
    /// Of a correction, what it makes the entry say; nil for other events.
    var replacement: EventBody?
  }

  /// The entry of this id.
  public func entry(_ id: EventID) -> Entry? { indexes[id].map { entries[$0] } }

  /// The entries that stand: what is not retracted, as corrected, in the order of recording.
  public var standing: some Sequence<Entry> { entries.lazy.filter { !$0.isRetracted } }

  /// The patient, by the last identification that stands.
  public var patient: PatientReference? {
    for entry in entries.reversed() where !entry.isRetracted {
      if case .patientIdentified(let identified) = entry.body { return identified.patient }
    }
    return opening?.patient
  }

  /// The room, by the last change that stands.
  public var room: RoomName? {
    for entry in entries.reversed() where !entry.isRetracted {
      if case .roomChanged(let room) = entry.body { return room }
    }
    return opening?.room
  }

  /// Whether an entry that stands identifies a lesion of this name.
  func knows(_ lesion: LesionCode) -> Bool { lesions[lesion] != nil }
}
