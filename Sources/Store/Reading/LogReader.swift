public import Procedures

/// Whether a reader sees what identifies patients.
public enum Disclosure: Sendable {
  /// Sealed fields are opened; where the key is gone they read as erased.
  case clear
  /// Sealed fields stay sealed: for folds, which do not look at them.
  case sealed
}

/// Reads a facility's log as events.
public struct LogReader: Sendable {
  let store: any LogStore
  let vault: Vault

  /// A reader of a store's logs.
  public init(store: any LogStore, vault: Vault) {
    self.store = store
    self.vault = vault
  }

  /// Events of a case after a version, in order, at most `limit`.
  public func events(
    of caseID: CaseID, in facility: FacilityCode, after version: Int64 = 0, limit: Int,
    disclosure: Disclosure
  ) async throws(StoreError) -> [RecordedEvent] {
    throw .closed
  }

  /// Events of a facility's log after a position, in order, at most `limit`.
  public func events(
    of facility: FacilityCode, after position: Int64 = 0, limit: Int, disclosure: Disclosure
  ) async throws(StoreError) -> [RecordedEvent] {
    throw .closed
  }

  /// A case as it stands, or as it stood at a moment; its version is 0 where it has no event.
  public func caseState(
    _ caseID: CaseID, in facility: FacilityCode, at moment: Moment = .now
  ) async throws(StoreError) -> CaseState {
    throw .closed
  }

  /// The facility as its own events make it.
  public func facilityState(of facility: FacilityCode) async throws(StoreError) -> FacilityState {
    throw .closed
  }
}

/// Up to where a case is looked at.
public enum Moment: Hashable, Sendable {
  /// Everything recorded so far.
  case now
  /// The event of this version, and those before it.
  case version(Int64)
  /// What was recorded by then.
  case recorded(Instant)
  /// What had happened by then, as far as is known today.
  case occurred(Instant)
}
