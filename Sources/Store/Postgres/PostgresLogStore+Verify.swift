internal import Postgres
public import Procedures
internal import Synchronization

extension PostgresLogStore {
  /// How many rows one statement reads.
  private static let verifiedPageSize: Int64 = 65_536

  /// Holds a facility's log, as far as it reached at the beginning, to its promises.
  ///
  /// - Parameters:
  ///   - facility: whose log.
  ///   - progress: hears the position up to which it is whole, after each page.
  /// - Returns: the check of a log that is whole, or the first thing that is wrong with it.
  /// - Throws: ``StoreError`` when it cannot be read.
  public func verify(
    _ facility: FacilityCode, progress: @Sendable (Int64) -> Void = { _ in }
  ) async throws(StoreError) -> Result<LogCheck, LogFault> {
    let end = try await head(of: facility)
    let pass = VerifyingPass(facility)
    while pass.position < end?.position ?? 0 {
      let start = pass.position
      let last = min(start + Self.verifiedPageSize, end?.position ?? 0)
      // A code holds letters, digits and hyphens alone; a COPY takes no parameters.
      let sql = """
        COPY (SELECT \(StoredLeaf.columns) FROM log.event
          WHERE facility = '\(facility.text)' AND position > \(start) AND position <= \(last)
          ORDER BY position) TO STDOUT (FORMAT binary)
        """
      let fault = try await read(facility) { session throws(PostgresError) in
        try pass.check(sql, session)
      }
      if let fault { return .failure(fault) }
      guard pass.position > start else { break }
      progress(pass.position)
    }
    return pass.finish(at: end)
  }
}

/// A check that goes on from page to page without being copied.
private final class VerifyingPass: Sendable {
  private let check: Mutex<LogCheck>

  init(_ facility: FacilityCode) { check = Mutex(LogCheck(facility: facility)) }

  var position: Int64 { check.withLock { $0.position } }

  /// Checks the rows of a COPY; returns the first fault.
  func check(_ sql: String, _ session: Session) throws(PostgresError) -> LogFault? {
    try check.withLock { check throws(PostgresError) in
      var leaf = StoredLeaf()
      var fault: LogFault?
      try session.copyRowsOut(sql) { row throws(PostgresError) in
        try leaf.read(&row)
        // The rest of the page is read all the same: a COPY that is broken off costs the transaction.
        guard fault == nil else { return }
        do throws(LogFault) { try check.add(leaf) } catch { fault = error }
      }
      return fault
    }
  }

  func finish(at end: LogEnd?) -> Result<LogCheck, LogFault> {
    check.withLock { check in
      do throws(LogFault) {
        try check.finish(at: end)
        return .success(check)
      } catch {
        return .failure(error)
      }
    }
  }
}
