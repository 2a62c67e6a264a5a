import Evidence
import Procedures
import Store
import Testing

/// An appender at work, and what reads behind it: one instance of the service.
struct Service: Sendable {
  let store: any LogStore
  let appender: Appender
  let reader: LogReader
  let ticks = LogTicks()

  init(
    _ store: any LogStore, masterKey: MasterKey, limits: AppenderLimits = AppenderLimits(),
    derivedCodes: Set<BillingCode> = [],
    ruleBooks: AdoptableRuleBooks = AdoptableRuleBooks(shipped: [], store: nil)
  ) {
    let vault = Vault(store: store, masterKeys: [masterKey])
    self.store = store
    appender = Appender(
      store: store, vault: vault, ticks: ticks, derivedCodes: derivedCodes,
      ruleBooks: ruleBooks, limits: limits)
    reader = LogReader(store: store, vault: vault)
  }

  /// Runs the appender for as long as the body does, and lets it finish.
  func run<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { [appender] in await appender.run() }
      defer { appender.shutdown() }
      return try await body()
    }
  }

  @discardableResult
  func append(
    _ events: Event..., expecting version: Int64? = nil, to facility: FacilityCode
  ) async throws -> [Receipt] {
    try await append(events, expecting: version, to: facility)
  }

  func append(
    _ events: [Event], expecting version: Int64? = nil, to facility: FacilityCode
  ) async throws -> [Receipt] {
    let caseID = try #require(events.first).caseID
    return try await appender.append(
      Submission(
        caseID: caseID, events: events, recorder: try Lab.nurse, expectedVersion: version),
      to: facility)
  }

  /// A new facility with its log.
  func openFacility() async throws -> FacilityCode {
    let facility = try Entries.facility()
    try await append(try Lab.facilityOpened(facility), to: facility)
    return facility
  }

  /// A new case, open, of a facility.
  func openCase(in facility: FacilityCode) async throws -> Lab {
    let lab = Lab(facility)
    try await append(try lab.opened(), to: facility)
    return lab
  }
}

/// The refusal that a submission meets; a failed test where it meets none.
func refusal(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async throws -> (refusal: Refusal, index: Int?) {
  do {
    try await body()
  } catch AppendFailure.refused(let refusal, let index) {
    return (refusal, index)
  }
  throw NotRefused()
}

struct NotRefused: Error {}

/// Checks that a log is whole: positions, versions, times, leaves, and each event id once.
func expectWhole(
  _ store: any LogStore, _ facility: FacilityCode, _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) async throws {
  let rows = try await store.allRows(of: facility)
  #expect(
    rows.map(\.position) == Array(1...Int64(rows.count)), comment, sourceLocation: sourceLocation)
  for (_, rows) in Dictionary(grouping: rows, by: \.caseID) {
    #expect(
      rows.map(\.version) == Array(1...Int64(rows.count)), comment, sourceLocation: sourceLocation)
  }
  #expect(
    Set(rows.map(\.entry.eventID)).count == rows.count, comment, sourceLocation: sourceLocation)
  #expect(
    rows.allSatisfy { $0.leafHash == $0.computedLeafHash.bytes }, comment,
    sourceLocation: sourceLocation)
}
