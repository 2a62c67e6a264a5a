/// Locks that the application gives a meaning to.
extension Session {
  /// Runs `body` while this connection, and no other of the database, holds the advisory lock `key`.
  ///
  /// `body` may run any number of transactions one after the other, which the lock outlives; it is
  /// let go of on every path, and by the server when the connection breaks. Waiting for it is not
  /// under the connection's statement timeout. A task that is cancelled stops waiting.
  ///
  /// - Parameters:
  ///   - key: The lock's number in this database.
  ///   - waitLimit: How long to wait for it, rounded up to milliseconds; zero is without limit.
  ///   - body: What is done under the lock.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws; ``SQLState/lockNotAvailable`` when `waitLimit` has passed;
  ///   ``PostgresError/Kind/invalidUse`` within a transaction.
  @discardableResult
  public func withAdvisoryLock<Result>(
    _ key: Int64, waitLimit: Duration = .zero,
    _ body: (Session) throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result {
    try live.lock(key, waitLimit: waitLimit)
    defer { live.unlock(key) }
    do throws(PostgresError) {
      let result = try body(self)
      try live.expectNoTransaction()
      return result
    } catch {
      live.rollBack()
      throw error
    }
  }
}

/// Advisory locks of the session, which the end of a transaction does not touch.
extension LiveConnection {
  /// Takes the lock in a transaction of its own, whose settings bound the wait.
  fileprivate func lock(_ key: Int64, waitLimit: Duration) throws(PostgresError) {
    let mode = TransactionMode.readOnly
      .setting("statement_timeout", to: "0")
      .setting("lock_timeout", to: "\(waitLimit.wholeMilliseconds)ms")
    try begin(mode)
    do throws(PostgresError) {
      _ = try run("SELECT pg_advisory_lock(\(key))")
      try commit()
    } catch {
      rollBack()
      // The server may have granted it all the same, and keeps it when a transaction ends.
      isSpoiled = true
      throw error
    }
  }

  /// Lets go of the lock, also for a cancelled task.
  fileprivate func unlock(_ key: Int64) {
    guard isUp else { return }
    isShielded = true
    defer { isShielded = false }
    do throws(PostgresError) {
      let row = Row(result: try run("SELECT pg_advisory_unlock(\(key))"), index: 0)
      if try !row[0, as: Bool.self] { isSpoiled = true }
    } catch {
      isSpoiled = true
    }
  }
}
