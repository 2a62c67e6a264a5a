import Charges
import Postgres
import Procedures
import Store
import Testing

@testable import Projectors

/// An entry that a test puts into a ledger itself, in the writer's role.
struct Entered {
  let epoch: String
  let number: Int
  var creditOf: Int?
  /// The number of which case, date and code are: its own, or that of the charge.
  var like: Int

  init(epoch: String, number: Int, creditOf: Int? = nil, like: Int? = nil) {
    self.epoch = epoch
    self.number = number
    self.creditOf = creditOf
    self.like = like ?? number
  }

  var id: EntryID {
    get throws { try #require(EntryID("\(epoch)-\(number)")) }
  }

  private var code: String { like % 3 == 0 ? "37253" : "37252" }
  private var date: String { "2026-03-\(like * 7 % 28 + 1 < 10 ? "0" : "")\(like * 7 % 28 + 1)" }

  private var document: String {
    """
    {"serviceDate":"\(date)","setting":"office","department":null,"room":"Lab 2",\
    "operator":"dr-114","npi":null,"payer":null,"patient":null,"diagnoses":["I87.1"],\
    "code":"\(code)","units":1,"modifiers":[],"claims":["professional"],"counted":[]}
    """
  }

  fileprivate func row(_ facility: FacilityCode) -> String {
    """
    ('\(facility)', \(number), '\(epoch)', \(creditOf.map(String.init) ?? "NULL"),
    '00000000-0000-0000-0000-0000000000\(like % 5 + 10)', 3, \(number), '2026-03-02T10:00:00Z',
    '2026-03-02T10:00:01Z', '\(date)', '\(code)', 1, '2026.1', 'sha256:00', 'named-vessel',
    '\(document)')
    """
  }
}

extension Lab {
  /// The ledger as billing reads it.
  var ledger: LedgerReader {
    LedgerReader(pool: pool, log: LogReader(store: store, vault: vault))
  }

  /// Puts entries into the ledger; the epochs are those of the entries where none are given.
  func enter(_ entries: [Entered], epochs: [(String, Int)]? = nil) async throws {
    var known: [(String, Int)] = []
    for entry in entries where !known.contains(where: { $0.0 == entry.epoch }) {
      known.append((entry.epoch, entry.number))
    }
    let last = entries.map(\.number).max() ?? 0
    var sql = "SET ROLE cathlog_writer;\n"
    for (ordinal, epoch) in (epochs ?? known).enumerated() {
      sql += """
        INSERT INTO ledger.epoch VALUES (
          '\(facility)', \(ordinal + 1), '\(epoch.0)', \(epoch.1), now(), NULL, NULL)
        ON CONFLICT DO NOTHING;

        """
    }
    if !entries.isEmpty {
      let rows = entries.map { $0.row(facility) }.joined(separator: ",\n")
      sql += "INSERT INTO ledger.entry VALUES \(rows);\n"
    }
    sql += """
      INSERT INTO ledger.head VALUES ('\(facility)', 1, \(last))
      ON CONFLICT (facility) DO UPDATE SET last_number = \(last);
      """
    try await psql(sql)
  }

  /// Every entry of a pull.
  func entries(of pull: LedgerPull) async throws -> [PulledEntry] {
    var pages = ledger.pages(of: pull)
    var entries: [PulledEntry] = []
    while let page = try await pages.next() { entries += page }
    return entries
  }

  /// Every entry of a selection after a cursor.
  func pulled(
    _ selection: LedgerSelection = LedgerSelection(), after cursor: EntryID? = nil
  ) async throws -> [PulledEntry] {
    try await entries(of: try await ledger.pull(selection, after: cursor, in: facility))
  }

  func acknowledge(_ id: EntryID) async throws -> LedgerOrders.Outcome {
    try await LedgerOrders(pool: pool).acknowledge(
      through: id, in: facility, by: try #require(PersonCode("bi-31")))
  }

  /// Why a pull from this cursor is refused; nil where it is not.
  func staleness(of cursor: EntryID) async -> StaleCursor? {
    await staleness { () throws(LedgerError) in
      _ = try await ledger.pull(after: cursor, in: facility)
    }
  }

  /// Why this acknowledgement is refused; nil where it is not.
  func acknowledgementStaleness(of cursor: EntryID) async -> StaleCursor? {
    guard let person = PersonCode("bi-31") else { return nil }
    return await staleness { () throws(LedgerError) in
      _ = try await LedgerOrders(pool: pool).acknowledge(
        through: cursor, in: facility, by: person)
    }
  }

  private func staleness(
    _ body: () async throws(LedgerError) -> Void
  ) async -> StaleCursor? {
    do throws(LedgerError) {
      try await body()
      return nil
    } catch {
      guard case .stale(let stale) = error else { return nil }
      return stale
    }
  }
}
