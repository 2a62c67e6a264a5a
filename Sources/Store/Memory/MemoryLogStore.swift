public import Procedures

/// Logs in memory, to the letter of `log.append`: for tests of what stands above the store.
public final class MemoryLogStore: LogStore {
  private let clock: @Sendable () -> Instant

  /// An empty store whose events are recorded by this clock.
  public init(clock: @escaping @Sendable () -> Instant) { self.clock = clock }

  // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
  public func append(
    _ requests: [AppendRequest], to facility: FacilityCode
  ) async throws(StoreError) -> [AppendOutcome] { throw .closed }
  public func head(of facility: FacilityCode) async throws(StoreError) -> LogEnd? { nil }
  public func now() async throws(StoreError) -> Instant { clock() }
  public func facilities() async throws(StoreError) -> [FacilityCode] { [] }
  public func rows(
    of facility: FacilityCode, after position: Int64, limit: Int
  ) async throws(StoreError) -> [LogRow] { [] }
  public func rows(
    of caseID: CaseID, in facility: FacilityCode, after version: Int64, limit: Int
  ) async throws(StoreError) -> [LogRow] { [] }
  public func forEachRow(
    of facility: FacilityCode, in positions: ClosedRange<Int64>,
    _ body: @escaping @Sendable (LogRow) throws(StoreError) -> Void
  ) async throws(StoreError) {}
  public func keys(
    of cases: [CaseID], in facility: FacilityCode
  ) async throws(StoreError) -> [CaseID: WrappedKey] { [:] }
  public func registryKey(
    of facility: FacilityCode, proposing key: WrappedKey
  ) async throws(StoreError) -> WrappedKey { key }
  public func pseudonym(
    for identifierHash: [UInt8], in facility: FacilityCode, proposing pseudonym: PatientPseudonym
  ) async throws(StoreError) -> PatientPseudonym { pseudonym }
}
