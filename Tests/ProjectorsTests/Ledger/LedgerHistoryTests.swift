import Charges
import Foundation
import Postgres
import Procedures
import Store
import Synchronization
import Testing

@testable import Projectors

/// Properties of ledgers over generated histories; `CATHLOG_LEDGERS` of them, from `CATHLOG_SEED` on.
@Suite struct `Every ledger` {
  private static let count =
    ProcessInfo.processInfo.environment["CATHLOG_LEDGERS"].flatMap { Int($0) } ?? 3

  /// A history is appended a few events at a time; between them other runners of other sizes apply,
  /// rebuild and are killed in the middle.
  @Test func `is the same however its log was cut, applied, rebuilt and killed`() async throws {
    for number in 0..<Self.count {
      let seed = Chance.seed &+ UInt64(number)
      let events = try History.events(seed: seed)
      var ledgers: [[LedgerRow]] = []
      for way in [1, 2] as [UInt64] {
        let ledger = Mutex<[LedgerRow]>([])
        try await Lab.open { lab in
          let rows = try await grow(lab, by: events, Chance(seed: seed &+ way))
          ledger.withLock { $0 = rows }
          try await expectWhole(lab, "CATHLOG_SEED=\(seed), way \(way)")
        }
        ledgers.append(ledger.withLock(\.self).map(\.withoutPatient))
      }
      #expect(ledgers[0] == ledgers[1], "CATHLOG_SEED=\(seed)")
      #expect(!ledgers[0].isEmpty, "CATHLOG_SEED=\(seed)")
    }
  }

  private func grow(
    _ lab: Lab, by events: [Event], _ chance: Chance
  ) async throws -> [LedgerRow] {
    var chance = chance
    var billing = Billing(lab)
    var rest = events[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(Int(chance.next() % 9) + 1))
      rest = rest.dropFirst(part.count)
      try await lab.append(part)
      try await act(lab, &chance)
      if chance.next() % 3 == 0 { try await billing.pull(limit: Int(chance.next() % 5) + 1) }
      if chance.next() % 4 == 0 { try await billing.acknowledge(chance.next()) }
    }
    try await lab.project(lab.runner(batchLimit: Int(chance.next() % 20) + 1))
    try await billing.expectWhole()
    return try await lab.ledger()
  }

  private func act(_ lab: Lab, _ chance: inout Chance) async throws {
    let runner = lab.runner(
      batchLimit: Int(chance.next() % 12) + 1, caseLimit: Int(chance.next() % 4) + 1,
      cachedEntryLimit: Int(chance.next() % 300))
    switch chance.next() % 6 {
    case 0, 1: _ = try await runner.applyNext(in: lab.facility)
    case 2: try await lab.project(runner)
    case 3: try await runner.rebuild(facility: lab.facility) { _ in }
    case 4: try await kill(lab, runner, at: chance.next() % 9 + 1)
    default: break
    }
  }

  private func expectWhole(_ lab: Lab, _ comment: Comment) async throws {
    try await lab.expectWhole(lab.runner())
    try await lab.expectWholeLedger(comment)
    for caseID in try await lab.caseIDs() { try await lab.expectSums(of: caseID, comment) }
    #expect(try await lab.psql("SELECT count(*) FROM ledger.epoch") == "1", comment)
  }

  /// Lets a runner apply until the server ends its connection, at the n-th row that it writes.
  private func kill(_ lab: Lab, _ runner: ProjectorRunner, at row: UInt64) async throws {
    try await lab.psql(
      """
      CREATE SEQUENCE public.writes;
      GRANT USAGE ON SEQUENCE public.writes TO PUBLIC;
      CREATE FUNCTION public.kill() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS '
      BEGIN
        IF nextval(''public.writes'') = \(row) THEN
          PERFORM pg_terminate_backend(pg_backend_pid());
        END IF;
        RETURN NULL;
      END';
      CREATE TRIGGER kill AFTER INSERT OR UPDATE ON projection.case
        FOR EACH ROW EXECUTE FUNCTION public.kill();
      CREATE TRIGGER kill AFTER UPDATE ON projection.checkpoint
        FOR EACH ROW EXECUTE FUNCTION public.kill()
      """)
    do throws(ProjectorError) {
      while case .applied = try await runner.applyNext(in: lab.facility) {}
    } catch {
      guard case .database(let cause) = error else { throw error }
      #expect(cause.isRetryable || cause.kind == .commitUnknown, "\(cause)")
    }
    try await lab.psql(
      """
      DROP TRIGGER kill ON projection.case; DROP TRIGGER kill ON projection.checkpoint;
      DROP FUNCTION public.kill(); DROP SEQUENCE public.writes
      """)
  }
}

/// Billing, which pulls from where it is and says how far it has posted.
private struct Billing {
  let lab: Lab
  let reader: LedgerReader
  var pulled: [PulledEntry] = []
  var acknowledged: Int64 = 0

  init(_ lab: Lab) {
    self.lab = lab
    reader = LedgerReader(pool: lab.pool, log: LogReader(store: lab.store, vault: lab.vault))
  }

  func entries(after cursor: EntryID?, limit: Int?) async throws -> [PulledEntry] {
    var entries: [PulledEntry] = []
    var pages = reader.pages(
      of: try await reader.pull(after: cursor, limit: limit, in: lab.facility))
    while let page = try await pages.next() { entries += page }
    return entries
  }

  mutating func pull(limit: Int) async throws {
    pulled += try await entries(after: pulled.last?.entry.id, limit: limit)
  }

  /// Says that any of the entries pulled is posted: further, again or backwards.
  mutating func acknowledge(_ drawn: UInt64) async throws {
    guard !pulled.isEmpty else { return }
    let id = pulled[Int(drawn % UInt64(pulled.count))].entry.id
    let person = try #require(PersonCode("bi-1"))
    let outcome = try await LedgerOrders(pool: lab.pool).acknowledge(
      through: id, in: lab.facility, by: person)
    switch outcome {
    case .acknowledged(let stands):
      #expect(stands.through == id)
      #expect(id.number > acknowledged)
      acknowledged = id.number
    case .repeated(let stands): #expect(stands.through == id && id.number == acknowledged)
    case .backwards(let stands):
      #expect(stands.through.number == acknowledged)
      #expect(id.number < acknowledged)
    }
  }

  /// Whatever the pages, they are the ledger.
  mutating func expectWhole() async throws {
    pulled += try await entries(after: pulled.last?.entry.id, limit: nil)
    let whole = try await entries(after: nil, limit: nil)
    #expect(pulled == whole)
    let numbers = whole.map(\.entry.id.number)
    #expect(numbers == (try await lab.ledger().map(\.number)))
    let standing = try await reader.standing(of: lab.facility)
    #expect((standing.acknowledgement?.through.number ?? 0) == acknowledged)
  }
}

extension LedgerRow {
  /// The entry without the patient's pseudonym, which is drawn anew in each database.
  fileprivate var withoutPatient: LedgerRow {
    LedgerRow(
      number: number, creditOf: creditOf, caseID: caseID, position: position, code: code,
      units: units, document: document.replacing(/"patient":"[^"]*"/, with: ""))
  }
}

@Suite struct `The check of a ledger` {
  private static let changes: [String] = [
    "UPDATE ledger.entry SET units = units + 1 WHERE number = 3",
    "UPDATE ledger.entry SET document = replace(document, '\"units\":2', '\"units\":1')",
    "UPDATE ledger.entry SET code = '37252' WHERE number = 3",
    "UPDATE ledger.entry SET service_date = service_date + 1 WHERE number = 1",
    "UPDATE ledger.entry SET position = position - 1 WHERE number = 1",
    "UPDATE ledger.entry SET recorded_at = recorded_at + interval '1 s' WHERE number = 2",
    "UPDATE ledger.entry SET epoch = 'b222' WHERE number = 2",
    "UPDATE ledger.entry SET number = 9 WHERE number = 3",
    "UPDATE ledger.entry SET case_id = '00000000-0000-0000-0000-00000000000f' WHERE number = 1",
    "UPDATE ledger.entry SET credit_of = 2 WHERE number = 3",
    "UPDATE ledger.entry SET grouping_policy = 'sir' WHERE number = 3",
    "UPDATE ledger.entry SET version = version - 1 WHERE number = 3",
    "DELETE FROM ledger.entry WHERE number = 3",
    "DELETE FROM ledger.entry WHERE number = 2",
    "UPDATE ledger.head SET position = position - 1",
    "UPDATE ledger.head SET last_number = last_number + 1",
    """
    INSERT INTO ledger.entry SELECT facility, 4, epoch, 3, case_id, version, position, recorded_at,
      posted_at, service_date, code, units, rule_book, rule_book_digest, grouping_policy, document
    FROM ledger.entry WHERE number = 3
    """,
    """
    INSERT INTO ledger.withheld_case SELECT facility, case_id, now(), 'x' FROM ledger.entry LIMIT 1
    """,
  ]

  @Test(arguments: changes)
  func `finds what a superuser changed`(statement: String) async throws {
    try await Lab.open { lab in
      try await lab.append(try CaseFiles.events("three-separate-vessels"))
      try await lab.project(lab.runner())
      try await lab.expectWholeLedger()
      try await lab.psql(
        """
        DROP EVENT TRIGGER cathlog_refuse_change_of_log;
        ALTER TABLE ledger.entry DISABLE TRIGGER ALL;
        ALTER TABLE ledger.head DISABLE TRIGGER ALL;
        ALTER TABLE ledger.withheld_case DISABLE TRIGGER ALL;
        \(statement)
        """)
      let report = try await LedgerCheck(pool: lab.pool, ruleBook: .standard).run(lab.facility) {
        _ in
      }
      #expect(report.faultCount > 0)
    }
  }

  @Test func `tells what another edition of the rule book made from a fault`() async throws {
    try await Lab.open { lab in
      let events = try CaseFiles.events("sir-leg-veins")
      let signed: JSON = ["signer": "md-1", "meaning": "author"]
      try await lab.append(events)
      try await lab.append([try History.event(events[0].caseID, "case-signed", signed)])
      try await lab.project(lab.runner())
      let report = try await LedgerCheck(
        pool: lab.pool, ruleBook: try SiteBooks.groupingBySIR()
      ).run(lab.facility) { _ in }
      #expect(report.faultCount == 0)
      #expect(report.otherEditionCount == 1)
    }
  }
}
