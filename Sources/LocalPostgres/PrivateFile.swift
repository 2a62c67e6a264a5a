import Foundation
import SystemPackage

/// A file that no account but its owner and root can read.
enum PrivateFile {
  /// Opens a file, made empty if it is missing; never through a link.
  static func open(
    _ path: FilePath, _ mode: FileDescriptor.AccessMode, options: FileDescriptor.OpenOptions = []
  ) throws(LocalPostgresError) -> FileDescriptor {
    do {
      return try FileDescriptor.open(
        path, mode, options: options.union([.create, .noFollow, .closeOnExec]),
        permissions: .ownerReadWrite)
    } catch {
      throw .fileOperation(on: path, error)
    }
  }

  /// Writes a whole file of the server's account: it is then either there complete, or not at all.
  static func writeAtomically(
    _ text: String, to path: FilePath, for account: ServerAccount
  ) throws(LocalPostgresError) {
    var temporary = path
    temporary.extension = "new"
    guard unlink(temporary.string) == 0 || errno == ENOENT else {
      throw .fileOperation(on: temporary)
    }
    let file = try open(temporary, .writeOnly, options: .exclusiveCreate)
    if account.isOther, fchown(file.rawValue, account.userID, account.groupID) != 0 {
      let error = LocalPostgresError.fileOperation(on: temporary)
      try? file.close()
      throw error
    }
    do {
      try file.closeAfter { try file.writeSynced(text) }
    } catch {
      throw .fileOperation(on: temporary, error)
    }
    try move(temporary, to: path)
  }

  /// Appends to a file that is there, and has the disk keep it.
  static func append(_ text: String, to path: FilePath) throws(LocalPostgresError) {
    do {
      let file = try FileDescriptor.open(
        path, .writeOnly, options: [.append, .noFollow, .closeOnExec])
      try file.closeAfter { try file.writeSynced(text) }
    } catch {
      throw .fileOperation(on: path, error)
    }
  }

  /// Renames a file or folder, and has the disk keep the new name.
  static func move(_ path: FilePath, to destination: FilePath) throws(LocalPostgresError) {
    guard rename(path.string, destination.string) == 0 else {
      throw .fileOperation(on: destination)
    }
    let folder = destination.removingLastComponent()
    do {
      let descriptor = try FileDescriptor.open(folder, .readOnly, options: .closeOnExec)
      try descriptor.closeAfter { try descriptor.writeSynced("") }
    } catch {
      throw .fileOperation(on: folder, error)
    }
  }

  /// The text of a small file, or `nil` if there is none that this process can read.
  static func text(of path: FilePath) -> String? {
    try? String(contentsOfFile: path.string, encoding: .utf8)
  }
}

extension FileDescriptor {
  /// Writes the text, if any, and waits until the disk has it.
  fileprivate func writeSynced(_ text: String) throws {
    try writeAll(text.utf8)
    guard fsync(rawValue) == 0 else { throw Errno(rawValue: errno) }
  }
}
