internal import Synchronization

/// Tells readers that something was committed, without saying what: they read on from where they are.
///
/// A tick may be lost or come for nothing, so readers also look by themselves from time to time.
public final class LogTicks: Sendable {
  private let subscribers = Mutex<[Int: AsyncStream<Void>.Continuation]>([:])
  private let lastNumber = Atomic<Int>(0)

  /// No reader yet.
  public init() {}

  /// Wakes every reader.
  public func send() {
    subscribers.withLock { subscribers in
      for continuation in subscribers.values { continuation.yield() }
    }
  }

  /// A stream that yields after each tick, several ticks as one; it ends with its reader.
  public func subscribe() -> AsyncStream<Void> {
    let number = lastNumber.add(1, ordering: .relaxed).newValue
    let (stream, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    subscribers.withLock { $0[number] = continuation }
    continuation.onTermination = { [weak self] _ in
      self?.subscribers.withLock { _ = $0.removeValue(forKey: number) }
    }
    return stream
  }

  /// How many readers wait.
  public var subscriberCount: Int { subscribers.withLock { $0.count } }
}
