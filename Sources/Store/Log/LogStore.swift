public import Procedures

/// The logs of facilities: append and read.
///
/// PostgreSQL in service, memory in tests of what stands above; one contract suite holds both to the
/// same behaviour.
/// Every method throws ``StoreError`` alone.
public protocol LogStore: Sendable {
  /// Appends what the requests ask for, in one commit, and answers after it.
  ///
  /// Requests stand or fall by themselves, in their order: a later request of a case sees what an
  /// earlier one of the same call did. Within one call an event id may stand once only, and every
  /// request of a case carries the same key.
  /// - Throws: ``StoreError/facilityUnknown`` when the log does not exist and the first entry does not
  ///   open it.
  func append(
    _ requests: [AppendRequest], to facility: FacilityCode
  ) async throws(StoreError) -> [AppendOutcome]

  /// Where the log ends; nil when there is no such log.
  func head(of facility: FacilityCode) async throws(StoreError) -> LogEnd?

  /// The clock by which events are recorded.
  func now() async throws(StoreError) -> Instant

  /// The facilities that have a log, by code.
  func facilities() async throws(StoreError) -> [FacilityCode]

  /// Rows of the log after a position, in order, at most `limit`.
  func rows(
    of facility: FacilityCode, after position: Int64, limit: Int
  ) async throws(StoreError) -> [LogRow]

  /// Rows of a case after a version, in order, at most `limit`.
  func rows(
    of caseID: CaseID, in facility: FacilityCode, after version: Int64, limit: Int
  ) async throws(StoreError) -> [LogRow]

  /// The first row of each of these cases, without those that have none, in no order.
  func firstRows(
    of cases: [CaseID], in facility: FacilityCode
  ) async throws(StoreError) -> [LogRow]

  /// Calls `body` with each row of the log in a range of positions, in order, from one snapshot and
  /// in bounded memory.
  func forEachRow(
    of facility: FacilityCode, in positions: ClosedRange<Int64>,
    _ body: @escaping @Sendable (LogRow) throws(StoreError) -> Void
  ) async throws(StoreError)

  /// The keys of these cases, without those that have none.
  func keys(
    of cases: [CaseID], in facility: FacilityCode
  ) async throws(StoreError) -> [CaseID: WrappedKey]

  /// The key under which the facility's patients are hashed: the one that is stored, else the
  /// proposal, which is stored then.
  func registryKey(
    of facility: FacilityCode, proposing key: WrappedKey
  ) async throws(StoreError) -> WrappedKey

  /// The pseudonym behind a hashed identifier: the one that is stored, else the proposal, which is
  /// stored then.
  func pseudonym(
    for identifierHash: [UInt8], in facility: FacilityCode, proposing pseudonym: PatientPseudonym
  ) async throws(StoreError) -> PatientPseudonym

  /// Whether the registry gave out this pseudonym.
  func knows(
    _ pseudonym: PatientPseudonym, in facility: FacilityCode
  ) async throws(StoreError) -> Bool
}

/// Names a patient inside the log; random, and worthless without the registry.
public typealias PatientPseudonym = Identifier<PatientReference>

/// The end of a log.
public struct LogEnd: Hashable, Sendable {
  /// The position of the last event.
  public var position: Int64
  /// When that was recorded.
  public var recordedAt: Instant

  /// An end of these parts.
  public init(position: Int64, recordedAt: Instant) {
    self.position = position
    self.recordedAt = recordedAt
  }
}
