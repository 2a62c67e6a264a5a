import Foundation
import SystemPackage

@testable import LocalPostgres

/// This process listening on a Unix socket, as another server would.
struct UnixListener {
  private let descriptor: Int32

  init(at path: FilePath) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.string.utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard bound == 0, listen(descriptor, 1) == 0 else { throw Errno(rawValue: errno) }
  }

  /// Leaves the socket's name behind, as a process that is killed does.
  func close() {
    Glibc.close(descriptor)
  }
}
