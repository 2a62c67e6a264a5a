import Foundation
import SystemPackage

/// The private folder that holds the server's socket.
enum SocketFolder {
  /// What a socket's address on Linux holds, less the closing zero.
  static let addressByteLimit = 107

  /// The folder's own `socket`, or one in `/tmp` where the path of that would be too long.
  static func path(for folder: DataFolder) -> FilePath {
    let own = folder.path.appending("socket")
    guard socket(in: own).string.utf8.count > addressByteLimit else { return own }
    return FilePath("/tmp/cathlog-\(folder.account.userID)-\(fingerprint(of: folder.path))")
  }

  /// The socket in the folder.
  static func socket(in folder: FilePath) -> FilePath {
    folder.appending(".s.PGSQL.\(ServerSettings.port)")
  }

  /// Removes what a server that is gone left in the folder.
  ///
  /// A server believes the lock file beside the socket if any process of its account has the number
  /// in it, and would not start. Who listens on the socket is asked of the socket itself.
  /// - Throws: ``LocalPostgresError/socketInUse(path:processIdentifier:)``.
  static func clear(_ folder: FilePath) throws(LocalPostgresError) {
    let socket = socket(in: folder)
    if let listener = ListeningProcess(on: socket) {
      throw .socketInUse(path: socket.string, processIdentifier: listener.processIdentifier)
    }
    for leftover in [socket, FilePath(socket.string + ".lock")] {
      guard unlink(leftover.string) == 0 || errno == ENOENT else {
        throw .fileOperation(on: leftover)
      }
    }
  }

  /// The path's 64-bit FNV-1a hash: the same at every start, another for every folder.
  private static func fingerprint(of path: FilePath) -> String {
    let hash = path.string.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
      (hash ^ UInt64(byte)) &* 0x0100_0000_01b3
    }
    return String(hash, radix: 36)
  }
}
