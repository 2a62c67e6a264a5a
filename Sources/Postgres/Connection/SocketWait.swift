import Glibc

/// One `poll` on a connection's socket and its wake signal.
struct SocketWait {
  /// The socket can be read, or is broken.
  private(set) var isReadable = false
  /// The socket can be written, or is broken.
  private(set) var isWritable = false
  /// Another thread wants the caller's attention; the signal has been drained.
  private(set) var isWoken = false

  /// Waits; returns with nothing set after `timeout` or a signal handler.
  init(
    socket: Int32, forReading: Bool = false, forWriting: Bool = false, wake: WakeSignal,
    timeout: Duration?
  ) {
    // libpq gives no socket once the connection is broken: then there is nothing to wait for.
    guard socket >= 0 else {
      isReadable = forReading
      isWritable = forWriting
      return
    }
    let events = (forReading ? POLLIN : 0) | (forWriting ? POLLOUT : 0)
    var entries = (
      pollfd(fd: socket, events: Int16(events), revents: 0),
      pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)
    )
    let milliseconds = timeout.map { Int32($0.wholeMilliseconds) } ?? -1
    let count = withUnsafeMutablePointer(to: &entries) { pair in
      pair.withMemoryRebound(to: pollfd.self, capacity: 2) { poll($0, 2, milliseconds) }
    }
    guard count > 0 else { return }
    let answer = Int32(entries.0.revents)
    let isBroken = answer & (POLLERR | POLLHUP | POLLNVAL) != 0
    isReadable = forReading && (isBroken || answer & POLLIN != 0)
    isWritable = forWriting && (isBroken || answer & POLLOUT != 0)
    isWoken = Int32(entries.1.revents) & POLLIN != 0
    if isWoken { wake.drain() }
  }
}
