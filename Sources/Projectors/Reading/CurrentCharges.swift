internal import Charges
public import Postgres
public import Procedures

/// Reads current lines and the worklist: one query each, of the generation that is active.
public struct CurrentCharges: Sendable {
  /// The most elements of a page.
  public static let pageLimit = 1_000

  private let pool: ConnectionPool

  /// Reads through connections in the role of the service.
  public init(pool: ConnectionPool) { self.pool = pool }

  /// Cases, those that began last first.
  ///
  /// - Throws: ``ProjectorError``.
  public func worklist(
    in facility: FacilityCode, filter: WorklistFilter = WorklistFilter(),
    after cursor: PageCursor? = nil, limit: Int = 100
  ) async throws(ProjectorError) -> Page<WorklistEntry> {
    let limit = min(max(limit, 1), Self.pageLimit)
    var sql = SQL.StringInterpolation(literalCapacity: 1_000, interpolationCount: 8)
    sql.appendLiteral("SELECT \(WorklistEntry.columns) FROM projection.checkpoint p ")
    sql.appendLiteral("JOIN projection.case c USING (facility, generation) ")
    sql.appendActive(facility)
    if let phase = filter.phase { sql.appendCondition("c.phase =", phase.rawValue) }
    if let room = filter.room { sql.appendCondition("c.room =", room.text) }
    if let date = filter.serviceDate {
      sql.appendCondition("c.service_date = DATE '1970-01-01' +", Int32(date.daysSince1970))
    }
    if let place = try cursor.map(Self.place) {
      sql.appendCondition("(c.first_recorded_at, c.case_id) < (", place.time)
      sql.appendLiteral(", ")
      sql.appendInterpolation(place.caseID)
      sql.appendLiteral(")")
    }
    sql.appendLiteral(" ORDER BY c.first_recorded_at DESC, c.case_id DESC LIMIT ")
    sql.appendInterpolation(Int64(limit + 1))
    let entries = try await rows(facility, SQL(stringInterpolation: sql)) {
      row throws(PostgresError) in try WorklistEntry(row)
    }
    return Page(entries, limit: limit) { last in
      PageCursor(
        .worklist,
        [UInt64(bitPattern: last.firstRecordedAt.microseconds), last.caseID.high, last.caseID.low])
    }
  }

  private static func place(
    of cursor: PageCursor
  ) throws(ProjectorError) -> (time: Instant, caseID: CaseID) {
    guard let parts = cursor.parts(in: .worklist) else { throw .cursorInvalid }
    let time = Instant(microseconds: Int64(bitPattern: parts[0]))
    guard time >= .earliest, time <= .latest else { throw .cursorInvalid }
    return (time, CaseID(high: parts[1], low: parts[2]))
  }

  /// A case as it stands; nil when none of its events is applied.
  ///
  /// - Throws: ``ProjectorError``.
  public func currentCase(
    _ caseID: CaseID, in facility: FacilityCode
  ) async throws(ProjectorError) -> CurrentCase? {
    var sql = SQL.StringInterpolation(literalCapacity: 1_000, interpolationCount: 4)
    sql.appendLiteral(
      "SELECT \(WorklistEntry.columns), p.position, c.document, h.reason, p.generation ")
    sql.appendLiteral("FROM projection.checkpoint p ")
    sql.appendLiteral("JOIN projection.case c USING (facility, generation) ")
    sql.appendLiteral("LEFT JOIN projection.held h USING (facility, generation, case_id) ")
    sql.appendActive(facility)
    sql.appendCondition("case_id =", caseID)
    let query = SQL(stringInterpolation: sql)
    return try await ProjectorError.wrapping { () throws(PostgresError) in
      // One view of the database: the sessions are those that its charges were derived beside.
      try await pool.transaction(TransactionMode.readOnlyRepeatable.projecting(facility)) {
        session throws(PostgresError) -> CurrentCase? in
        guard let row = try session.query(query).first else { return nil }
        let document: String = try row[16]
        let entry = try WorklistEntry(row)
        let stored = GenerationRows(
          facility: facility, generation: try row[18], session: session)
        let day = entry.patient.flatMap { patient in
          entry.serviceDate.map { PatientDay(patient: patient, date: $0) }
        }
        return CurrentCase(
          entry: entry, position: try row[15], document: Array(document.utf8),
          heldBecause: try row[17],
          otherSessions: try day.map { day throws(PostgresError) in
            try stored.sessions(on: [day]).filter { $0.caseID != caseID }
          } ?? [])
      }
    }
  }

  /// Lines of cases, by case and then in the derivation's order.
  ///
  /// - Throws: ``ProjectorError``.
  public func lineItems(
    in facility: FacilityCode, filter: LineFilter = LineFilter(), after cursor: PageCursor? = nil,
    limit: Int = 100
  ) async throws(ProjectorError) -> Page<CurrentLine> {
    let limit = min(max(limit, 1), Self.pageLimit)
    var sql = SQL.StringInterpolation(literalCapacity: 1_000, interpolationCount: 8)
    sql.appendLiteral("SELECT l.case_id, l.number, l.code, l.units, l.status, l.document ")
    sql.appendLiteral("FROM projection.checkpoint p ")
    sql.appendLiteral("JOIN projection.line l USING (facility, generation) ")
    sql.appendActive(facility)
    if let caseID = filter.caseID { sql.appendCondition("l.case_id =", caseID) }
    if let status = filter.status { sql.appendCondition("l.status =", status.rawValue) }
    if let hold = filter.hold {
      // Holds stand on planned lines alone, for which there is an index.
      sql.appendCondition("l.status =", LineStatus.planned.rawValue)
      sql.appendLiteral(" AND ")
      sql.appendInterpolation(hold.rawValue)
      sql.appendLiteral(" = ANY (l.holds)")
    }
    if let cursor {
      guard let parts = cursor.parts(in: .lines), let number = Int32(exactly: parts[2]) else {
        throw .cursorInvalid
      }
      sql.appendCondition("(l.case_id, l.number) > (", CaseID(high: parts[0], low: parts[1]))
      sql.appendLiteral(", ")
      sql.appendInterpolation(number)
      sql.appendLiteral(")")
    }
    sql.appendLiteral(" ORDER BY l.case_id, l.number LIMIT ")
    sql.appendInterpolation(Int64(limit + 1))
    let lines = try await rows(facility, SQL(stringInterpolation: sql)) {
      row throws(PostgresError) in try CurrentLine(row)
    }
    return Page(lines.compactMap(\.self), limit: limit) { last in
      PageCursor(.lines, [last.caseID.high, last.caseID.low, UInt64(last.number)])
    }
  }

  private func rows<Value: Sendable>(
    _ facility: FacilityCode, _ sql: SQL, _ read: @Sendable (Row) throws(PostgresError) -> Value
  ) async throws(ProjectorError) -> [Value] {
    try await pool.transaction(in: facility, .readOnly) { session throws(PostgresError) in
      try session.query(sql).map(read)
    }
  }
}

extension Page {
  /// A page of at most `limit` elements, of which one more was asked for.
  fileprivate init(_ found: [Element], limit: Int, cursor: (Element) -> PageCursor) {
    elements = Array(found.prefix(limit))
    next = found.count > limit ? elements.last.map(cursor) : nil
  }
}

extension SQL.StringInterpolation {
  fileprivate mutating func appendActive(_ facility: FacilityCode) {
    appendLiteral("WHERE p.is_active AND p.projector = ")
    appendInterpolation(ProjectorEdition.projector)
    appendLiteral(" AND p.facility = ")
    appendInterpolation(facility.text)
  }

  fileprivate mutating func appendCondition(_ text: String, _ value: some PostgresEncodable) {
    appendLiteral(" AND \(text) ")
    appendInterpolation(value)
  }
}

extension WorklistEntry {
  /// What ``init(_:)`` reads.
  static let columns = """
    case_id, c.version, c.position, c.recorded_at, c.first_recorded_at, c.phase, \
    c.counts_as_signed, c.service_date - DATE '1970-01-01', c.opened_at, c.room, c.operator, \
    c.payer, c.planned_procedure, c.patient, c.grouping_policy
    """

  /// Reads the first columns of a row.
  init(_ row: Row) throws(PostgresError) {
    let date: Int32? = try row[7]
    caseID = try row[0]
    version = try row[1]
    position = try row[2]
    recordedAt = try row[3]
    firstRecordedAt = try row[4]
    phase = CaseState.Phase(rawValue: try row[5]) ?? .unknown
    countsAsSigned = try row[6]
    serviceDate = date.map { CalendarDate(daysSince1970: Int($0)) }
    openedAt = try row[8]
    room = try row[9, as: String?.self].flatMap { RoomName($0) }
    operatingPhysician = try row[10, as: String?.self].flatMap { PersonCode($0) }
    payer = try row[11, as: String?.self].flatMap { PayerCode($0) }
    plannedProcedure = try row[12, as: String?.self].flatMap { Words($0) }
    patient = try row[13, as: String?.self].flatMap { PatientReference($0) }
    groupingPolicy = GroupingPolicyName(try row[14]) ?? RuleBook.defaultPolicy
  }
}

extension CurrentLine {
  /// Reads a row; nil when it is not one that this edition writes.
  fileprivate init?(_ row: Row) throws(PostgresError) {
    guard let code = BillingCode(try row[2]), let status = LineStatus(rawValue: try row[4]) else {
      return nil
    }
    let document: String = try row[5]
    self.init(
      caseID: try row[0], number: Int(try row[1, as: Int32.self]), code: code,
      units: Int(try row[3, as: Int32.self]), status: status, document: Array(document.utf8))
  }
}
