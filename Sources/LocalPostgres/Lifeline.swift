import Foundation
import SystemPackage

/// A socket pair whose far end sees this process end, however it ends.
///
/// A child that waits on the far end reads the end of the file when the kernel closes the near
/// end. The kernel's own "parent death" signal would not do: it is tied to the thread that made
/// the child, and is lost with a change of account.
struct Lifeline: Sendable {
  let farEnd: FileDescriptor
  private let nearEnd: FileDescriptor

  init() throws(LocalPostgresError) {
    var pair: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else {
      throw .fileOperation(on: "socketpair")
    }
    nearEnd = FileDescriptor(rawValue: pair[0])
    farEnd = FileDescriptor(rawValue: pair[1])
  }

  /// Tells the far end that the child has ended already, and lets go.
  func release() {
    var newline = UInt8(ascii: "\n")
    send(nearEnd.rawValue, &newline, 1, Int32(MSG_NOSIGNAL))
    try? nearEnd.close()
  }
}
