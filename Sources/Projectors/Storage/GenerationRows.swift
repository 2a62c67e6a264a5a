internal import Charges
internal import Postgres
internal import Procedures

/// The rows of one generation, within a transaction.
struct GenerationRows {
  let facility: FacilityCode
  let generation: Int64
  let session: DatabaseSession
}

// MARK: - Writing

extension GenerationRows {
  /// Writes the rows of these cases in the place of what they had.
  ///
  /// - Returns: by how much the number of held positions has changed.
  func write(_ cases: [DerivedCase]) throws(PostgresError) -> Int64 {
    guard !cases.isEmpty else { return 0 }
    try writeCases(cases)
    try writeLines(of: cases)
    return try writeHeld(cases)
  }

  private func writeCases(_ cases: [DerivedCase]) throws(PostgresError) {
    let folds = cases.map(\.fold)
    let openings = folds.map(\.state.opening)
    try session.execute(
      """
      INSERT INTO projection.case (facility, generation, case_id, version, position, recorded_at,
        first_recorded_at, phase, counts_as_signed, service_date, opened_at, room, operator, payer,
        planned_procedure, patient, named_patients, families, grouping_policy, document)
      SELECT \(facility.text), \(generation), n.case_id, n.version, n.position, n.recorded_at,
        n.first_recorded_at, n.phase, n.counts_as_signed, DATE '1970-01-01' + n.service_day,
        n.opened_at, n.room, n.operator, n.payer, n.planned_procedure, n.patient,
        string_to_array(n.named_patients, E'\\n'), string_to_array(n.families, ','),
        n.grouping_policy, n.document
      FROM unnest(\(folds.map(\.state.id)), \(folds.map(\.version)), \(folds.map(\.position)),
        \(folds.map(\.recordedAt)), \(folds.map(\.firstRecordedAt)),
        \(folds.map(\.state.phase.rawValue)), \(folds.map(\.state.countsAsSigned)),
        \(openings.map { $0.map { Int32($0.serviceDate.daysSince1970) } }),
        \(folds.map(\.state.openedAt)), \(folds.map(\.state.room?.text)),
        \(openings.map(\.?.operatingPhysician.text)), \(openings.map(\.?.payer?.text)),
        \(openings.map(\.?.plannedProcedure?.text)), \(folds.map(\.state.patient?.text)),
        \(folds.map { $0.namedPatients.sorted().map(\.text).joined(separator: "\n") }),
        \(cases.map { ($0.session?.families ?? []).sorted().map(\.name).joined(separator: ",") }),
        \(cases.map(\.derivation.groupingPolicy.text)),
        \(cases.map(\.derivation.json.compactText)))
        AS n (case_id, version, position, recorded_at, first_recorded_at, phase, counts_as_signed,
          service_day, opened_at, room, operator, payer, planned_procedure, patient,
          named_patients, families, grouping_policy, document)
      ON CONFLICT (facility, generation, case_id) DO UPDATE SET version = excluded.version,
        position = excluded.position, recorded_at = excluded.recorded_at,
        first_recorded_at = excluded.first_recorded_at, phase = excluded.phase,
        counts_as_signed = excluded.counts_as_signed, service_date = excluded.service_date,
        opened_at = excluded.opened_at, room = excluded.room, operator = excluded.operator,
        payer = excluded.payer, planned_procedure = excluded.planned_procedure,
        patient = excluded.patient, named_patients = excluded.named_patients,
        families = excluded.families, grouping_policy = excluded.grouping_policy,
        document = excluded.document
      """)
  }

  private func writeLines(of cases: [DerivedCase]) throws(PostgresError) {
    try session.execute(
      """
      DELETE FROM projection.line
      WHERE facility = \(facility.text) AND generation = \(generation)
        AND case_id = ANY (\(cases.map(\.fold.state.id)))
      """)
    let lines = cases.flatMap { derived in
      derived.derivation.lines.enumerated().map { (derived.fold.state.id, Int32($0 + 1), $1) }
    }
    guard !lines.isEmpty else { return }
    try session.execute(
      """
      INSERT INTO projection.line (facility, generation, case_id, number, code, units, status,
        modifiers, holds, document)
      SELECT \(facility.text), \(generation), n.case_id, n.number, n.code, n.units, n.status,
        string_to_array(n.modifiers, ','), string_to_array(n.holds, ','), n.document
      FROM unnest(\(lines.map(\.0)), \(lines.map(\.1)), \(lines.map(\.2.code.text)),
        \(lines.map { Int32(clamping: $0.2.units) }), \(lines.map(\.2.status.rawValue)),
        \(lines.map { $0.2.modifiers.map(\.text).joined(separator: ",") }),
        \(lines.map { $0.2.holds.map(\.code.rawValue).joined(separator: ",") }),
        \(lines.map(\.2.json.compactText)))
        AS n (case_id, number, code, units, status, modifiers, holds, document)
      """)
  }

  private func writeHeld(_ cases: [DerivedCase]) throws(PostgresError) -> Int64 {
    let before: Int64 = try session.queryOne(
      """
      WITH gone AS (
        DELETE FROM projection.held
        WHERE facility = \(facility.text) AND generation = \(generation)
          AND case_id = ANY (\(cases.map(\.fold.state.id)))
        RETURNING positions)
      SELECT coalesce(sum(positions), 0)::bigint FROM gone
      """)[0]
    let held = cases.filter { $0.heldBecause != nil }
    guard !held.isEmpty else { return -before }
    try session.execute(
      """
      INSERT INTO projection.held (facility, generation, case_id, positions, position, reason)
      SELECT \(facility.text), \(generation), n.case_id, n.positions, n.position, n.reason
      FROM unnest(\(held.map(\.fold.state.id)), \(held.map(\.fold.version)),
        \(held.map(\.fold.position)), \(held.map { $0.heldBecause ?? "" }))
        AS n (case_id, positions, position, reason)
      """)
    return held.reduce(-before) { $0 + $1.fold.version }
  }

  /// Writes which of the facility's own events are held.
  func writeHeld(_ fold: FacilityFold) throws(PostgresError) {
    guard let fault = fold.fault else { return }
    try session.execute(
      """
      INSERT INTO projection.held (facility, generation, case_id, positions, position, reason)
      VALUES (\(facility.text), \(generation), \(CaseID.zero), \(fold.held), \(fault.position),
        \(fault.sentence))
      ON CONFLICT (facility, generation, case_id) DO UPDATE SET positions = excluded.positions,
        position = excluded.position, reason = excluded.reason
      """)
  }
}

// MARK: - Reading

extension GenerationRows {
  /// What these cases, as they are stored, mean to other sessions; without those that mean nothing.
  func sessions(of cases: [CaseID]) throws(PostgresError) -> [CaseID: LabSession] {
    let sessions = try labSessions(
      """
      SELECT case_id, patient, service_date - DATE '1970-01-01', families FROM projection.case
      WHERE facility = \(facility.text) AND generation = \(generation)
        AND case_id = ANY (\(cases)) AND families <> '{}'
      """)
    return Dictionary(sessions.map { ($0.caseID, $0) }) { first, _ in first }
  }

  /// The sessions of these patients on these days, as they are stored.
  func sessions(on days: some Collection<PatientDay>) throws(PostgresError) -> [LabSession] {
    guard !days.isEmpty else { return [] }
    return try labSessions(
      """
      SELECT c.case_id, c.patient, c.service_date - DATE '1970-01-01', c.families
      FROM unnest(\(days.map(\.patient.text)), \(days.map { Int32($0.date.daysSince1970) }))
        AS wanted (patient, day)
      JOIN projection.case c ON c.facility = \(facility.text) AND c.generation = \(generation)
        AND c.service_date = DATE '1970-01-01' + wanted.day AND c.patient = wanted.patient
        AND c.families <> '{}'
      """)
  }

  private func labSessions(_ sql: SQL) throws(PostgresError) -> [LabSession] {
    var sessions: [LabSession] = []
    for row in try session.query(sql) {
      guard let patient = PatientReference(try row[1]) else { continue }
      let families: [String] = try row[3]
      sessions.append(
        LabSession(
          caseID: try row[0], patient: patient,
          serviceDate: CalendarDate(daysSince1970: Int(try row[2, as: Int32.self])),
          families: Set(families.compactMap(CodeFamily.init(name:)))))
    }
    return sessions
  }

  /// The next cases after one whose payer and date of service a change of rules touches, and whether
  /// the patient has another case that day; of them all, or those where that is so.
  func cases(
    touchedBy changes: RuleChanges, sharingDay: Bool, after caseID: CaseID, limit: Int
  ) throws(PostgresError) -> [(caseID: CaseID, sharesDay: Bool)] {
    try session.query(
      """
      SELECT case_id, shares_day FROM (
      SELECT c.case_id, EXISTS (
          SELECT FROM projection.case o
          WHERE o.facility = \(facility.text) AND o.generation = \(generation)
            AND o.service_date = c.service_date AND o.patient = c.patient
            AND o.case_id <> c.case_id) AS shares_day
      FROM projection.case c
      WHERE facility = \(facility.text) AND generation = \(generation) AND case_id > \(caseID)
        AND (service_date >= DATE '1970-01-01'
            + \(changes.adoptedFrom.map { Int32($0.daysSince1970) })
          OR EXISTS (
            SELECT FROM unnest(\(changes.assigned.map(\.payer.text)),
              \(changes.assigned.map { Int32($0.from.daysSince1970) })) AS a (payer, day)
            WHERE a.payer = c.payer AND c.service_date >= DATE '1970-01-01' + a.day))
      ) touched
      WHERE shares_day OR NOT \(sharingDay)
      ORDER BY case_id LIMIT \(Int64(limit))
      """
    ).map { row throws(PostgresError) in (try row[0], try row[1]) }
  }
}
