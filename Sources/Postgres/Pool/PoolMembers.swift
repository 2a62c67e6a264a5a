/// What stands behind the numbers of `PoolState`: connections and suspended tasks.
struct PoolMembers {
  /// What is left to do once the lock is released.
  struct Effects {
    var answers: [(CheckedContinuation<PoolState.Answer, Never>, PoolState.Answer)] = []
    var closing: [Connection] = []
    var drained: [CheckedContinuation<Void, Never>] = []

    func wake() {
      for (continuation, answer) in answers { continuation.resume(returning: answer) }
    }
  }

  private enum Mailbox {
    case suspended(CheckedContinuation<PoolState.Answer, Never>)
    case answered(PoolState.Answer)
  }

  var state: PoolState
  private var connections: [PoolState.ConnectionID: Connection] = [:]
  var lastFailure: PostgresError?
  private var mailboxes: [PoolState.WaiterID: Mailbox] = [:]
  private var awaitingDrained: [CheckedContinuation<Void, Never>] = []
  private var lastNumber = 0

  init(_ state: PoolState) {
    self.state = state
  }

  /// A new waiter asks.
  mutating func ask(
    until deadline: PoolState.Instant
  ) -> (PoolState.WaiterID, PoolState.Answer) {
    lastNumber += 1
    return (lastNumber, state.acquire(lastNumber, deadline: deadline, now: .now))
  }

  /// The connection that the state has leased.
  func connection(_ id: PoolState.ConnectionID) -> Connection {
    guard let connection = connections[id] else {
      preconditionFailure("the pool leased a connection that it does not hold")
    }
    return connection
  }

  /// Takes in a connection, leased to the task that opened it.
  mutating func admit(_ connection: Connection) -> (PoolState.ConnectionID, Effects) {
    lastNumber += 1
    connections[lastNumber] = connection
    lastFailure = nil
    return (lastNumber, settle(state.opened(now: .now)))
  }

  /// The waiter suspends, unless its answer is there already.
  mutating func await(
    _ waiter: PoolState.WaiterID, _ continuation: CheckedContinuation<PoolState.Answer, Never>
  ) -> PoolState.Answer? {
    if case .answered(let answer) = mailboxes.removeValue(forKey: waiter) { return answer }
    mailboxes[waiter] = .suspended(continuation)
    return nil
  }

  /// Whether there is nothing to wait for; else the continuation is kept.
  mutating func awaitDrained(_ continuation: CheckedContinuation<Void, Never>) -> Bool {
    guard !state.isDrained else { return true }
    awaitingDrained.append(continuation)
    return false
  }

  /// Turns the actions of the state into what they mean for connections and tasks.
  mutating func settle(_ actions: [PoolState.Action]) -> Effects {
    var effects = Effects()
    for action in actions {
      switch action {
      case .wake(let waiter, let answer):
        if case .suspended(let continuation) = mailboxes.removeValue(forKey: waiter) {
          effects.answers.append((continuation, answer))
        } else {
          mailboxes[waiter] = .answered(answer)
        }
      case .close(let id):
        if let connection = connections.removeValue(forKey: id) {
          effects.closing.append(connection)
        }
      }
    }
    if state.isDrained {
      effects.drained = awaitingDrained
      awaitingDrained = []
    }
    return effects
  }
}
