internal import Crypto
internal import Postgres
public import Procedures
internal import Store

extension ProjectorRunner {
  /// How every facility's current lines stand to its log, as the database has it.
  ///
  /// - Throws: ``ProjectorError``.
  public func status() async throws(ProjectorError) -> [FacilityCode: ProjectorStatus] {
    let facilities: [FacilityCode]
    do throws(StoreError) {
      facilities = try await store.facilities()
    } catch {
      throw .store(error)
    }
    var statuses: [FacilityCode: ProjectorStatus] = [:]
    for facility in facilities { statuses[facility] = try await status(of: facility) }
    return statuses
  }

  private func status(of facility: FacilityCode) async throws(ProjectorError) -> ProjectorStatus {
    let edition = projector.edition
    return try await transaction(in: facility, .readOnlyRepeatable) {
      session throws(PostgresError) in
      let checkpoint = try Checkpoint.active(of: facility, session)
      let position = checkpoint?.position ?? 0
      let row = try session.queryOne(
        """
        SELECT
          coalesce((SELECT position FROM log.head WHERE facility = \(facility.text)), 0),
          coalesce((
            SELECT greatest(0, extract(epoch FROM clock_timestamp() - recorded_at) * 1000000)
            FROM log.event
            WHERE facility = \(facility.text) AND position = \(position + 1)), 0)::bigint,
          (SELECT count(*) FROM projection.held
           WHERE facility = \(facility.text) AND generation = \(checkpoint?.generation ?? 0)),
          EXISTS (
            SELECT FROM projection.rebuild
            WHERE facility = \(facility.text) AND projector = \(ProjectorEdition.projector))
          OR EXISTS (
            SELECT FROM projection.checkpoint
            WHERE facility = \(facility.text) AND projector = \(ProjectorEdition.projector)
              AND generation > \(checkpoint?.generation ?? 0))
        """)
      return ProjectorStatus(
        position: position, logEnd: try row[0],
        staleness: .microseconds(try row[1, as: Int64.self]),
        applied: checkpoint?.account.applied ?? 0,
        irrelevant: checkpoint?.account.irrelevant ?? 0, held: checkpoint?.account.held ?? 0,
        heldCaseCount: try row[2],
        isOfThisEdition: checkpoint.map { $0.edition == edition } ?? true,
        isRebuilding: try row[3])
    }
  }

  /// The cases that cannot be derived as they stand, by id, at most `limit`.
  ///
  /// - Throws: ``ProjectorError``.
  public func heldCases(
    in facility: FacilityCode, after caseID: CaseID? = nil, limit: Int = 100
  ) async throws(ProjectorError) -> [HeldCase] {
    try await transaction(in: facility, .readOnly) { session throws(PostgresError) in
      try session.query(
        """
        SELECT h.case_id, h.positions, h.position, h.reason FROM projection.checkpoint c
        JOIN projection.held h USING (facility, generation)
        WHERE c.facility = \(facility.text) AND c.projector = \(ProjectorEdition.projector)
          AND c.is_active AND (\(caseID) IS NULL OR h.case_id > \(caseID))
        ORDER BY h.case_id LIMIT \(Int64(limit))
        """
      ).map { row throws(PostgresError) in
        HeldCase(
          caseID: try row[0], positions: try row[1], position: try row[2], reason: try row[3])
      }
    }
  }

  /// Returns when a position of a facility's log is applied, by this process or another.
  ///
  /// - Throws: ``ProjectorError/notAppliedInTime``, and what the database answers.
  public func waitUntilApplied(
    position: Int64, in facility: FacilityCode, timeout: Duration = .seconds(10)
  ) async throws(ProjectorError) {
    let deadline = ContinuousClock.now + timeout
    while true {
      let ticks = applied.subscribe()
      let checkpoint = try await transaction(in: facility, .readOnly) {
        session throws(PostgresError) in try Checkpoint.active(of: facility, session)
      }
      if checkpoint?.position ?? 0 >= position { return }
      let rest = deadline - .now
      guard rest > .zero, !Task.isCancelled else { throw .notAppliedInTime }
      // Another process may be the one that applies, and its ticks are not heard here.
      await wait(for: ticks, atMost: min(rest, .milliseconds(50)))
    }
  }
}

/// What a generation's rows come to.
public struct ProjectionDigest: Hashable, Sendable {
  /// The generation.
  public var generation: Int64
  /// The position of the log at which its rows stand.
  public var position: Int64
  /// SHA-256 over its rows in order, without the number of the generation.
  public var bytes: [UInt8]
}

extension ProjectorRunner {
  /// The digest of the rows that readers see; the same for the same log, however it was applied.
  ///
  /// - Throws: ``ProjectorError/facilityUnknown`` where nothing was projected yet.
  public func digest(of facility: FacilityCode) async throws(ProjectorError) -> ProjectionDigest {
    let digest = try await transaction(in: facility, .readOnlyRepeatable) {
      session throws(PostgresError) -> ProjectionDigest? in
      guard let checkpoint = try Checkpoint.active(of: facility, session) else { return nil }
      return try ProjectionDigest(of: checkpoint, session)
    }
    guard let digest else { throw .facilityUnknown }
    return digest
  }
}

extension ProjectionDigest {
  private static let cases = """
    case_id, version, position, recorded_at, first_recorded_at, phase, counts_as_signed, \
    service_date, opened_at, room, operator, payer, planned_procedure, patient, named_patients, \
    families, grouping_policy, document
    """
  private static let lines = "case_id, number, code, units, status, modifiers, holds, document"
  private static let held = "case_id, positions, position, reason"

  /// Reads the rows one by one, in the database's own binary form of a row.
  init(of checkpoint: Checkpoint, _ session: DatabaseSession) throws(PostgresError) {
    var hash = SHA256()
    let account = checkpoint.account
    hash.update(
      data: Array("\(account.applied) \(account.irrelevant) \(account.held)".utf8))
    let tables = [
      ("projection.case", Self.cases, "case_id"),
      ("projection.line", Self.lines, "case_id, number"),
      ("projection.held", Self.held, "case_id"),
    ]
    for (table, columns, order) in tables {
      hash.update(data: Array(table.utf8))
      try session.forEachRow(
        """
        SELECT sha256(record_send(r)) FROM (
          SELECT \(unescaped: columns) FROM \(unescaped: table)
          WHERE facility = \(checkpoint.facility.text)
            AND generation = \(checkpoint.generation)
          ORDER BY \(unescaped: order) OFFSET 0) r
        """
      ) { row throws(PostgresError) in hash.update(data: try row[0, as: [UInt8].self]) }
    }
    self.init(
      generation: checkpoint.generation, position: checkpoint.position,
      bytes: Array(hash.finalize()))
  }
}
