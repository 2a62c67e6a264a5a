import CLibPQ

/// What LISTEN brings.
extension LiveConnection {
  /// Takes the next notification that libpq has read, or nil.
  func takeNotification() -> Notification? {
    guard let pointer = PQnotifies(pointer) else { return nil }
    defer { PQfreemem(pointer) }
    return Notification(
      channel: String(cString: pointer.pointee.relname),
      payload: String(cString: pointer.pointee.extra))
  }

  /// Frees notifications that nobody reads.
  func dropNotifications() {
    while takeNotification() != nil {}
  }

  /// Waits until the server sends something or the task is cancelled.
  ///
  /// - Throws: ``PostgresError/Kind/connectionLost``, or ``PostgresError/Kind/cancelled``.
  func waitForNotification() throws(PostgresError) -> Notification {
    while true {
      if let notification = takeNotification() { return notification }
      guard !isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
      let wait = SocketWait(
        socket: PQsocket(pointer), forReading: true, wake: wake, timeout: nil)
      if wait.isReadable, PQconsumeInput(pointer) == 0 || !isUp { throw failure() }
    }
  }

  /// Starts to hear a channel.
  func listen(to channel: String) throws(PostgresError) {
    guard let name = PQescapeIdentifier(pointer, channel, channel.utf8.count) else {
      throw failure()
    }
    defer { PQfreemem(name) }
    try runSimple("LISTEN \(String(cString: name))")
  }
}
