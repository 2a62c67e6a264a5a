import Foundation
import SystemPackage

/// Whoever listens on a Unix socket.
struct ListeningProcess {
  /// The process that began to listen; `nil` where the kernel does not tell, as from outside of a
  /// container.
  let processIdentifier: Int32?

  /// Asks by connecting; `nil` where nobody listens: no socket, or one that its process left behind.
  init?(on socketPath: FilePath) {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { return nil }
    defer { Glibc.close(descriptor) }
    // A full queue of connections (EAGAIN) is a listener's too.
    guard Self.connect(descriptor, to: socketPath) == 0 || errno == EAGAIN else { return nil }
    processIdentifier = Self.peer(of: descriptor)
  }

  private static func connect(_ descriptor: Int32, to path: FilePath) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.string.utf8)
    guard bytes.count <= SocketFolder.addressByteLimit else {
      errno = ENAMETOOLONG
      return -1
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  private static func peer(of descriptor: Int32) -> Int32? {
    // A `struct ucred`: process, user, group.
    var credentials: [Int32] = [0, 0, 0]
    var length = socklen_t(MemoryLayout<Int32>.stride * credentials.count)
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0,
      credentials[0] > 0
    else {
      return nil
    }
    return credentials[0]
  }
}
