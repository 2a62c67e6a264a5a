import Foundation
import Procedures

/// Writes JSON documents a line each, in memory for one chunk.
struct LineWriter {
  private static let chunkByteCount = 1 << 18

  private let descriptor: Int32
  private let name: String
  private var chunk: [UInt8] = []

  /// Opens a file and empties it; `-` is standard output.
  init(path: String) throws(CommandFailure) {
    let isOutput = path == "-"
    name = isOutput ? "standard output" : path
    descriptor =
      isOutput ? STDOUT_FILENO : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .unwritable(name, errno) }
    chunk.reserveCapacity(Self.chunkByteCount + (1 << 12))
  }

  /// Adds a line.
  mutating func write(_ document: JSON) throws(CommandFailure) {
    document.write(into: &chunk, sorted: false)
    chunk.append(UInt8(ascii: "\n"))
    if chunk.count >= Self.chunkByteCount { try flush() }
  }

  /// Writes what is left, and closes the file.
  mutating func finish() throws(CommandFailure) {
    try flush()
    guard descriptor == STDOUT_FILENO || close(descriptor) == 0 else {
      throw .unwritable(name, errno)
    }
  }

  /// A reader that has gone, such as `head`, ends the command quietly.
  private mutating func flush() throws(CommandFailure) {
    var written = 0
    while written < chunk.count {
      let count = chunk.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count >= 0 {
        written += count
      } else if errno == EPIPE {
        exit(0)
      } else if errno != EINTR {
        throw .unwritable(name, errno)
      }
    }
    chunk.removeAll(keepingCapacity: true)
  }
}
