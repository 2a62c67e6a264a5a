import Charges
import Foundation
import Logging
import Postgres
import Procedures
import Store
import TestDatabase
import Testing

@testable import Projectors

/// A service on a database of its own, and a facility in it.
struct Lab: Sendable {
  let url: String
  let pool: ConnectionPool
  let store: PostgresLogStore
  let vault: Vault
  let ticks: LogTicks
  let appender: Appender
  let facility: FacilityCode

  /// Calls `body` with a new service whose facility is opened.
  static func open(_ body: (Lab) async throws -> Void) async throws {
    let url = try await TestDatabase.fromTemplate("projectors") { url in
      try await Migrator().migrate(ConnectionSettings(url: url))
    }
    var settings = ConnectionSettings(url: url)
    settings.role = PostgresLogStore.serviceRole
    var poolSettings = PoolSettings()
    poolSettings.maximumConnectionCount = 8
    let pool = ConnectionPool(settings, pool: poolSettings)
    let store = PostgresLogStore(pool: pool)
    let vault = Vault(store: store, masterKeys: [.random()])
    let ticks = LogTicks()
    let lab = Lab(
      url: url, pool: pool, store: store, vault: vault, ticks: ticks,
      appender: Appender(
        store: store, vault: vault, ticks: ticks, derivedCodes: RuleBook.standard.derivedCodes,
        ruleBooks: AdoptableRuleBooks(
          shipped: [RuleBookContents(.standard)], store: RuleBookStore(pool: pool))),
      facility: try #require(FacilityCode("general")))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await lab.appender.run() }
      do {
        try await lab.append([
          lab.facilityEvent(
            "facility-opened",
            ["facility": "general", "name": "General", "timeZone": "America/New_York"])
        ])
        for book in [try SiteBooks.groupingBySIR(), try SiteBooks.countingOCT()] {
          try await lab.store(book)
        }
        try await body(lab)
        lab.appender.shutdown()
      } catch {
        lab.appender.shutdown()
        throw error
      }
      try await group.waitForAll()
    }
    await pool.shutdown()
  }

  /// A runner of its own, so that nothing but the database is shared.
  func runner(
    batchLimit: Int = 500, caseLimit: Int = 200, cachedEntryLimit: Int = 50_000,
    ruleBook: RuleBook = .standard
  ) -> ProjectorRunner {
    var settings = ProjectorSettings()
    settings.batchLimit = batchLimit
    settings.caseLimit = caseLimit
    settings.cachedEntryLimit = cachedEntryLimit
    settings.pollInterval = .milliseconds(20)
    settings.firstPause = .milliseconds(5)
    return ProjectorRunner(
      pool: pool, store: store, ticks: ticks, ruleBook: ruleBook,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, settings: settings)
  }

  var charges: CurrentCharges { CurrentCharges(pool: pool) }
  var replay: Replay { Replay(pool: pool, ruleBook: .standard) }

  /// Appends events, those of one case that follow each other at once.
  func append(_ events: [Event]) async throws {
    var rest = events[...]
    while let first = rest.first {
      let same = rest.prefix { $0.caseID == first.caseID }
      rest = rest.dropFirst(same.count)
      _ = try await appender.append(
        Submission(
          caseID: first.caseID, events: Array(same), recorder: try #require(PersonCode("rn-204"))),
        to: facility)
    }
  }

  /// A facility's event of now.
  func facilityEvent(_ type: String, _ data: JSON) throws -> Event {
    let document: JSON = [
      "id": .string(UUID().uuidString.lowercased()), "case": .string(CaseID.zero.description),
      "type": .string(type), "occurredAt": "2026-01-02T08:00:00Z", "data": data,
    ]
    return try SubmittedEvent(document, from: .file).event
  }

  /// Appends a row that no edition can read to a case.
  func appendUnreadable(to caseID: CaseID) async throws {
    let rows = try await store.rows(of: caseID, in: facility, after: 0, limit: 1_000)
    let entry = LogEntry(
      eventID: EventID(UUID().uuidString) ?? .zero, type: "step-of-the-future", form: 1,
      occurredAt: Instant(microseconds: 1_772_460_000_000_000), payload: Array("{}".utf8),
      digest: Array(repeating: 7, count: 32), recorder: "rn-204")
    let key = try #require(try await store.keys(of: [caseID], in: facility)[caseID])
    let outcome = try await store.append(
      [
        AppendRequest(
          caseID: caseID, decidedVersion: rows.last?.version ?? 0, entries: [entry], key: key)
      ], to: facility)
    guard case .appended = outcome.first else { throw Failure(sentence: "\(outcome)") }
  }

  /// Appends the adoption of a book, whether it is at hand or not, as an older edition would have.
  func adoptUnchecked(_ edition: String, _ digest: String, from date: String) async throws {
    let event = try adoption(edition, digest, from: date)
    let rows = try await store.rows(of: .zero, in: facility, after: 0, limit: 1_000)
    let entry = LogEntry(
      eventID: event.id, type: event.type.rawValue, form: Int16(event.type.form),
      occurredAt: event.occurredAt, payload: event.body.data.canonicalBytes,
      digest: Array(repeating: 7, count: 32), recorder: "rn-204")
    let key = try #require(try await store.keys(of: [.zero], in: facility)[.zero])
    let outcome = try await store.append(
      [
        AppendRequest(
          caseID: .zero, decidedVersion: rows.last?.version ?? 0, entries: [entry], key: key)
      ], to: facility)
    guard case .appended = outcome.first else { throw Failure(sentence: "\(outcome)") }
  }

  /// The adoption of a book.
  func adoption(_ edition: String, _ digest: String, from date: String) throws -> Event {
    try facilityEvent(
      "rule-book-adopted",
      ["ruleBook": .string(edition), "digest": .string(digest), "from": .string(date)])
  }

  /// Keeps a book for the facility.
  func store(_ book: RuleBook) async throws {
    _ = try await RuleBookStore(pool: pool).store(
      RuleBookContents(book), in: facility, by: try #require(PersonCode("ad-1")))
  }

  /// Adopts a book as an administrator does: stores it, then appends the event.
  func adopt(_ book: RuleBook, from date: String) async throws {
    try await store(book)
    try await append([try adoption(book.edition.text, book.digest, from: date)])
  }

  struct Failure: Error { let sentence: String }

  /// Runs SQL as the database's superuser.
  @discardableResult
  func psql(_ sql: String) async throws -> String { try await TestDatabase.psql(sql, on: url) }

  /// Applies the log until nothing is left of it.
  func project(_ runner: ProjectorRunner) async throws {
    while case .applied = try await runner.applyNext(in: facility) {}
  }

  /// Calls `body` while these runners follow the logs.
  func following(
    _ runners: ProjectorRunner..., during body: () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for runner in runners { group.addTask { await runner.run() } }
      defer { group.cancelAll() }
      try await body()
    }
  }

  /// Where the log ends.
  func end() async throws -> Int64 {
    try #require(try await store.head(of: facility)).position
  }

  /// Every current document by its case.
  func documents() async throws -> [CaseID: String] {
    var documents: [CaseID: String] = [:]
    for caseID in try await caseIDs() {
      let current = try #require(try await charges.currentCase(caseID, in: facility))
      documents[caseID] = String(decoding: current.document, as: UTF8.self)
    }
    return documents
  }

  func caseIDs() async throws -> [CaseID] {
    try await charges.worklist(in: facility, limit: 1_000).elements.map(\.caseID)
  }

  func expectWhole(
    _ runner: ProjectorRunner, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let status = try #require(try await runner.status()[facility], sourceLocation: sourceLocation)
    #expect(status.lag == 0, sourceLocation: sourceLocation)
    #expect(status.staleness == .zero, sourceLocation: sourceLocation)
    #expect(
      status.applied + status.irrelevant + status.held == status.position,
      sourceLocation: sourceLocation)
    let heldRows = try await psql(
      """
      SELECT coalesce(sum(h.positions), 0) FROM projection.held h
      JOIN projection.checkpoint c USING (facility, generation) WHERE c.is_active
      """)
    #expect(heldRows == "\(status.held)", sourceLocation: sourceLocation)
    let report = try await ProjectionCheck(pool: pool, ruleBook: runner.projector.books.shipped)
      .run(
        facility
      ) { fault in
        Issue.record("\(fault.caseID): \(fault.sentence)", sourceLocation: sourceLocation)
      }
    #expect(report.faultCount == 0, sourceLocation: sourceLocation)
    #expect(report.position == status.position, sourceLocation: sourceLocation)
  }
}
