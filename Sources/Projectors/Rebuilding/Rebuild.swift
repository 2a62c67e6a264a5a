internal import Postgres
internal import Procedures

/// A generation that is being built beside the one that readers see.
///
/// Case by case, along the index of cases: each case is read, folded and derived once, so that a page
/// of cases is all that is in memory however long the log is. The price is that rows are read in the
/// order of cases, not of the log; the alternative, in the order of the log, derives a case once for
/// each batch that touches it. A second pass derives those anew that have another session of their
/// patient on their day. What is recorded meanwhile is applied after that, as the runner does.
struct Rebuild: Hashable, Sendable {
  let facility: FacilityCode
  let generation: Int64
  let edition: ProjectorEdition
  /// The cases are built as they stand at this position.
  let target: Int64
  var stage: Stage
  /// Everything up to this case is done in this stage.
  var lastCase: CaseID
  var account: Checkpoint.Account

  enum Stage: String, Sendable {
    case cases
    case sessions
  }
}

extension Rebuild {
  /// The rebuild that is under way or was left; locked until the transaction ends.
  static func current(
    of facility: FacilityCode, _ session: DatabaseSession
  ) throws(PostgresError) -> Rebuild? {
    let rows = try session.query(
      """
      SELECT generation, projector_version, rule_book, rule_book_digest, target_position, stage,
        last_case, applied, irrelevant, held
      FROM projection.rebuild
      WHERE facility = \(facility.text) AND projector = \(ProjectorEdition.projector)
      ORDER BY generation DESC LIMIT 1 FOR UPDATE
      """)
    return try rows.first.map { row throws(PostgresError) in
      Rebuild(
        facility: facility, generation: try row[0],
        edition: ProjectorEdition(
          version: try row[1], ruleBook: try row[2], ruleBookDigest: try row[3]),
        target: try row[4], stage: Stage(rawValue: try row[5]) ?? .cases, lastCase: try row[6],
        account: Checkpoint.Account(
          applied: try row[7], irrelevant: try row[8], held: try row[9]))
    }
  }

  /// Stores it; false when that generation is begun already.
  func insert(_ session: DatabaseSession) throws(PostgresError) -> Bool {
    try session.execute(
      """
      INSERT INTO projection.rebuild (facility, projector, generation, projector_version, rule_book,
        rule_book_digest, target_position, stage, last_case, applied, irrelevant, held)
      VALUES (\(facility.text), \(ProjectorEdition.projector), \(generation), \(edition.version),
        \(edition.ruleBook), \(edition.ruleBookDigest), \(target), \(stage.rawValue), \(lastCase),
        \(account.applied), \(account.irrelevant), \(account.held))
      ON CONFLICT DO NOTHING
      """) == 1
  }

  func update(_ session: DatabaseSession) throws(PostgresError) {
    try session.execute(
      """
      UPDATE projection.rebuild SET stage = \(stage.rawValue), last_case = \(lastCase),
        applied = \(account.applied), irrelevant = \(account.irrelevant), held = \(account.held)
      WHERE facility = \(facility.text) AND projector = \(ProjectorEdition.projector)
        AND generation = \(generation)
      """)
  }

  func delete(_ session: DatabaseSession) throws(PostgresError) {
    try session.execute(
      """
      DELETE FROM projection.rebuild
      WHERE facility = \(facility.text) AND projector = \(ProjectorEdition.projector)
        AND generation = \(generation)
      """)
  }

  /// How many events of the log are in the rows.
  var eventCount: Int64 { account.applied + account.irrelevant + account.held }
}

/// How far a rebuild has come.
public struct RebuildProgress: Hashable, Sendable {
  /// What is being done.
  public enum Stage: String, Sendable {
    /// Every case is folded and derived.
    case cases
    /// Cases with another session on their day are derived with it.
    case sessions
    /// What was recorded meanwhile is applied.
    case catchingUp = "catching-up"
    /// Readers see the new rows; the old ones are removed.
    case removingOld = "removing-old"
    /// Nothing is left to do.
    case done
  }

  /// What is being done.
  public var stage: Stage
  /// How many events are in the new rows.
  public var eventCount: Int64
  /// How many will be.
  public var logEnd: Int64
}
