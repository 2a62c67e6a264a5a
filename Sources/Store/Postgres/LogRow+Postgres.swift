package import Postgres
package import Procedures

extension LogRow {
  /// The columns of `log.event` but for the facility, in the order of ``init(_:facility:)``.
  package static let columns = """
    position, case_id, version, event_id, type, form, occurred_at, time_qualifier, performer, \
    reason, payload, digest, recorded_at, recorder, claimed_recorded_at, claimed_recorder, \
    vessel, side, modality, images_stored, lesion, entry_id, leaf_hash
    """

  /// Reads a row of ``columns``.
  package init(_ row: Row, facility: FacilityCode) throws(PostgresError) {
    var hot = LogEntry.HotFields()
    hot.vessel = try row[16]
    hot.side = try row[17]
    hot.modality = try row[18]
    hot.imagesStored = try row[19]
    hot.lesion = try row[20]
    hot.entryID = try row[21]
    let entry = LogEntry(
      eventID: try row[3], type: try row[4], form: try row[5], occurredAt: try row[6],
      timeQualifier: try row[7], performer: try row[8], reason: try row[9], payload: try row[10],
      digest: try row[11], recorder: try row[13], claimedRecordedAt: try row[14],
      claimedRecorder: try row[15], hot: hot)
    self.init(
      facility: facility, position: try row[0], caseID: try row[1], version: try row[2],
      recordedAt: try row[12], entry: entry, leafHash: try row[22])
  }

  /// Reads a row of ``columns`` from a COPY, which is a third of the work of reading it from a result.
  package init(_ row: inout BinaryCopyReader, facility: FacilityCode) throws(PostgresError) {
    let (position, caseID, version) = (
      try row.next(Int64.self), try row.next(CaseID.self), try row.next(Int64.self)
    )
    // What follows is read in the order of the columns, as the arguments are.
    var entry = LogEntry(
      eventID: try row.next(), type: try row.next(), form: try row.next(),
      occurredAt: try row.next(), timeQualifier: try row.next(), performer: try row.next(),
      reason: try row.next(), payload: try row.next(), digest: try row.next(), recorder: "")
    let recordedAt = try row.next(Instant.self)
    entry.recorder = try row.next()
    entry.claimedRecordedAt = try row.next()
    entry.claimedRecorder = try row.next()
    entry.hot.vessel = try row.next()
    entry.hot.side = try row.next()
    entry.hot.modality = try row.next()
    entry.hot.imagesStored = try row.next()
    entry.hot.lesion = try row.next()
    entry.hot.entryID = try row.next()
    self.init(
      facility: facility, position: position, caseID: caseID, version: version,
      recordedAt: recordedAt, entry: entry, leafHash: try row.next())
  }
}
