import CLibPQ

/// Rows that are handed over one by one, so that memory does not grow with the result.
extension LiveConnection {
  /// How many rows are read and dropped before the server is asked to stop instead.
  private static let discardedRowLimit = 1000

  /// Runs a prepared statement and calls `body` with each row as it arrives.
  func stream(
    _ sql: SQL, _ body: (Row) throws(PostgresError) -> Void
  ) throws(PostgresError) {
    // A stale plan shows before the first row; once a row is out, nothing is sent again.
    var next = try retryingStalePlan(sql) { _, name throws(PostgresError) in
      try self.send(sql, prepared: name)
      guard PQsetSingleRowMode(self.pointer) == 1 else { throw self.failure() }
      return try self.nextRowOrEnd()
    }
    activity = .streaming
    defer { activity = .idle }
    while let row = next {
      do throws(PostgresError) {
        try body(row)
      } catch {
        discardRows()
        throw error
      }
      next = try nextRowOrEnd()
    }
  }

  /// The next row; nil when the answer has ended well.
  private func nextRowOrEnd() throws(PostgresError) -> Row? {
    guard let result = nextResult() else { throw failure() }
    switch result.status {
    case PGRES_SINGLE_TUPLE:
      return Row(result: result, index: 0)
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
      try collect()
      return nil
    default:
      throw try error(of: result)
    }
  }

  /// Drops the rows that are still to come; the server is stopped when there are many.
  private func discardRows() {
    var count = 0
    while isUp, nextResult() != nil {
      count += 1
      if count > Self.discardedRowLimit { requestCancel() }
    }
  }
}
