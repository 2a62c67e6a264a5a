/// Notifications that wait for their reader, each one once, in the order of their first coming.
struct NotificationBuffer: Sendable {
  private var events: [Listener.Event] = []
  private var seen: Set<Notification> = []
  private var hasOverflowed = false

  /// Keeps a notification unless an equal one waits; too many different ones are dropped at once.
  mutating func add(_ notification: Notification, limit: Int) {
    guard !hasOverflowed, seen.insert(notification).inserted else { return }
    guard seen.count <= limit else {
      hasOverflowed = true
      events = [.connected]
      return
    }
    events.append(.notification(notification))
  }

  /// The next event, or nil.
  mutating func take() -> Listener.Event? {
    guard !events.isEmpty else { return nil }
    return events.removeFirst()
  }
}
