internal import Postgres
internal import Procedures
internal import Store

extension DatabaseSession {
  /// The position up to which the log is read for a moment of a case; nil before its first event.
  func position(
    of moment: Moment, for caseID: CaseID, in facility: FacilityCode
  ) throws(PostgresError) -> Int64? {
    switch moment {
    case .now, .occurred: return try logEnd(of: facility)
    case .version(let version):
      guard version > 0 else { return nil }
      let found: Int64? = try query(
        """
        SELECT position FROM log.event
        WHERE facility = \(facility.text) AND case_id = \(caseID) AND version = \(version)
        """
      ).first.map { row throws(PostgresError) in try row[0] }
      if let found { return found }
      return try logEnd(of: facility)
    case .recorded(let time): return try lastPosition(recordedBy: time, in: facility)
    }
  }

  /// The last position that was recorded by then: times of recording never run backwards, so that
  /// halving finds it.
  private func lastPosition(
    recordedBy time: Instant, in facility: FacilityCode
  ) throws(PostgresError) -> Int64 {
    var low: Int64 = 0
    var high = try logEnd(of: facility)
    while low < high {
      let middle = low + (high - low + 1) / 2
      let isBy: Bool = try queryOne(
        """
        SELECT recorded_at <= \(time) FROM log.event
        WHERE facility = \(facility.text) AND position = \(middle)
        """)[0]
      if isBy { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The cases of a date that name one of these patients, or may, as they are not projected yet.
  func cases(
    naming patients: Set<PatientReference>, on date: CalendarDate, in facility: FacilityCode,
    through position: Int64
  ) throws(PostgresError) -> Result<[CaseID], ReplayError> {
    let checkpoint = try Checkpoint.active(of: facility, self)
    let projected = checkpoint?.position ?? 0
    guard position - projected <= Replay.unprojectedLimit else {
      return .failure(.projectionBehind(by: position - projected))
    }
    let cases: [CaseID] = try query(
      """
      SELECT case_id FROM projection.case
      WHERE facility = \(facility.text) AND generation = \(checkpoint?.generation ?? 0)
        AND service_date = DATE '1970-01-01' + \(Int32(date.daysSince1970))
        AND named_patients && \(patients.map(\.text))
      UNION
      SELECT case_id FROM log.event
      WHERE facility = \(facility.text) AND position > \(projected) AND position <= \(position)
        AND type IN ('case-opened', 'patient-identified', 'entry-corrected')
      """
    ).map { row throws(PostgresError) in try row[0] }
    return .success(cases)
  }
}
