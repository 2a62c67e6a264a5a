/// Hears NOTIFY on a connection of its own, which it replaces when it breaks.
///
/// Each iterator has its own connection, and waits for it only inside `next()`. Equal notifications
/// that came while nobody asked are handed over once. Iteration ends when the task is cancelled.
public struct Listener: AsyncSequence, Sendable {
  /// What a listener tells.
  public enum Event: Sendable {
    /// From here on every notification is heard; what happened before may have been missed, so read
    /// again. The first event, and one after each loss of the connection or of notifications.
    case connected
    /// Somebody sent NOTIFY.
    case notification(Notification)
    /// The connection broke or could not be made; the listener goes on trying.
    case disconnected(PostgresError)
  }

  /// What a listener tells.
  public typealias Element = Event
  /// Losing the connection is an event, not the end.
  public typealias Failure = Never

  let settings: ConnectionSettings
  let channels: [String]
  let backoff: Backoff
  let bufferLimit: Int

  /// Names the channels, and how many different notifications are kept for a slow reader; when more
  /// come they are all dropped for one `connected`.
  public init(
    _ settings: ConnectionSettings, channels: [String], backoff: Backoff = Backoff(),
    bufferLimit: Int = 64
  ) {
    self.settings = settings
    self.channels = channels
    self.backoff = backoff
    self.bufferLimit = bufferLimit
  }

  /// Begins to listen when its `next()` is first called.
  public func makeAsyncIterator() -> Iterator {
    Iterator(self)
  }

  /// Waits for one event after the other.
  public struct Iterator: AsyncIteratorProtocol {
    private let listener: Listener
    private var connection: Connection?
    private var buffer = NotificationBuffer()
    private var failureCount = 0

    init(_ listener: Listener) {
      self.listener = listener
    }

    /// Waits for the next event; nil once the task is cancelled.
    public mutating func next() async -> Event? {
      while !Task.isCancelled {
        if let event = buffer.take() { return event }
        do throws(PostgresError) {
          guard let connection else { return try await connect() }
          let limit = listener.bufferLimit
          buffer = try await connection.notifications(limit: limit)
        } catch {
          let isFirst = connection != nil || failureCount == 0
          connection = nil
          failureCount += 1
          if error.kind != .cancelled, isFirst { return .disconnected(error) }
        }
      }
      connection = nil
      return nil
    }

    private mutating func connect() async throws(PostgresError) -> Event {
      if failureCount > 0 {
        let pause = listener.backoff.pause(
          afterFailures: failureCount, fraction: .random(in: 0...1))
        do {
          try await Task.sleep(for: pause)
        } catch {
          throw PostgresError(.cancelled, "the task was cancelled while it waited to reconnect")
        }
      }
      let connection = try await Connection.open(listener.settings)
      try await connection.listen(to: listener.channels)
      self.connection = connection
      failureCount = 0
      return .connected
    }
  }
}
