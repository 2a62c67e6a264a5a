import CLibPQ
import Glibc
import Synchronization

/// Ends a thread's `poll` from any other thread; an `eventfd`.
final class WakeSignal: Sendable {
  let descriptor: Int32

  init() throws(PostgresError) {
    descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard descriptor >= 0 else {
      throw PostgresError(.connectionFailed, "no descriptor is left for a connection")
    }
  }

  deinit {
    close(descriptor)
  }

  /// Makes the current or the next `poll` return.
  func send() {
    var one: UInt64 = 1
    // It fails only when the counter is full, and then the descriptor is readable anyway.
    _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
  }

  /// Takes back what has been sent.
  func drain() {
    var count: UInt64 = 0
    _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
  }
}

/// Whether the task that uses a connection has been cancelled.
final class CancellationFlag: Sendable {
  private let value = Atomic<Bool>(false)
  private let wake: WakeSignal

  init(waking wake: WakeSignal) {
    self.wake = wake
  }

  var isSet: Bool { value.load(ordering: .acquiring) }

  func set() {
    value.store(true, ordering: .releasing)
    wake.send()
  }
}
