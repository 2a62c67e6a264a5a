internal import Charges
internal import Postgres
internal import Procedures

/// The cases that are compared, in order of their ids, a page at a time.
struct Pages {
  private let whatIf: WhatIf
  private let world: World
  private let dates: (first: CalendarDate?, last: CalendarDate?)
  /// The days to which the comparison is confined; nil for all.
  private let days: Set<PatientDay>?
  private var last = CaseID.zero
  private var isAtEnd = false
  /// Cases that the projection does not know since they are supposed.
  private var unrecorded: [CaseID]

  init(
    whatIf: WhatIf, world: World, dates: (first: CalendarDate?, last: CalendarDate?)
  ) {
    self.whatIf = whatIf
    self.world = world
    self.dates = dates
    days = world.isLocal ? world.supposedDays : nil
    unrecorded = world.supposed.values.filter { !$0.isRecorded }.map(\.fold.state)
      .filter { state in
        guard let date = state.opening?.serviceDate else { return true }
        return dates.first.map { $0 <= date } ?? true && dates.last.map { date <= $0 } ?? true
      }.map(\.id).sorted()
  }

  /// The next page; nil when there is none.
  mutating func next() async throws(WhatIfError) -> [CaseID]? {
    if isAtEnd { return nil }
    let last = last
    let limit = whatIf.caseLimit
    let (world, dates) = (world, dates)
    let days = days
    var page = try await whatIf.reading(world.facility) {
      session throws(PostgresError) -> [CaseID] in
      guard let rows = try GenerationRows.active(of: world.facility, session) else { return [] }
      return try rows.cases(
        after: last, from: dates.first, to: dates.last, only: days,
        or: Array(world.supposed.keys), limit: limit)
    }
    isAtEnd = page.count < limit
    if let end = page.last { self.last = end }
    let own = unrecorded.filter { caseID in isAtEnd || page.last.map { caseID <= $0 } ?? true }
    unrecorded.removeFirst(own.count)
    page = (page + own).sorted()
    return page.isEmpty ? nil : page
  }
}

extension World {
  /// The days of patients on which a supposed case is, or would be, a session.
  var supposedDays: Set<PatientDay> { Set(supposed.values.flatMap(\.sessions.days)) }
}

extension GenerationRows {
  /// The rows that readers see; nil where nothing is projected.
  static func active(
    of facility: FacilityCode, _ session: DatabaseSession
  ) throws(PostgresError) -> GenerationRows? {
    try Checkpoint.active(of: facility, session).map {
      GenerationRows(facility: facility, generation: $0.generation, session: session)
    }
  }

  /// The next cases after one, by id.
  ///
  /// - Parameters:
  ///   - caseID: those after this one.
  ///   - first: of this date of service or a later one; a date of service never changes.
  ///   - last: of this date or an earlier one.
  ///   - days: only those that ever named the patient of one of these days, and on it; nil for all.
  ///   - cases: and these, whatever they named.
  ///   - limit: how many at most.
  /// - Returns: their ids.
  /// - Throws: the database's error.
  func cases(
    after caseID: CaseID, from first: CalendarDate?, to last: CalendarDate?,
    only days: Set<PatientDay>?, or cases: [CaseID], limit: Int
  ) throws(PostgresError) -> [CaseID] {
    let wanted = days.map(Array.init) ?? []
    return try session.query(
      """
      SELECT case_id FROM projection.case c
      WHERE facility = \(facility.text) AND generation = \(generation) AND case_id > \(caseID)
        AND (\(first == nil) OR service_date >= DATE '1970-01-01'
          + \(first.map { Int32($0.daysSince1970) }))
        AND (\(last == nil) OR service_date <= DATE '1970-01-01'
          + \(last.map { Int32($0.daysSince1970) }))
        AND (\(days == nil) OR case_id = ANY (\(cases)) OR EXISTS (
          SELECT FROM unnest(\(wanted.map(\.patient.text)),
            \(wanted.map { Int32($0.date.daysSince1970) })) AS w (patient, day)
          WHERE c.service_date = DATE '1970-01-01' + w.day AND w.patient = ANY (c.named_patients)))
      ORDER BY case_id LIMIT \(Int64(limit))
      """
    ).map { row throws(PostgresError) in try row[0] }
  }

  /// The cases that ever named the patient of one of these days, and on it.
  func cases(naming days: Set<PatientDay>) throws(PostgresError) -> [CaseID] {
    guard !days.isEmpty else { return [] }
    let wanted = Array(days)
    return try session.query(
      """
      SELECT DISTINCT c.case_id
      FROM unnest(\(wanted.map(\.patient.text)), \(wanted.map { Int32($0.date.daysSince1970) }))
        AS w (patient, day)
      JOIN projection.case c ON c.facility = \(facility.text) AND c.generation = \(generation)
        AND c.service_date = DATE '1970-01-01' + w.day AND w.patient = ANY (c.named_patients)
      """
    ).map { row throws(PostgresError) in try row[0] }
  }
}
