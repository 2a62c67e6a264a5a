internal import Procedures
internal import Synchronization

/// The queue of one facility: filled by callers, emptied by the facility's worker.
final class FacilityLane: Sendable {
  let facility: FacilityCode
  private let limits: AppenderLimits
  private let queue = Mutex(Queue())

  private struct Queue {
    var waiting: [Pending] = []
    /// What is queued or in the worker's hands, and not answered yet.
    var eventCount = 0
    var byteCount = 0
    var isClosed = false
    var sleeper: CheckedContinuation<Void, Never>?
  }

  init(facility: FacilityCode, limits: AppenderLimits) {
    self.facility = facility
    self.limits = limits
  }

  /// Queues a submission and waits for its answer.
  func submit(_ prepared: Prepared) async throws(AppendFailure) -> [Receipt] {
    try await withCheckedContinuation { enqueue(Pending(prepared, answer: $0)) }.get()
  }

  private func enqueue(_ pending: Pending) {
    let (failure, sleeper) = queue.withLock { queue in
      let failure = refusal(pending, queue)
      guard failure == nil else { return (failure, CheckedContinuation<Void, Never>?.none) }
      queue.eventCount += pending.events.count
      queue.byteCount += pending.byteCount
      queue.waiting.append(pending)
      defer { queue.sleeper = nil }
      return (nil, queue.sleeper)
    }
    if let failure { pending.fail(failure) }
    sleeper?.resume()
  }

  private func refusal(_ pending: Pending, _ queue: Queue) -> AppendFailure? {
    if queue.isClosed { return .store(.closed) }
    guard queue.eventCount > 0 else { return nil }
    return queue.eventCount + pending.events.count > limits.queuedEvents
      || queue.byteCount + pending.byteCount > limits.queuedBytes ? .overloaded : nil
  }

  /// Takes everything that waits, and sleeps until something does; nil once the lane is closed and
  /// empty.
  func next() async -> [Pending]? {
    while true {
      let (waiting, isClosed) = take()
      guard waiting.isEmpty else { return waiting }
      if isClosed { return nil }
      await withCheckedContinuation { sleeper in
        let mayWait = queue.withLock { queue in
          guard queue.waiting.isEmpty, !queue.isClosed else { return false }
          queue.sleeper = sleeper
          return true
        }
        if !mayWait { sleeper.resume() }
      }
    }
  }

  /// Takes what waits by now.
  func take() -> (waiting: [Pending], isClosed: Bool) {
    queue.withLock { queue in
      let waiting = queue.waiting
      queue.waiting = []
      return (waiting, queue.isClosed)
    }
  }

  /// Makes room: so much was answered.
  func release(events: Int, bytes: Int) {
    queue.withLock { queue in
      queue.eventCount -= events
      queue.byteCount -= bytes
    }
  }

  /// Takes nothing more.
  func close() {
    let sleeper = queue.withLock { queue in
      queue.isClosed = true
      defer { queue.sleeper = nil }
      return queue.sleeper
    }
    sleeper?.resume()
  }
}
