public import Procedures

/// Holds a log to its promises, row by row in the order of positions.
///
/// Positions and versions are without a gap, the clock never runs backwards, each leaf hash is that of
/// its row, and what stands in columns of its own is what the payload says.
public struct LogCheck: Sendable {
  /// Whose log.
  let facility: FacilityCode
  /// The position up to which the log has been found whole.
  public private(set) var position: Int64 = 0
  /// In PostgreSQL's microseconds.
  private var recordedAt = Int64.min
  private var versions: [CaseID: Int64] = [:]

  /// Begins before the first position of a facility's log.
  public init(facility: FacilityCode) { self.facility = facility }

  /// How many cases it has, the facility's own events aside.
  public var caseCount: Int { versions.count - (versions[.zero] == nil ? 0 : 1) }

  /// Checks the next row.
  ///
  /// - Throws: ``LogFault``, the first thing that is wrong with it.
  public mutating func add(_ row: LogRow) throws(LogFault) { try add(StoredLeaf(row)) }

  /// Checks the next row.
  mutating func add(_ leaf: StoredLeaf) throws(LogFault) {
    let position = leaf.number(.position)
    func fault(_ sentence: String) -> LogFault {
      LogFault(position: position, sentence: sentence)
    }
    guard leaf.value(.facility)?.elementsEqual(facility.text.utf8) == true else {
      throw fault("the row belongs to another facility")
    }
    guard position == self.position + 1 else {
      throw LogFault(
        position: self.position + 1,
        sentence: "the event of this position is missing; the next is at \(position)")
    }
    let caseID = leaf.caseID
    let version = leaf.number(.version)
    let due = (versions[caseID] ?? 0) + 1
    guard version == due else {
      throw fault("its version in the case is \(version) where \(due) is due")
    }
    let recordedAt = leaf.number(.recordedAt)
    guard recordedAt >= self.recordedAt else {
      throw fault("it was recorded before the event at the position before")
    }
    guard leaf.hasItsHash else {
      throw fault("its leaf hash is not that of its columns: one of them was changed")
    }
    try Self.checkPayload(of: leaf, at: position)
    versions[caseID] = version
    self.position = position
    self.recordedAt = recordedAt
  }

  /// The end that the facility's head row names must be where the rows end.
  public func finish(at end: LogEnd?) throws(LogFault) {
    guard end?.position ?? 0 == position else {
      throw LogFault(
        position: position + 1,
        sentence: "the log's head is at \(end?.position ?? 0), and its rows end at \(position)")
    }
  }

  private static func checkPayload(
    of leaf: StoredLeaf, at position: Int64
  ) throws(LogFault) {
    let payload = leaf.value(.payload) ?? []
    let isPlain = payload.withUnsafeBytes { bytes in
      PlainPayload(bytes).map { $0.agrees(with: leaf) } ?? false
    }
    if isPlain { return }
    let data: JSON
    do throws(JSONError) {
      data = try JSON.read(payload)
    } catch {
      throw LogFault(position: position, sentence: "its payload is not JSON")
    }
    guard data.canonicalBytes.elementsEqual(payload) else {
      throw LogFault(position: position, sentence: "its payload is not in canonical form")
    }
    guard LogEntry.HotFields(data) == leaf.hot else {
      throw LogFault(position: position, sentence: "its columns do not say what its payload says")
    }
  }
}

/// What is wrong with a log, and at which position first.
public struct LogFault: Error, Hashable, Sendable {
  /// The first position that is wrong.
  public let position: Int64
  /// What is wrong there.
  public let sentence: String

  /// A fault at this position.
  public init(position: Int64, sentence: String) {
    self.position = position
    self.sentence = sentence
  }
}
