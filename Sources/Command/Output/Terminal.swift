import Foundation
import Synchronization

/// Where a command writes: results to standard output, everything else to standard error.
enum Terminal {
  /// Whether standard output is a terminal, for colour.
  static let isInteractive = isatty(STDOUT_FILENO) == 1
  /// Whether standard error is a terminal, for progress.
  static let showsProgress = isatty(STDERR_FILENO) == 1
  /// Whether a person sits at both ends and can be asked.
  static let canAsk = isatty(STDIN_FILENO) == 1 && showsProgress
  /// Colour only where a person looks and has not asked for none (no-color.org).
  static let isColored =
    isInteractive && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

  /// Writes a result.
  ///
  /// A reader that has gone, such as `head`, ends the command quietly.
  static func write(_ text: String) { write(Array(text.utf8)) }

  /// Writes the bytes of a result.
  static func write(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

  /// Whether the last word was said.
  private static let hasEnded = Mutex(false)

  /// Writes a line to standard error, in one piece.
  static func say(_ text: String) {
    hasEnded.withLock { hasEnded in
      if !hasEnded { write(Array((text + "\n").utf8), to: STDERR_FILENO) }
    }
  }

  /// Says why the program ends, and ends it.
  ///
  /// The sentence is the last line whatever other threads still have to log: a server that was
  /// cancelled may do so from a task that nobody waits for.
  static func end(saying text: String, exitStatus: Int32) -> Never {
    hasEnded.withLock { hasEnded in
      write(Array((text + "\n").utf8), to: STDERR_FILENO)
      hasEnded = true
    }
    exit(exitStatus)
  }

  /// Writes over the present line of standard error.
  static func sayInPlace(_ text: String) {
    write(Array("\r\u{1B}[K\(text)".utf8), to: STDERR_FILENO)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EPIPE { exit(0) }
        let failure = CommandFailure.unwritable("standard output", errno)
        if descriptor == STDOUT_FILENO { say(failure.line) }
        exit(failure.exitStatus)
      }
      rest = rest.dropFirst(count)
    }
  }
}

extension CommandFailure {
  /// An output takes nothing more.
  static func unwritable(_ name: String, _ error: Int32) -> CommandFailure {
    CommandFailure(
      "output-unwritable", "\(String(cString: strerror(error))).", .cannotCreate, at: name)
  }
}

/// Text that stands out, where there is a way to make it.
enum Style {
  /// The text in bold.
  static func bold(_ text: String) -> String {
    Terminal.isColored ? "\u{1B}[1m\(text)\u{1B}[0m" : text
  }
}
