import CLibPQ

/// One open libpq connection; used by one thread at a time and finished when it is released.
final class LiveConnection {
  let pointer: OpaquePointer
  let wake: WakeSignal
  var statements: StatementCache
  /// Of the run under way.
  var cancellation: CancellationFlag?
  /// While COMMIT and ROLLBACK are under way, cancellation waits.
  var isShielded = false
  /// When the server was last asked to cancel the statement under way.
  var cancelRequested: ContinuousClock.Instant?
  /// What the connection is doing beyond single statements.
  var activity = Activity.idle
  /// The session may still hold something of its last user: only its end puts that right.
  var isSpoiled = false
  private let notices: NoticeSink

  /// While rows or copy data flow, no other statement can be sent.
  enum Activity { case idle, streaming }

  private init(_ pointer: OpaquePointer, wake: WakeSignal, settings: ConnectionSettings) {
    self.pointer = pointer
    self.wake = wake
    statements = StatementCache(capacity: settings.statementCacheCapacity)
    notices = NoticeSink(settings.onNotice)
    notices.attach(to: pointer)
  }

  deinit {
    PQfinish(pointer)
  }

  /// Whether the connection still stands as far as libpq knows.
  var isUp: Bool { PQstatus(pointer) == CONNECTION_OK }

  var transactionStatus: PGTransactionStatusType { PQtransactionStatus(pointer) }
}

extension LiveConnection {
  /// Tries each host in turn, each with its own deadline.
  static func open(
    _ settings: ConnectionSettings, wake: WakeSignal, cancellation: CancellationFlag
  ) throws(PostgresError) -> LiveConnection {
    var failure = PostgresError(.connectionFailed, "no host is named")
    for target in try settings.attempts() {
      do throws(PostgresError) {
        return try open(target, settings, wake: wake, cancellation: cancellation)
      } catch {
        guard error.kind == .connectionFailed else { throw error }
        failure = error
      }
    }
    throw failure
  }

  private static func open(
    _ target: ConnectionTarget, _ settings: ConnectionSettings, wake: WakeSignal,
    cancellation: CancellationFlag
  ) throws(PostgresError) -> LiveConnection {
    guard let pointer = target.withPointers({ PQconnectStartParams($0, $1, 0) }) else {
      throw PostgresError(.connectionFailed, "there is no memory left for a connection")
    }
    let live = LiveConnection(pointer, wake: wake, settings: settings)
    let deadline = ContinuousClock.now + (target.connectTimeout ?? settings.connectTimeout)
    var next = PGRES_POLLING_WRITING
    guard PQstatus(pointer) != CONNECTION_BAD else { throw live.connectFailure() }
    while next != PGRES_POLLING_OK {
      guard next != PGRES_POLLING_FAILED else { throw live.connectFailure() }
      let remaining = ContinuousClock.now.duration(to: deadline)
      guard remaining > .zero else {
        throw PostgresError(.connectionFailed, "the server did not answer in time")
      }
      let wait = SocketWait(
        socket: PQsocket(pointer), forReading: next == PGRES_POLLING_READING,
        forWriting: next == PGRES_POLLING_WRITING, wake: wake, timeout: remaining)
      guard !cancellation.isSet else {
        throw PostgresError(.cancelled, "the task was cancelled while it connected")
      }
      if wait.isReadable || wait.isWritable { next = PQconnectPoll(pointer) }
    }
    guard PQsetnonblocking(pointer, 1) == 0 else { throw live.connectFailure() }
    return live
  }

  private func connectFailure() -> PostgresError {
    PostgresError(
      .connectionFailed, "the server could not be reached or refused the connection",
      report: ServerReport(connection: pointer))
  }
}

extension ConnectionTarget {
  /// Calls `body` with the keywords and values as two lists that end with nil.
  func withPointers<Result>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> Result?
  ) -> Result? {
    let pairs = values.sorted { $0.key < $1.key }
    let texts = pairs.flatMap { [$0.key, $0.value] }.map { Array($0.utf8CString) }
    let joined = texts.joined()
    return Array(joined).withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return nil }
      var offset = 0
      var keywords: [UnsafePointer<CChar>?] = []
      var values: [UnsafePointer<CChar>?] = []
      for (index, text) in texts.enumerated() {
        if index.isMultiple(of: 2) {
          keywords.append(start + offset)
        } else {
          values.append(start + offset)
        }
        offset += text.count
      }
      return (keywords + [nil]).withUnsafeBufferPointer { keywords in
        (values + [nil]).withUnsafeBufferPointer { values in
          guard let keywords = keywords.baseAddress, let values = values.baseAddress else {
            return nil
          }
          return body(keywords, values)
        }
      }
    }
  }
}
