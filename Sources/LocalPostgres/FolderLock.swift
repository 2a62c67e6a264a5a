import Foundation
import SystemPackage

/// The hold that one service has on a folder, for as long as the service lives.
///
/// The kernel lets go of it when the process ends, however it ends: a file left behind holds
/// nothing.
struct FolderLock: ~Copyable {
  private let file: FileDescriptor

  private init(file: FileDescriptor) {
    self.file = file
  }

  deinit {
    try? file.close()
  }

  /// Takes hold of a folder, or throws ``LocalPostgresError/folderInUse(path:processIdentifier:)``.
  static func acquire(_ folder: DataFolder) async throws -> FolderLock {
    let lock = FolderLock(file: try PrivateFile.open(folder.lockFile, .readWrite))
    var attemptsLeft = 10
    // A command that asks `isHeld` holds the lock for an instant: so one refusal decides nothing.
    while flock(lock.file.rawValue, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK else {
        throw LocalPostgresError.fileOperation(on: folder.lockFile)
      }
      attemptsLeft -= 1
      guard attemptsLeft > 0 else {
        throw LocalPostgresError.folderInUse(
          path: folder.path.string, processIdentifier: holder(of: folder))
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    try lock.write("\(getpid())\n", in: folder)
    return lock
  }

  /// Names the service's own server, for ``server(in:)``.
  func announce(_ server: ServerProcess, in folder: DataFolder) throws(LocalPostgresError) {
    try write("\(getpid())\n\(server.processIdentifier)\n", in: folder)
  }

  /// Lets go of the folder.
  consuming func release() {}

  /// The process of the server that a live service announced; an orphan is never named.
  static func server(in folder: DataFolder) -> Int32? {
    guard isHeld(folder) else { return nil }
    return numbers(in: folder).dropFirst().first
  }

  /// The process of the service that holds the folder now.
  static func service(in folder: DataFolder) -> Int32? {
    isHeld(folder) ? holder(of: folder) : nil
  }

  private static func isHeld(_ folder: DataFolder) -> Bool {
    guard
      let file = try? FileDescriptor.open(
        folder.lockFile, .readOnly, options: [.noFollow, .closeOnExec])
    else {
      return false
    }
    defer { try? file.close() }
    return flock(file.rawValue, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  private static func holder(of folder: DataFolder) -> Int32? {
    numbers(in: folder).first
  }

  private static func numbers(in folder: DataFolder) -> [Int32] {
    PrivateFile.text(of: folder.lockFile)?.split(separator: "\n").compactMap { Int32($0) } ?? []
  }

  private func write(_ text: String, in folder: DataFolder) throws(LocalPostgresError) {
    do {
      try file.resize(to: 0)
      try file.writeAll(toAbsoluteOffset: 0, text.utf8)
    } catch {
      throw .fileOperation(on: folder.lockFile, error)
    }
  }
}
