import SystemPackage

/// The private folder that holds the server's socket.
enum SocketFolder {
  /// What a socket's address on Linux holds, less the closing zero.
  static let addressByteLimit = 107

  /// The folder's own `socket`, or one in `/tmp` where the path of that would be too long.
  static func path(for folder: DataFolder) -> FilePath {
    let own = folder.path.appending("socket")
    let socket = own.appending(".s.PGSQL.\(ServerSettings.port)")
    guard socket.string.utf8.count > addressByteLimit else { return own }
    return FilePath("/tmp/cathlog-\(folder.account.userID)-\(fingerprint(of: folder.path))")
  }

  /// The path's 64-bit FNV-1a hash: the same at every start, another for every folder.
  private static func fingerprint(of path: FilePath) -> String {
    let hash = path.string.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
      (hash ^ UInt64(byte)) &* 0x0100_0000_01b3
    }
    return String(hash, radix: 36)
  }
}
