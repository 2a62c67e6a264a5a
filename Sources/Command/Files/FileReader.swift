import Glibc

/// Reads whole files of a bounded size.
enum FileReader {
  private static let chunkByteCount = 1 << 16

  /// The bytes of a file; - is standard input.
  ///
  /// Of a file that is longer than the limit, one byte more than that.
  static func bytes(of path: String, limit: Int) throws(CommandFailure) -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path, errno) }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: chunkByteCount)
    while bytes.count <= limit {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadable(path, errno)
      }
      if count == 0 { break }
      bytes.append(contentsOf: buffer.prefix(min(count, limit + 1 - bytes.count)))
    }
    return bytes
  }
}
