import CLibPQ

/// COPY in both directions, as raw bytes.
extension LiveConnection {
  /// How many pieces are read and dropped before the server is asked to stop instead.
  private static let discardedPieceLimit = 1000

  /// Starts a COPY and checks that it goes the way the caller wants.
  private func startCopy(
    _ text: String, _ direction: ExecStatusType
  ) throws(PostgresError) {
    try prepareToSend()
    guard !text.utf8.contains(0) else {
      throw PostgresError(.encoding, "a statement holds a NUL character")
    }
    guard PQsendQuery(pointer, text) == 1 else { throw failure() }
    try flush()
    guard let result = nextResult() else { throw failure() }
    guard result.status != direction else { return }
    guard result.status == PGRES_TUPLES_OK || result.status == PGRES_COMMAND_OK else {
      throw try error(of: result)
    }
    drain()
    throw PostgresError(.invalidUse, "the statement is no COPY")
  }

  /// Sends what `body` writes; returns the number of rows.
  func copyIn(
    _ text: String, _ body: (CopySink) throws(PostgresError) -> Void
  ) throws(PostgresError) -> Int {
    try startCopy(text, PGRES_COPY_IN)
    activity = .streaming
    defer { activity = .idle }
    do throws(PostgresError) {
      try body(CopySink(self))
    } catch {
      let cause = error
      do throws(PostgresError) {
        try endCopyIn(failing: "the writer gave up")
        drain()
      } catch {
        // The connection broke or is out of step, and is not used again; the cause counts.
      }
      throw cause
    }
    try endCopyIn(failing: nil)
    return try collect()?.affectedRowCount ?? 0
  }

  /// Sends bytes and waits until the kernel has them, so that libpq's buffer stays small.
  func putCopyData(_ bytes: UnsafeRawBufferPointer) throws(PostgresError) {
    guard !isCancelled else {
      throw PostgresError(.cancelled, "the task was cancelled during COPY")
    }
    // libpq counts in Int32, and large pieces would be held twice.
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(CopySink.pieceByteCount))
      let start = piece.bindMemory(to: CChar.self).baseAddress
      guard PQputCopyData(pointer, start, Int32(piece.count)) == 1 else { throw failure() }
      try flush()
      rest = rest.dropFirst(piece.count)
    }
  }

  private func endCopyIn(failing reason: String?) throws(PostgresError) {
    guard PQputCopyEnd(pointer, reason) == 1 else { throw failure() }
    try flush()
  }

  /// Calls `body` with each piece of data; libpq gives one row a piece.
  func copyOut(
    _ text: String, _ body: (RawSpan) throws(PostgresError) -> Void
  ) throws(PostgresError) {
    try startCopy(text, PGRES_COPY_OUT)
    activity = .streaming
    defer { activity = .idle }
    do throws(PostgresError) {
      while try nextCopyData(body) {}
    } catch {
      dropCopyData()
      drain()
      throw error
    }
    try collect()
  }

  /// Reads one piece and hands it to `body`; false at the end.
  private func nextCopyData(
    _ body: (RawSpan) throws(PostgresError) -> Void
  ) throws(PostgresError) -> Bool {
    var start: UnsafeMutablePointer<CChar>?
    while true {
      let count = PQgetCopyData(pointer, &start, 1)
      if let start, count > 0 {
        defer { PQfreemem(start) }
        try body(UnsafeRawBufferPointer(start: start, count: Int(count)).bytes)
        return true
      }
      guard count == 0 else { return false }
      let wait = waitForSocket(forWriting: false)
      if wait.isReadable, PQconsumeInput(pointer) == 0 { throw failure() }
    }
  }

  /// Drops the data that is still to come; the server is stopped when there is much.
  private func dropCopyData() {
    var count = 0
    do throws(PostgresError) {
      while isUp,
        try nextCopyData({ _ throws(PostgresError) in
          count += 1
          if count > Self.discardedPieceLimit { requestCancel() }
        })
      {}
    } catch {
      // The connection broke, and is not used again.
    }
  }

  /// Ends a COPY that nobody feeds or reads.
  func abandonCopy(_ status: ExecStatusType) throws(PostgresError) {
    if status == PGRES_COPY_OUT {
      dropCopyData()
    } else {
      try endCopyIn(failing: "COPY was not expected")
    }
  }
}
