/// Who holds which connection and who waits: a pure state machine, to which a connection and a
/// waiting task are numbers and time is an argument.
///
/// While the server cannot be reached one waiter, the prober, tries again when `gate` opens; all
/// others wait behind it.
struct PoolState {
  typealias Instant = ContinuousClock.Instant
  typealias ConnectionID = Int
  typealias WaiterID = Int

  /// What a task that asks is told.
  enum Answer: Equatable {
    /// Take this connection.
    case lease(ConnectionID)
    /// Open a connection and report how that went; its place is reserved.
    case open
    /// Wait to be woken, and come back by this time in any case.
    case wait(until: Instant)
    /// Nothing will come.
    case refuse(Refusal)
  }

  enum Refusal: Equatable { case exhausted, closed, unreachable, cancelled }

  /// What the shell must do.
  enum Action: Equatable {
    case wake(WaiterID, Answer)
    case close(ConnectionID)
  }

  private struct Waiter {
    let id: WaiterID
    let deadline: Instant
  }

  private struct Idle {
    let id: ConnectionID
    let since: Instant
  }

  let settings: PoolSettings
  private var idle: [Idle] = []
  private var waiters: [Waiter] = []
  private(set) var leasedCount = 0
  private(set) var openingCount = 0
  private(set) var failureCount = 0
  private var gate: Instant?
  private var prober: WaiterID?
  private(set) var isClosed = false

  init(_ settings: PoolSettings) {
    self.settings = settings
  }

  var idleCount: Int { idle.count }
  var waiterCount: Int { waiters.count }
  var connectionCount: Int { idle.count + leasedCount + openingCount }
  /// Closed, and every connection has come back.
  var isDrained: Bool { isClosed && leasedCount == 0 && openingCount == 0 }
}

extension PoolState {
  /// A task asks for a connection; told to wait, it is in the queue.
  mutating func acquire(_ id: WaiterID, deadline: Instant, now: Instant) -> Answer {
    if isClosed { return .refuse(.closed) }
    if waiters.isEmpty {
      if let lease = leaseIdle() { return lease }
      if mayOpen(now) { return reserve() }
    }
    guard waiters.count < settings.maximumWaiterCount else { return .refuse(.exhausted) }
    waiters.append(Waiter(id: id, deadline: deadline))
    return .wait(until: wakeTime(of: id, deadline: deadline))
  }

  /// The time until which a waiter was told to wait has come.
  mutating func timeOut(_ id: WaiterID, now: Instant) -> [Action] {
    guard let index = waiters.firstIndex(where: { $0.id == id }) else { return [] }
    let deadline = waiters[index].deadline
    if prober == id {
      prober = nil
      if mayOpen(now) {
        waiters.remove(at: index)
        return [.wake(id, reserve())]
      }
    }
    guard now >= deadline else {
      return [.wake(id, .wait(until: wakeTime(of: id, deadline: deadline)))]
    }
    waiters.remove(at: index)
    return [.wake(id, .refuse(failureCount > 0 ? .unreachable : .exhausted))] + appointProber()
  }

  /// A waiting task was cancelled.
  mutating func cancel(_ id: WaiterID) -> [Action] {
    guard let index = waiters.firstIndex(where: { $0.id == id }) else { return [] }
    waiters.remove(at: index)
    if prober == id { prober = nil }
    return [.wake(id, .refuse(.cancelled))] + appointProber()
  }

  /// A connection comes back.
  mutating func release(_ id: ConnectionID, isUsable: Bool, now: Instant) -> [Action] {
    leasedCount -= 1
    guard isUsable, !isClosed else { return [.close(id)] + serveWaiters(now) }
    idle.append(Idle(id: id, since: now))
    return serveWaiters(now)
  }

  /// An attempt succeeded: its connection is leased to the task that opened it.
  mutating func opened(now: Instant) -> [Action] {
    openingCount -= 1
    leasedCount += 1
    failureCount = 0
    gate = nil
    prober = nil
    return serveWaiters(now)
  }

  /// An attempt failed; the next one waits for `pause(failures)`.
  mutating func openFailed(now: Instant, pause: (_ failures: Int) -> Duration) -> [Action] {
    openingCount -= 1
    // Attempts that were under way together count once.
    if gate.map({ $0 <= now }) ?? true {
      failureCount += 1
      gate = now + pause(failureCount)
    }
    return appointProber()
  }

  /// An attempt was given up by its task: another may have its place.
  mutating func openAbandoned(now: Instant) -> [Action] {
    openingCount -= 1
    return gate == nil ? serveWaiters(now) : appointProber()
  }

  /// Lets go of connections that nobody has needed for long, and says how many to open.
  mutating func maintain(now: Instant) -> (actions: [Action], openCount: Int) {
    guard !isClosed else { return ([], 0) }
    let surplus = max(0, connectionCount - settings.minimumConnectionCount)
    // The one that came back first has been idle longest.
    let expired = idle.prefix(surplus).prefix { now - $0.since >= settings.idleTimeout }
    idle.removeFirst(expired.count)
    let lacking = settings.minimumConnectionCount - connectionCount
    guard lacking > 0, mayOpen(now) else { return (expired.map { .close($0.id) }, 0) }
    let count = failureCount > 0 ? 1 : lacking
    openingCount += count
    return (expired.map { .close($0.id) }, count)
  }

  /// No more connections are given out; those that are out close when they come back.
  mutating func close() -> [Action] {
    isClosed = true
    defer {
      waiters = []
      idle = []
    }
    return waiters.map { .wake($0.id, .refuse(.closed)) } + idle.map { .close($0.id) }
  }
}

extension PoolState {
  /// After a failure one attempt at a time, and none before the gate opens.
  private func mayOpen(_ now: Instant) -> Bool {
    guard connectionCount < settings.maximumConnectionCount else { return false }
    guard failureCount > 0 else { return true }
    return openingCount == 0 && gate.map { $0 <= now } ?? true
  }

  private mutating func reserve() -> Answer {
    openingCount += 1
    return .open
  }

  /// The connection that came back last: the others may then grow old enough to be closed.
  private mutating func leaseIdle() -> Answer? {
    guard let connection = idle.popLast() else { return nil }
    leasedCount += 1
    return .lease(connection.id)
  }

  /// Gives what is there to those who have waited longest.
  private mutating func serveWaiters(_ now: Instant) -> [Action] {
    var actions: [Action] = []
    while let first = waiters.first {
      guard let answer = leaseIdle() ?? (mayOpen(now) ? reserve() : nil) else { break }
      waiters.removeFirst()
      if prober == first.id { prober = nil }
      actions.append(.wake(first.id, answer))
    }
    return actions + appointProber()
  }

  /// Somebody must wait for the gate: the waiter that has waited longest.
  private mutating func appointProber() -> [Action] {
    guard gate != nil, prober == nil, openingCount == 0, let first = waiters.first else {
      return []
    }
    prober = first.id
    return [.wake(first.id, .wait(until: wakeTime(of: first.id, deadline: first.deadline)))]
  }

  private mutating func wakeTime(of id: WaiterID, deadline: Instant) -> Instant {
    guard let gate else { return deadline }
    if prober == nil, openingCount == 0 { prober = id }
    return prober == id ? min(gate, deadline) : deadline
  }
}
