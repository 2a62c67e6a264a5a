import CLibPQ

/// Sending statements and gathering their results.
extension LiveConnection {
  /// Must come before each statement: refuses it when the task is cancelled or rows still flow.
  func prepareToSend() throws(PostgresError) {
    guard activity == .idle else {
      throw PostgresError(.invalidUse, "a statement was sent while the rows of another arrive")
    }
    guard isUp else { throw failure() }
    guard !isCancelled else {
      throw PostgresError(.cancelled, "the task was cancelled before the statement was sent")
    }
    cancelRequested = nil
  }

  /// Runs text without parameters, of one statement or several; returns the last result.
  ///
  /// On an error the server skips the rest of the text.
  @discardableResult
  func runSimple(_ text: String) throws(PostgresError) -> QueryResult? {
    try prepareToSend()
    guard !text.utf8.contains(0) else {
      throw PostgresError(.encoding, "a statement holds a NUL character")
    }
    guard PQsendQuery(pointer, text) == 1 else { throw failure() }
    try flush()
    return try collect()
  }

  /// Runs a prepared statement; returns its whole result.
  func run(_ sql: SQL) throws(PostgresError) -> QueryResult {
    let result = try retryingStalePlan(sql) { key, name throws(PostgresError) in
      try self.send(sql, prepared: name)
      return try self.collect()
    }
    guard let result else {
      throw PostgresError(.protocolViolation, "the server answered a statement with nothing")
    }
    return result
  }

  /// Calls `body` with the name of the prepared statement; prepares it again, once, when the
  /// server says that its plan or its name no longer holds.
  func retryingStalePlan<Result>(
    _ sql: SQL, _ body: (StatementCache.Key, String) throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result {
    try sql.parameters.validate()
    let key = StatementCache.Key(text: sql.text, types: sql.parameters.types)
    let isOutsideTransaction = transactionStatus == PQTRANS_IDLE
    do throws(PostgresError) {
      return try body(key, try prepare(key))
    } catch {
      guard error.saysPlanIsStale else { throw error }
      statements.discard(key)
      guard isOutsideTransaction else { throw error }
    }
    return try body(key, try prepare(key))
  }

  /// Sends a prepared statement with its values and asks for binary columns.
  func send(_ sql: SQL, prepared name: String) throws(PostgresError) {
    try prepareToSend()
    let count = sql.parameters.types.count
    let formats = [Int32](repeating: 1, count: count)
    let isSent = sql.parameters.withPointers { values, lengths in
      PQsendQueryPrepared(pointer, name, Int32(count), values, lengths, formats, 1)
    }
    guard isSent == 1 else { throw failure() }
    try flush()
  }

  /// The name under which the statement is prepared; prepares it when it is not.
  private func prepare(_ key: StatementCache.Key) throws(PostgresError) -> String {
    if let name = statements.name(for: key) { return name }
    guard !key.text.utf8.contains(0) else {
      throw PostgresError(.encoding, "a statement holds a NUL character")
    }
    try prepareToSend()
    let name = statements.freshName()
    guard PQsendPrepare(pointer, name, key.text, Int32(key.types.count), key.types) == 1 else {
      throw failure()
    }
    try flush()
    try collect()
    statements.insert(key, name: name)
    return name
  }

  /// Frees the server's side of forgotten statements, outside a transaction, which an error
  /// would abort.
  func deallocateDiscarded() throws(PostgresError) {
    guard !statements.discarded.isEmpty, transactionStatus == PQTRANS_IDLE else { return }
    let text = statements.takeDiscarded().map { "DEALLOCATE \($0)" }.joined(separator: ";")
    do throws(PostgresError) {
      try runSimple(text)
    } catch {
      // The server has forgotten the name already, as after DISCARD ALL.
      guard error.sqlState == .invalidStatementName else { throw error }
    }
  }
}

extension PostgresError {
  /// "cached plan must not change result type", or a name the server has forgotten.
  fileprivate var saysPlanIsStale: Bool {
    kind == .server && (sqlState == .featureNotSupported || sqlState == .invalidStatementName)
  }
}
