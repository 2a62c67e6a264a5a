public import Evidence
public import Procedures

/// One row of a facility's log, as it is stored.
public struct LogRow: Hashable, Sendable {
  /// The facility in whose log it stands.
  public var facility: FacilityCode
  /// Its place in the log: 1, 2, 3 … without a gap.
  public var position: Int64
  /// The case; the nil UUID for an event of the facility.
  public var caseID: CaseID
  /// Its place in the case: 1, 2, 3 ….
  public var version: Int64
  /// The database's clock when it was stored; never before the row at the position before.
  public var recordedAt: Instant
  /// What was appended.
  public var entry: LogEntry
  /// The hash of the row's leaf, as it is stored.
  public var leafHash: [UInt8]

  /// A row of these parts.
  public init(
    facility: FacilityCode, position: Int64, caseID: CaseID, version: Int64, recordedAt: Instant,
    entry: LogEntry, leafHash: [UInt8]
  ) {
    self.facility = facility
    self.position = position
    self.caseID = caseID
    self.version = version
    self.recordedAt = recordedAt
    self.entry = entry
    self.leafHash = leafHash
  }
}

extension LogRow {
  /// The hash that the row's leaf must have, computed anew from everything else in it.
  public var computedLeafHash: LeafHash { LeafHash(ofLeaf: leafBytes) }

  /// The row's leaf: the binary form that PostgreSQL itself gives a row of these columns
  /// (`record_send`), so that the database and any other program write the same bytes.
  ///
  /// Big-endian: the number of columns (4 bytes), then for each its type's number (4 bytes), its
  /// length (4 bytes; −1 for NULL) and its bytes. Times are microseconds since 2000-01-01 (8 bytes).
  public var leafBytes: [UInt8] {
    var leaf = LeafWriter(columnCount: 23)
    leaf.text(facility.text)
    leaf.bigint(position)
    leaf.uuid(caseID)
    leaf.bigint(version)
    leaf.uuid(entry.eventID)
    leaf.text(entry.type)
    leaf.smallint(entry.form)
    leaf.time(entry.occurredAt)
    leaf.text(entry.timeQualifier)
    leaf.text(entry.performer)
    leaf.bytes(entry.reason)
    leaf.bytes(entry.payload)
    leaf.bytes(entry.digest)
    leaf.time(recordedAt)
    leaf.text(entry.recorder)
    leaf.time(entry.claimedRecordedAt)
    leaf.text(entry.claimedRecorder)
    leaf.text(entry.hot.vessel)
    leaf.text(entry.hot.side)
    leaf.text(entry.hot.modality)
    leaf.boolean(entry.hot.imagesStored)
    leaf.text(entry.hot.lesion)
    leaf.uuid(entry.hot.entryID)
    return leaf.written
  }
}

/// Writes the columns of a leaf; the numbers are those of PostgreSQL's own types.
private struct LeafWriter {
  private(set) var written: [UInt8] = []

  init(columnCount: Int32) {
    written.reserveCapacity(640)
    append(columnCount)
  }

  private mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.bigEndian) { written.append(contentsOf: $0) }
  }

  private mutating func field(_ type: Int32, _ value: (some Collection<UInt8>)?) {
    append(type)
    append(Int32(value?.count ?? -1))
    if let value { written.append(contentsOf: value) }
  }

  private mutating func number(_ type: Int32, _ value: (some FixedWidthInteger)?) {
    append(type)
    guard let value else { return append(Int32(-1)) }
    append(Int32(value.bitWidth / 8))
    append(value)
  }

  mutating func text(_ value: String?) { field(25, value?.utf8) }
  mutating func bytes(_ value: [UInt8]?) { field(17, value) }
  mutating func bigint(_ value: Int64) { number(20, value) }
  mutating func smallint(_ value: Int16) { number(21, value) }
  mutating func boolean(_ value: Bool?) { number(16, value.map { UInt8($0 ? 1 : 0) }) }
  mutating func time(_ value: Instant?) {
    number(1184, value.map { $0.microseconds - Self.epochMicroseconds })
  }
  mutating func uuid<Subject>(_ value: Identifier<Subject>?) {
    append(Int32(2950))
    guard let value else { return append(Int32(-1)) }
    append(Int32(16))
    append(value.high)
    append(value.low)
  }

  /// 2000-01-01T00:00:00Z, from where PostgreSQL counts.
  private static let epochMicroseconds: Int64 = 946_684_800_000_000
}
