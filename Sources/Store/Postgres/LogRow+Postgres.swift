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
}
