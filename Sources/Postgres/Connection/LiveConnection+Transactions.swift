import CLibPQ

/// BEGIN, COMMIT and ROLLBACK.
extension LiveConnection {
  /// Begins a transaction and sets what the mode says, in one round trip.
  func begin(_ mode: TransactionMode) throws(PostgresError) {
    guard transactionStatus == PQTRANS_IDLE else {
      throw PostgresError(.invalidUse, "a transaction was begun within another")
    }
    var text = mode.beginStatement
    for setting in mode.settings {
      let name = try quoted(setting.name)
      let value = try quoted(setting.value)
      text += ";SELECT set_config(\(name),\(value),true)"
    }
    do throws(PostgresError) {
      try runSimple(text)
    } catch {
      rollBack()
      throw error
    }
  }

  /// Commits; a cancelled task does not interrupt it.
  ///
  /// - Throws: ``PostgresError/Kind/commitUnknown`` when the answer never came.
  func commit() throws(PostgresError) {
    guard !isCancelled else {
      rollBack()
      throw PostgresError(.cancelled, "the task was cancelled before COMMIT")
    }
    guard isUp else { throw failure() }
    isShielded = true
    defer { isShielded = false }
    do throws(PostgresError) {
      guard try runSimple("COMMIT")?.commandTag == "COMMIT" else {
        // The answer to COMMIT after a failed statement is ROLLBACK, and no error.
        throw PostgresError(.transactionAborted, "a statement of the transaction had failed")
      }
    } catch {
      guard error.kind != .connectionLost else {
        throw PostgresError(
          .commitUnknown, "the connection broke before COMMIT was answered", report: error.report)
      }
      throw error
    }
  }

  /// Rolls back whatever is open; a connection on which that fails is no longer used.
  func rollBack() {
    guard isUp, transactionStatus != PQTRANS_IDLE else { return }
    isShielded = true
    defer { isShielded = false }
    // When it fails the transaction stays open, and the connection is closed for it (`isReusable`).
    _ = try? runSimple("ROLLBACK")
  }

  /// Throws when a closure returned within a transaction that it began by hand.
  func expectNoTransaction() throws(PostgresError) {
    guard !isUp || transactionStatus == PQTRANS_IDLE else {
      throw PostgresError(.invalidUse, "a transaction was left open")
    }
  }

  /// Whether the next caller finds the connection as a new one: up and outside a transaction.
  var isReusable: Bool {
    isUp && transactionStatus == PQTRANS_IDLE && activity == .idle && !isSpoiled
  }

  /// A literal in the connection's encoding.
  private func quoted(_ text: String) throws(PostgresError) -> String {
    guard !text.utf8.contains(0) else {
      throw PostgresError(.encoding, "a setting holds a NUL character")
    }
    guard let literal = PQescapeLiteral(pointer, text, text.utf8.count) else { throw failure() }
    defer { PQfreemem(literal) }
    return String(cString: literal)
  }
}
