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
  var indexes: [EventID: Int] = [:]

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
    public internal(set) var isRetracted = false
    /// The corrections and retractions made to it, by their place among the entries.
    var amendments: [Int] = []
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

  /// Whether a lesion of this name is identified.
  func knows(_ lesion: LesionCode) -> Bool {
    standing.contains {
      if case .lesionIdentified(let identified) = $0.body { return identified.lesion == lesion }
      return false
    }
  }

  /// The type of the entry that an amendment speaks of in the end: of a retraction of a correction,
  /// the type of what was corrected.
  func amendedType(_ target: EventID) -> EventType? {
    var next = target
    // Each step goes to an earlier entry, so the walk ends.
    while let entry = entry(next) {
      switch entry.original.body {
      case .entryCorrected(let correction): next = correction.entry
      case .entryRetracted(let retraction): next = retraction.entry
      default: return entry.original.type
      }
    }
    return nil
  }
}
