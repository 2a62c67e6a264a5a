internal import Evidence
public import Procedures

/// Holds a log to its promises, row by row in the order of positions.
///
/// Positions and versions are without a gap, the clock never runs backwards, each leaf hash is that of
/// its row, and what stands in columns of its own is what the payload says.
public struct LogCheck: Sendable {
  private let facility: FacilityCode
  private var last: LogRow?
  private var versions: [CaseID: Int64] = [:]

  /// Begins before the first position of a facility's log.
  public init(facility: FacilityCode) { self.facility = facility }

  /// The position up to which the log has been found whole.
  public var position: Int64 { last?.position ?? 0 }

  /// How many cases it has, the facility's own events aside.
  public var caseCount: Int { versions.keys.count { $0 != .zero } }

  /// Checks the next row.
  ///
  /// - Throws: ``LogFault``, the first thing that is wrong with it.
  public mutating func add(_ row: LogRow) throws(LogFault) {
    func fault(_ sentence: String) -> LogFault {
      LogFault(position: row.position, sentence: sentence)
    }
    guard row.facility == facility else { throw fault("the row belongs to another facility") }
    guard row.position == position + 1 else {
      throw LogFault(
        position: position + 1,
        sentence: "the event of this position is missing; the next is at \(row.position)")
    }
    let version = versions[row.caseID] ?? 0
    guard row.version == version + 1 else {
      throw fault("its version in the case is \(row.version) where \(version + 1) is due")
    }
    if let last, row.recordedAt < last.recordedAt {
      throw fault("it was recorded before the event at the position before")
    }
    guard row.computedLeafHash.bytes == row.leafHash else {
      throw fault("its leaf hash is not that of its columns: one of them was changed")
    }
    try Self.checkHotFields(of: row)
    versions[row.caseID] = row.version
    last = row
  }

  /// The end that the facility's head row names must be where the rows end.
  public func finish(at end: LogEnd?) throws(LogFault) {
    guard end?.position ?? 0 == position else {
      throw LogFault(
        position: position + 1,
        sentence: "the log's head is at \(end?.position ?? 0), and its rows end at \(position)")
    }
  }

  private static func checkHotFields(of row: LogRow) throws(LogFault) {
    let data: JSON
    do throws(JSONError) {
      data = try JSON.read(row.entry.payload)
    } catch {
      throw LogFault(position: row.position, sentence: "its payload is not JSON")
    }
    guard data.canonicalBytes == row.entry.payload else {
      throw LogFault(position: row.position, sentence: "its payload is not in canonical form")
    }
    guard LogEntry.HotFields(data) == row.entry.hot else {
      throw LogFault(
        position: row.position, sentence: "its columns do not say what its payload says")
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
