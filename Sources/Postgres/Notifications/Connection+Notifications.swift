extension Connection {
  /// Starts to hear the channels.
  func listen(to channels: [String]) async throws(PostgresError) {
    try await run { session throws(PostgresError) in
      for channel in channels { try session.live.listen(to: channel) }
    }
  }

  /// Waits for a notification and takes all that have come with it.
  func notifications(limit: Int) async throws(PostgresError) -> NotificationBuffer {
    try await run { session throws(PostgresError) in
      var buffer = NotificationBuffer()
      buffer.add(try session.live.waitForNotification(), limit: limit)
      while let notification = session.live.takeNotification() {
        buffer.add(notification, limit: limit)
      }
      return buffer
    }
  }
}
