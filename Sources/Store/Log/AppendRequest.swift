public import Procedures

/// What one caller wants appended to one case: all of it or nothing.
public struct AppendRequest: Hashable, Sendable {
  /// The case.
  public var caseID: CaseID
  /// The case's version on which the entries were decided; 0 for a case without an event.
  ///
  /// A request whose entries are all stored already needs none that fits.
  public var decidedVersion: Int64
  /// The entries, at least one, with different event ids.
  public var entries: [LogEntry]
  /// The key under which the entries were sealed: the case's own, or a proposal for a case without.
  public var key: WrappedKey

  /// A request of these parts.
  public init(caseID: CaseID, decidedVersion: Int64, entries: [LogEntry], key: WrappedKey) {
    self.caseID = caseID
    self.decidedVersion = decidedVersion
    self.entries = entries
    self.key = key
  }
}

/// Where an event stands in the log.
public struct Receipt: Hashable, Sendable {
  /// Its place in the facility's log.
  public var position: Int64
  /// Its place in the case.
  public var version: Int64
  /// The database's clock when it was stored.
  public var recordedAt: Instant
  /// Whether it was stored by an earlier request.
  public var isRepeat: Bool

  /// A receipt of these parts.
  public init(position: Int64, version: Int64, recordedAt: Instant, isRepeat: Bool) {
    self.position = position
    self.version = version
    self.recordedAt = recordedAt
    self.isRepeat = isRepeat
  }
}

/// What became of one request; requests of one call stand or fall by themselves.
public enum AppendOutcome: Hashable, Sendable {
  /// Every entry is in the log, by this request or an earlier one; a receipt for each, in order.
  case appended([Receipt])
  /// An event id is taken by another content; nothing was stored. The place of the entry.
  case eventIDReused(index: Int)
  /// The case has moved on to this version; nothing was stored.
  case versionConflict(current: Int64)
  /// The case has another key; nothing was stored. Read that key, seal again and come back.
  case keyConflict
}

/// Names the data key of a case.
public typealias KeyID = Identifier<WrappedKey>

/// A data key as it is stored: encrypted under a master key.
public struct WrappedKey: Hashable, Sendable {
  /// The key's name; it stays when the key is wrapped anew.
  public var id: KeyID
  /// Which master key wraps it: the first eight bytes of that key's SHA-256.
  public var masterKey: [UInt8]
  /// The encrypted key.
  public var bytes: [UInt8]

  /// A wrapped key of these parts.
  public init(id: KeyID, masterKey: [UInt8], bytes: [UInt8]) {
    self.id = id
    self.masterKey = masterKey
    self.bytes = bytes
  }
}
