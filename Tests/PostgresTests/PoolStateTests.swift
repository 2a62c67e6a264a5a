import Testing

@testable import Postgres

@Suite struct `The state of the pool` {
  private let start = ContinuousClock.now

  private func time(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

  private func state(_ maximum: Int, waiters: Int = 10) -> PoolState {
    var settings = PoolSettings()
    settings.maximumConnectionCount = maximum
    settings.maximumWaiterCount = waiters
    settings.idleTimeout = .seconds(100)
    return PoolState(settings)
  }

  private func pause(_ failures: Int) -> Duration { .seconds(failures) }

  @Test func `connections are opened up to the limit, and then tasks wait`() {
    var pool = state(2, waiters: 1)
    #expect(pool.acquire(1, deadline: time(10), now: start) == .open)
    #expect(pool.acquire(2, deadline: time(10), now: start) == .open)
    #expect(pool.acquire(3, deadline: time(10), now: start) == .wait(until: time(10)))
    #expect(pool.acquire(4, deadline: time(10), now: start) == .refuse(.exhausted))
    #expect(pool.opened(now: start).isEmpty)
    #expect(pool.release(7, isUsable: true, now: start) == [.wake(3, .lease(7))])
    #expect(pool.release(7, isUsable: true, now: start).isEmpty)
    #expect(pool.acquire(5, deadline: time(10), now: start) == .lease(7))
  }

  @Test func `a broken connection makes room for a waiter to open another`() {
    var pool = state(1)
    _ = pool.acquire(1, deadline: time(10), now: start)
    _ = pool.opened(now: start)
    _ = pool.acquire(2, deadline: time(10), now: start)
    #expect(pool.release(7, isUsable: false, now: start) == [.close(7), .wake(2, .open)])
    #expect(pool.connectionCount == 1)
  }

  @Test func `after a failure one waiter at a time tries again, later and later`() {
    var pool = state(2)
    #expect(pool.acquire(1, deadline: time(100), now: start) == .open)
    #expect(pool.acquire(2, deadline: time(100), now: start) == .open)
    #expect(pool.openFailed(now: start, pause: pause).isEmpty)
    #expect(pool.openFailed(now: start, pause: pause).isEmpty)
    #expect(pool.failureCount == 1, "attempts that fail together count once")
    #expect(pool.acquire(3, deadline: time(100), now: start) == .wait(until: time(1)))
    #expect(pool.acquire(4, deadline: time(100), now: start) == .wait(until: time(100)))
    #expect(pool.timeOut(3, now: time(1)) == [.wake(3, .open)])
    #expect(
      pool.openFailed(now: time(1), pause: pause) == [.wake(4, .wait(until: time(3)))])
    #expect(pool.acquire(3, deadline: time(100), now: time(1)) == .wait(until: time(100)))
    #expect(pool.timeOut(4, now: time(3)) == [.wake(4, .open)])
    #expect(pool.opened(now: time(3)) == [.wake(3, .open)])
    #expect(pool.failureCount == 0)
  }

  @Test func `nobody overtakes the prober when the gate has opened`() {
    var pool = state(1)
    _ = pool.acquire(1, deadline: time(100), now: start)
    _ = pool.openFailed(now: start, pause: pause)
    #expect(pool.acquire(2, deadline: time(100), now: start) == .wait(until: time(1)))
    #expect(pool.acquire(3, deadline: time(100), now: time(2)) == .wait(until: time(100)))
    #expect(pool.timeOut(2, now: time(2)) == [.wake(2, .open)])
  }

  @Test func `a prober that leaves hands its duty on`() {
    var pool = state(1)
    _ = pool.acquire(1, deadline: time(100), now: start)
    _ = pool.openFailed(now: start, pause: pause)
    #expect(pool.acquire(2, deadline: time(100), now: start) == .wait(until: time(1)))
    #expect(pool.acquire(3, deadline: time(100), now: start) == .wait(until: time(100)))
    #expect(
      pool.cancel(2) == [.wake(2, .refuse(.cancelled)), .wake(3, .wait(until: time(1)))])
    #expect(pool.cancel(2).isEmpty)
  }

  @Test func `a waiter whose time is up is told why`() {
    var pool = state(1)
    _ = pool.acquire(1, deadline: time(10), now: start)
    _ = pool.acquire(2, deadline: time(10), now: start)
    #expect(pool.timeOut(2, now: time(10)) == [.wake(2, .refuse(.exhausted))])
    _ = pool.openFailed(now: time(10), pause: pause)
    #expect(pool.acquire(3, deadline: time(10), now: time(10)) == .wait(until: time(10)))
    #expect(pool.timeOut(3, now: time(10)) == [.wake(3, .refuse(.unreachable))])
  }

  @Test func `an abandoned attempt leaves its place to a waiter`() {
    var pool = state(1)
    _ = pool.acquire(1, deadline: time(10), now: start)
    _ = pool.acquire(2, deadline: time(10), now: start)
    #expect(pool.openAbandoned(now: start) == [.wake(2, .open)])
  }

  @Test func `closing answers everyone and waits for the leased`() {
    var pool = state(1)
    _ = pool.acquire(1, deadline: time(10), now: start)
    _ = pool.opened(now: start)
    _ = pool.acquire(2, deadline: time(10), now: start)
    #expect(pool.close() == [.wake(2, .refuse(.closed))])
    #expect(!pool.isDrained)
    #expect(pool.release(7, isUsable: true, now: start) == [.close(7)])
    #expect(pool.isDrained)
    #expect(pool.acquire(3, deadline: time(10), now: start) == .refuse(.closed))
  }

  @Test func `maintenance closes the longest idle and opens the missing`() {
    var settings = PoolSettings()
    settings.minimumConnectionCount = 1
    settings.maximumConnectionCount = 3
    settings.idleTimeout = .seconds(100)
    var pool = PoolState(settings)
    #expect(pool.maintain(now: start).openCount == 1)
    _ = pool.opened(now: start)
    _ = pool.acquire(1, deadline: time(10), now: start)
    _ = pool.opened(now: start)
    _ = pool.release(7, isUsable: true, now: time(1))
    _ = pool.release(8, isUsable: true, now: time(2))
    #expect(pool.maintain(now: time(50)).actions.isEmpty)
    #expect(pool.maintain(now: time(200)).actions == [.close(7)])
    #expect(pool.idleCount == 1)
  }

  @Test(arguments: [
    (1, 0.0, 50), (1, 1.0, 100), (2, 1.0, 200), (5, 1.0, 1600), (7, 1.0, 5000),
    (1000, 0.0, 2500), (1000, 1.0, 5000),
  ])
  func `the pause doubles up to its ceiling`(_ failures: Int, _ fraction: Double, _ expected: Int) {
    let pause = Backoff().pause(afterFailures: failures, fraction: fraction)
    #expect(pause == .milliseconds(expected))
  }
}
