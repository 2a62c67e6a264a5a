internal import Charges
internal import Postgres
internal import Procedures

extension LedgerEntry {
  /// What ``init(_:)`` reads of an entry `e` and the charge `c` that it credits.
  static let columns = """
    e.number, e.epoch, e.credit_of, c.epoch, e.case_id, e.version, e.position, e.recorded_at, \
    e.posted_at, e.rule_book, e.rule_book_digest, e.grouping_policy, e.document
    """

  /// Where ``columns`` stand.
  static let source = """
    ledger.entry e LEFT JOIN ledger.entry c ON c.facility = e.facility AND c.number = e.credit_of
    """

  /// Of `ledger.entry e`: it is a charge that no credit takes back.
  static let stands = """
    e.credit_of IS NULL AND NOT EXISTS (
      SELECT FROM ledger.entry r WHERE r.facility = e.facility AND r.credit_of = e.number)
    """

  /// Reads a row of ``columns``.
  init(_ row: Row) throws(PostgresError) {
    let number: Int64 = try row[0]
    guard let ruleBook = RuleBookEdition(try row[9]),
      let groupingPolicy = GroupingPolicyName(try row[11])
    else { throw .unreadable("the rules of ledger entry \(number) cannot be read") }
    var kind = Kind.charge
    if let credited: Int64 = try row[2] {
      kind = .credit(of: EntryID(epoch: try LedgerEpoch(stored: try row[3]), number: credited))
    }
    self.init(
      id: EntryID(epoch: try LedgerEpoch(stored: try row[1]), number: number), kind: kind,
      caseID: try row[4], version: try row[5], position: try row[6], recordedAt: try row[7],
      postedAt: try row[8], ruleBook: ruleBook, ruleBookDigest: try row[10],
      groupingPolicy: groupingPolicy, charge: try Charge(storedAs: try row[12], number))
  }
}
