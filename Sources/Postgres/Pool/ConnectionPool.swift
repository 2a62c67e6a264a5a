import Synchronization

/// A bounded number of connections, shared by tasks in the order in which they ask.
///
/// Connections are opened when they are needed. `run()` is needed only to close those that nobody
/// uses any more and to keep a minimum open. Connections that broke are replaced; while the server
/// cannot be reached tasks wait, and one of them at a time tries again.
public final class ConnectionPool: Sendable {
  private let settings: ConnectionSettings
  private let poolSettings: PoolSettings
  private let shared: Mutex<PoolMembers>
  /// Finished by `shutdown()`.
  private let closing = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

  /// Makes a pool; it connects when it is first used, or by `run()`.
  public init(_ settings: ConnectionSettings, pool poolSettings: PoolSettings = PoolSettings()) {
    self.settings = settings
    self.poolSettings = poolSettings
    shared = Mutex(PoolMembers(PoolState(poolSettings)))
  }

  /// Runs `body` on a connection of the pool; see ``Connection/run(_:)``.
  ///
  /// - Throws: What `body` throws; ``PostgresError/Kind/poolExhausted`` when no connection came free
  ///   in time or too many tasks wait; ``PostgresError/Kind/connectionFailed`` when none could be
  ///   opened in time; ``PostgresError/Kind/closed`` after `shutdown()`.
  @discardableResult
  public func run<Value: Sendable>(
    _ body: @Sendable (Session) throws(PostgresError) -> Value
  ) async throws(PostgresError) -> Value {
    let deadline = ContinuousClock.now + poolSettings.acquireTimeout
    while true {
      let (id, connection) = try await lease(until: deadline)
      do throws(PostgresError) {
        let value = try await connection.run(body)
        await giveBack(id, connection)
        return value
      } catch {
        await giveBack(id, connection)
        // Nothing was sent, so the next connection may be tried; each try closes a broken one.
        guard error.isFoundBroken else { throw error }
      }
    }
  }

  /// Runs `body` in a transaction on a connection of the pool.
  ///
  /// - Throws: As `run(_:)` and ``Session/transaction(_:_:)``.
  @discardableResult
  public func transaction<Value: Sendable>(
    _ mode: TransactionMode = .readWrite,
    _ body: @Sendable (Session) throws(PostgresError) -> Value
  ) async throws(PostgresError) -> Value {
    try await run { session throws(PostgresError) in try session.transaction(mode, body) }
  }

  /// Keeps the pool in order until the task is cancelled or the pool is shut down; then shuts down.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.maintain() }
      for await _ in closing.stream {}
      group.cancelAll()
    }
    await shutdown()
  }

  /// Refuses all further use, and returns when every connection has come back and is closed.
  ///
  /// Never call it from within `run(_:)` of the same pool: it would wait for itself.
  public func shutdown() async {
    closing.continuation.finish()
    await perform(shared.withLock { $0.settle($0.state.close()) })
    await withCheckedContinuation { continuation in
      let isDrained = shared.withLock { $0.awaitDrained(continuation) }
      if isDrained { continuation.resume() }
    }
  }

  /// How many connections are open or being opened.
  public var connectionCount: Int { shared.withLock { $0.state.connectionCount } }

  /// How many tasks wait for a connection.
  public var waiterCount: Int { shared.withLock { $0.state.waiterCount } }
}

extension ConnectionPool {
  private typealias Lease = (id: PoolState.ConnectionID, connection: Connection)

  private func lease(until deadline: PoolState.Instant) async throws(PostgresError) -> Lease {
    var (waiter, answer) = shared.withLock { $0.ask(until: deadline) }
    while true {
      switch answer {
      case .lease(let id):
        return (id, shared.withLock { $0.connection(id) })
      case .wait(let time):
        answer = await nextAnswer(to: waiter, until: time)
      case .open:
        if let lease = try await open(until: deadline) { return lease }
        (waiter, answer) = shared.withLock { $0.ask(until: deadline) }
      case .refuse(let refusal):
        throw error(for: refusal)
      }
    }
  }

  /// Suspends until the pool answers; at `time` the pool is asked what now.
  private func nextAnswer(
    to waiter: PoolState.WaiterID, until time: PoolState.Instant
  ) async -> PoolState.Answer {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        do {
          try await Task.sleep(until: time, clock: .continuous)
        } catch {
          return
        }
        await self.perform(
          self.shared.withLock { $0.settle($0.state.timeOut(waiter, now: .now)) })
      }
      let answer = await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let answer = self.shared.withLock { $0.await(waiter, continuation) }
          if let answer { continuation.resume(returning: answer) }
        }
      } onCancel: {
        let effects = self.shared.withLock { $0.settle($0.state.cancel(waiter)) }
        effects.wake()
      }
      group.cancelAll()
      return answer
    }
  }

  /// Opens a connection in a place that is reserved for it; nil when another attempt may follow.
  private func open(until deadline: PoolState.Instant) async throws(PostgresError) -> Lease? {
    do throws(PostgresError) {
      let connection = try await Connection.open(settings)
      let (id, effects) = shared.withLock { $0.admit(connection) }
      await perform(effects)
      return (id, connection)
    } catch {
      guard error.kind != .cancelled else {
        await perform(shared.withLock { $0.settle($0.state.openAbandoned(now: .now)) })
        throw error
      }
      let backoff = poolSettings.backoff
      await perform(
        shared.withLock { members in
          members.lastFailure = error
          let actions = members.state.openFailed(now: .now) { failures in
            backoff.pause(afterFailures: failures, fraction: .random(in: 0...1))
          }
          return members.settle(actions)
        })
      guard ContinuousClock.now < deadline else { throw error }
      return nil
    }
  }

  private func giveBack(_ id: PoolState.ConnectionID, _ connection: Connection) async {
    let isUsable = connection.isUsable
    await perform(
      shared.withLock { $0.settle($0.state.release(id, isUsable: isUsable, now: .now)) })
  }

  private func perform(_ effects: PoolMembers.Effects) async {
    effects.wake()
    for connection in effects.closing { await connection.close() }
    for continuation in effects.drained { continuation.resume() }
  }

  private func error(for refusal: PoolState.Refusal) -> PostgresError {
    switch refusal {
    case .exhausted: PostgresError(.poolExhausted, "no connection of the pool came free")
    case .closed: PostgresError(.closed, "the pool is shut down")
    case .cancelled: PostgresError(.cancelled, "the task was cancelled while it waited")
    case .unreachable:
      shared.withLock { $0.lastFailure }
        ?? PostgresError(.connectionFailed, "the server could not be reached in time")
    }
  }

  /// Looks after idle connections at a tenth of the time that they may be idle.
  private func maintain() async {
    let interval = min(max(poolSettings.idleTimeout / 10, .milliseconds(100)), .seconds(10))
    while !Task.isCancelled {
      let (effects, openCount) = shared.withLock { members in
        let (actions, openCount) = members.state.maintain(now: .now)
        return (members.settle(actions), openCount)
      }
      await perform(effects)
      for _ in 0..<openCount {
        // A failure is kept by the pool, which closes its gate for a while.
        if let lease = try? await open(until: .now + interval) {
          await giveBack(lease.id, lease.connection)
        }
      }
      do {
        try await Task.sleep(for: interval)
      } catch {
        return
      }
    }
  }
}
