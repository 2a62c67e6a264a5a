public import Charges
public import Postgres
public import Procedures

/// Replays history under a supposition, beside history as it is, and tells the difference.
///
/// It reads and writes nothing. The log is read up to where it ended at the beginning, a page of cases
/// at a time and several pages at once, so that memory does not grow with the log.
public struct WhatIf: Sendable {
  let pool: ConnectionPool
  let books: RuleBookShelf
  /// How many cases are in memory at once for each page.
  let caseLimit: Int

  /// Compares through connections in the role of the service.
  ///
  /// - Parameters:
  ///   - pool: of as many connections as there are workers, at least.
  ///   - ruleBook: the book that the program ships; others are those that facilities keep.
  ///   - caseLimit: how many cases a page has.
  public init(pool: ConnectionPool, ruleBook: RuleBook, caseLimit: Int = 200) {
    self.pool = pool
    books = RuleBookShelf(shipped: ruleBook)
    self.caseLimit = max(1, caseLimit)
  }

  /// Compares the cases of a facility whose date of service lies in a range.
  ///
  /// A case without a date, which cannot be derived, is in the range that has no bounds alone.
  /// - Parameters:
  ///   - facility: whose log.
  ///   - supposition: what is supposed.
  ///   - dates: the first and the last date of service; nil is without a bound.
  ///   - workerCount: how many pages are replayed at once.
  ///   - progress: hears how far it has come.
  ///   - body: hears of each case that differs, in order of their ids.
  /// - Returns: what all compared cases come to.
  /// - Throws: ``WhatIfError``, and whatever `body` throws.
  public func compare(
    _ facility: FacilityCode, supposing supposition: Supposition,
    dates: (first: CalendarDate?, last: CalendarDate?) = (nil, nil), workerCount: Int = 1,
    progress: (WhatIfProgress) -> Void = { _ in },
    onDifference body: (DerivationComparison) throws -> Void = { _ in }
  ) async throws -> ComparisonTotals {
    let world = try await world(of: facility, supposition)
    var pages = Pages(whatIf: self, world: world, dates: dates)
    var totals = ComparisonTotals()
    var reached = WhatIfProgress(eventCount: 0, logEnd: world.position)
    try await withThrowingTaskGroup(of: (number: Int, result: PageResult).self) { group in
      var started = 0
      var finishedCount = 0
      var delivered = 0
      var waiting: [Int: PageResult] = [:]
      while true {
        // What is finished may wait for an earlier page, but not without bound.
        while started - finishedCount < max(1, workerCount),
          started - delivered < max(1, workerCount) * 4, let page = try await pages.next()
        {
          let number = started
          group.addTask { (number, try await compare(page, in: world)) }
          started += 1
        }
        guard let finished = try await group.next() else { return }
        finishedCount += 1
        waiting[finished.number] = finished.result
        while let result = waiting.removeValue(forKey: delivered) {
          delivered += 1
          for comparison in result.comparisons {
            totals.add(comparison)
            if comparison.isChanged { try body(comparison) }
          }
          reached.eventCount += result.eventCount
          progress(reached)
        }
      }
    }
    return totals
  }
}

extension WhatIf {
  /// Reads in one snapshot of a facility, with the database's error as one of a comparison.
  func reading<Value: Sendable>(
    _ facility: FacilityCode,
    _ body: @Sendable (DatabaseSession) throws(PostgresError) -> Value
  ) async throws(WhatIfError) -> Value {
    do throws(PostgresError) {
      return try await pool.transaction(
        TransactionMode.readOnlyRepeatable.projecting(facility), body)
    } catch {
      throw .database(error)
    }
  }
}
