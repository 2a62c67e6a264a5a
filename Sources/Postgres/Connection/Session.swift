/// A connection in the hands of one closure, in which nothing can slip between two statements.
///
/// Calls block the connection's own thread. A session does not outlive its closure.
public final class Session {
  let live: LiveConnection

  init(_ live: LiveConnection) {
    self.live = live
  }

  /// Runs a statement and drops its rows.
  ///
  /// - Returns: How many rows it touched.
  @discardableResult
  public func execute(_ sql: SQL) throws(PostgresError) -> Int {
    try live.run(sql).affectedRowCount
  }

  /// Runs a statement and holds all its rows; the caller bounds their number.
  public func query(_ sql: SQL) throws(PostgresError) -> [Row] {
    let result = try live.run(sql)
    return (0..<result.rowCount).map { Row(result: result, index: Int32($0)) }
  }

  /// Runs a statement that gives one row.
  ///
  /// - Throws: ``PostgresError/Kind/invalidUse`` when it gives none or several.
  public func queryOne(_ sql: SQL) throws(PostgresError) -> Row {
    let rows = try query(sql)
    guard let row = rows.first, rows.count == 1 else {
      throw PostgresError(.invalidUse, "a statement gave \(rows.count) rows where one is needed")
    }
    return row
  }

  /// Runs a statement and calls `body` with each row as it arrives; holds one row at a time.
  ///
  /// When `body` throws, up to a thousand further rows are dropped and then the server is asked to
  /// stop, which aborts an open transaction.
  public func forEachRow(
    _ sql: SQL, _ body: (Row) throws(PostgresError) -> Void
  ) throws(PostgresError) {
    try live.stream(sql, body)
  }

  /// Runs text of any number of statements, without values and without a result.
  ///
  /// Outside a transaction the server makes one of the whole text.
  public func runScript(_ text: String) throws(PostgresError) {
    try live.runSimple(text)
  }

  /// Runs `body` between BEGIN and COMMIT, or ROLLBACK when it throws.
  ///
  /// - Throws: What `body` throws; ``PostgresError/Kind/invalidUse`` within another transaction;
  ///   ``PostgresError/Kind/transactionAborted`` when `body` swallowed a failed statement;
  ///   ``PostgresError/Kind/commitUnknown`` when the answer to COMMIT never came.
  @discardableResult
  public func transaction<Result>(
    _ mode: TransactionMode = .readWrite, _ body: (Session) throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result {
    try live.begin(mode)
    let result: Result
    do throws(PostgresError) {
      result = try body(self)
    } catch {
      live.rollBack()
      throw error
    }
    try live.commit()
    return result
  }
}
