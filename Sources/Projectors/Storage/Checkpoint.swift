internal import Postgres
internal import Procedures

/// How far one generation of a facility's rows has come, and the account of what it read.
struct Checkpoint: Hashable, Sendable {
  let facility: FacilityCode
  let generation: Int64
  let edition: ProjectorEdition
  let isActive: Bool
  var position: Int64
  var recordedAt: Instant?
  var account: Account

  /// What became of each position.
  struct Account: Hashable, Sendable {
    /// Its case's rows say what it changed.
    var applied: Int64 = 0
    /// It changes no line.
    var irrelevant: Int64 = 0
    /// Its case cannot be derived.
    var held: Int64 = 0
  }

  /// What is asked for, with a lock on it where one is needed.
  enum Lock: String {
    case none = ""
    /// Waits until whoever holds it has committed.
    case waiting = "FOR UPDATE"
    /// Nil when somebody else holds it.
    case skipping = "FOR UPDATE SKIP LOCKED"
  }
}

extension Checkpoint {
  private static let columns = """
    generation, is_active, projector_version, rule_book, rule_book_digest, position, recorded_at, \
    applied, irrelevant, held
    """

  private init(_ row: Row, _ facility: FacilityCode) throws(PostgresError) {
    self.init(
      facility: facility, generation: try row[0],
      edition: ProjectorEdition(
        version: try row[2], ruleBook: try row[3], ruleBookDigest: try row[4]),
      isActive: try row[1], position: try row[5], recordedAt: try row[6],
      account: Account(applied: try row[7], irrelevant: try row[8], held: try row[9]))
  }

  /// The checkpoint of the generation that readers see; nil before the first.
  static func active(
    of facility: FacilityCode, lock: Lock = .none, _ session: DatabaseSession
  ) throws(PostgresError) -> Checkpoint? {
    try session.query(
      """
      SELECT \(unescaped: columns) FROM projection.checkpoint
      WHERE facility = \(facility.text) AND projector = \(ProjectorEdition.projector)
        AND is_active \(unescaped: lock.rawValue)
      """
    ).first.map { row throws(PostgresError) in try Checkpoint(row, facility) }
  }

  /// The checkpoint of every generation or of one, the oldest first.
  static func all(
    of facility: FacilityCode, only generation: Int64? = nil, lock: Lock = .none,
    _ session: DatabaseSession
  ) throws(PostgresError) -> [Checkpoint] {
    try session.query(
      """
      SELECT \(unescaped: columns) FROM projection.checkpoint
      WHERE facility = \(facility.text) AND projector = \(ProjectorEdition.projector)
        AND generation = coalesce(\(generation), generation)
      ORDER BY generation \(unescaped: lock.rawValue)
      """
    ).map { row throws(PostgresError) in try Checkpoint(row, facility) }
  }

  /// Stores it as a new generation; false when that generation is there already.
  @discardableResult
  func insert(_ session: DatabaseSession) throws(PostgresError) -> Bool {
    try session.execute(
      """
      INSERT INTO projection.checkpoint (facility, projector, generation, is_active,
        projector_version, rule_book, rule_book_digest, position, recorded_at, applied, irrelevant,
        held)
      VALUES (\(facility.text), \(ProjectorEdition.projector), \(generation), \(isActive),
        \(edition.version), \(edition.ruleBook), \(edition.ruleBookDigest), \(position),
        \(recordedAt), \(account.applied), \(account.irrelevant), \(account.held))
      ON CONFLICT DO NOTHING
      """) == 1
  }

  /// Stores how far it has come; the caller holds its lock.
  func update(_ session: DatabaseSession) throws(PostgresError) {
    try session.execute(
      """
      UPDATE projection.checkpoint SET position = \(position), recorded_at = \(recordedAt),
        applied = \(account.applied), irrelevant = \(account.irrelevant), held = \(account.held)
      WHERE facility = \(facility.text) AND projector = \(ProjectorEdition.projector)
        AND generation = \(generation)
      """)
  }

  /// Shows readers this generation, or no longer.
  func setActive(_ isActive: Bool, _ session: DatabaseSession) throws(PostgresError) {
    try session.execute(
      """
      UPDATE projection.checkpoint SET is_active = \(isActive)
      WHERE facility = \(facility.text) AND projector = \(ProjectorEdition.projector)
        AND generation = \(generation)
      """)
  }
}
