import Procedures
import Synchronization

/// A clock that goes on by a millisecond with each look, and anywhere when it is told to.
final class TestClock: Sendable {
  private let time: Mutex<Instant>

  init(_ start: Instant = Instant(microseconds: 1_772_000_000_000_000)) { time = Mutex(start) }

  var read: @Sendable () -> Instant {
    {
      self.time.withLock { time in
        time = Instant(microseconds: time.microseconds + 1_000)
        return time
      }
    }
  }

  func set(_ instant: Instant) { time.withLock { $0 = instant } }
}
