import Foundation

/// A file that is there whole or not at all: written beside the one that is named, and put in its
/// place at the end.
struct OutputFile {
  private let descriptor: Int32
  /// Where it is to be; nil for standard output.
  private let path: String?
  private let draftPath: String

  /// Begins a file; `-` is standard output.
  init(path: String) throws(CommandFailure) {
    if path == "-" {
      self.path = nil
      draftPath = ""
      descriptor = STDOUT_FILENO
      return
    }
    self.path = path
    draftPath = "\(path).\(getpid()).part"
    descriptor = open(draftPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .unwritable(draftPath, errno) }
  }

  /// Adds bytes.
  func write(_ bytes: [UInt8]) throws(CommandFailure) {
    guard path != nil else { return Terminal.write(bytes) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        throw .unwritable(draftPath, errno)
      }
    }
  }

  /// Puts the file in its place, once it is on the disk.
  func finish() throws(CommandFailure) {
    guard let path else { return }
    guard fsync(descriptor) == 0, rename(draftPath, path) == 0 else {
      throw .unwritable(path, errno)
    }
    close(descriptor)
  }

  /// Removes what there is of it.
  func discard() {
    guard path != nil else { return }
    unlink(draftPath)
    close(descriptor)
  }
}
