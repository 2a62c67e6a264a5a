import CLibPQ

/// How libpq is waited for: always in `poll`, so that a cancelled task is heard at once.
extension LiveConnection {
  /// A cancel request that finds the server between two statements is lost, so it is repeated.
  private static let cancelInterval = Duration.milliseconds(100)

  /// The task that uses the connection has been cancelled and may be heard.
  var isCancelled: Bool { !isShielded && (cancellation?.isSet ?? false) }

  /// Sends what libpq has buffered; reads meanwhile, because a server that cannot write may not read.
  func flush() throws(PostgresError) {
    while true {
      let pending = PQflush(pointer)
      guard pending >= 0 else { throw failure() }
      guard pending > 0 else { return }
      let wait = waitForSocket(forWriting: true)
      if wait.isReadable, PQconsumeInput(pointer) == 0 { throw failure() }
    }
  }

  /// The next result of the statement under way; nil when there is none left.
  func nextResult() -> QueryResult? {
    // After a failed read PQgetResult gives the error and then nil, without waiting.
    while PQisBusy(pointer) != 0 {
      let wait = waitForSocket(forWriting: false)
      if wait.isReadable, PQconsumeInput(pointer) == 0 { break }
    }
    return PQgetResult(pointer).map { QueryResult($0) }
  }

  /// Waits until the socket can be read, or written if asked; meanwhile passes on cancellation.
  func waitForSocket(forWriting: Bool) -> SocketWait {
    while true {
      if isCancelled { requestCancel() }
      let wait = SocketWait(
        socket: PQsocket(pointer), forReading: true, forWriting: forWriting, wake: wake,
        timeout: isCancelled ? Self.cancelInterval : nil)
      if wait.isReadable || wait.isWritable { return wait }
    }
  }

  /// Reads what a closing server may have sent while nobody used the connection.
  ///
  /// - Returns: Whether the connection can be used.
  func checkIdle() -> Bool {
    // A farewell and the end of the stream come as one or two reads.
    for _ in 0..<8 {
      guard isUp else { return false }
      let wait = SocketWait(
        socket: PQsocket(pointer), forReading: true, wake: wake, timeout: .zero)
      guard wait.isReadable else { return true }
      guard PQconsumeInput(pointer) != 0 else { return false }
      _ = PQisBusy(pointer)
    }
    return isUp
  }

  /// Asks the server, through a connection of its own, to end the statement under way.
  func requestCancel() {
    let now = ContinuousClock.now
    if let cancelRequested, cancelRequested.duration(to: now) < Self.cancelInterval { return }
    cancelRequested = now
    guard let cancel = PQgetCancel(pointer) else { return }
    defer { PQfreeCancel(cancel) }
    // When it fails, the statement goes on until it ends or times out, and is asked again.
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
      _ = PQcancel(cancel, message.baseAddress, Int32(message.count))
    }
  }
}
