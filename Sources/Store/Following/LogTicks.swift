internal import Synchronization

/// Tells readers that something was committed, without saying what: they read on from where they are.
///
/// A tick may be lost or come for nothing, so readers also look by themselves from time to time.
public final class LogTicks: Sendable {
  /// Whose commits a reader wants to hear of.
  public enum Source: Sendable {
    /// This process's own.
    case own
    /// This process's own and, where they are relayed, those of other processes.
    case any
  }

  private struct Subscriber {
    let source: Source
    let continuation: AsyncStream<Void>.Continuation
  }

  private let subscribers = Mutex<[Int: Subscriber]>([:])
  private let lastNumber = Atomic<Int>(0)

  /// No reader yet.
  public init() {}

  /// This process has committed: wakes every reader.
  public func send() { wake { _ in true } }

  /// Another process has committed: wakes the readers that want to hear of it.
  public func relay() { wake { $0 == .any } }

  private func wake(_ isMeant: (Source) -> Bool) {
    subscribers.withLock { subscribers in
      for subscriber in subscribers.values where isMeant(subscriber.source) {
        subscriber.continuation.yield()
      }
    }
  }

  /// A stream that yields after each tick, several ticks as one; it ends with its reader.
  public func subscribe(to source: Source = .any) -> AsyncStream<Void> {
    let number = lastNumber.add(1, ordering: .relaxed).newValue
    let (stream, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    subscribers.withLock { $0[number] = Subscriber(source: source, continuation: continuation) }
    continuation.onTermination = { [weak self] _ in
      self?.subscribers.withLock { _ = $0.removeValue(forKey: number) }
    }
    return stream
  }

  /// How many readers wait.
  public var subscriberCount: Int { subscribers.withLock { $0.count } }
}
