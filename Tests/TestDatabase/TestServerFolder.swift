import Foundation

/// The folder of a test process's own server, named after the process.
enum TestServerFolder {
  /// Makes the folder, and removes those of processes that are gone.
  static func make() throws -> String {
    let files = FileManager.default
    // Short, for the socket in it; open to pass, for the account that serves when root tests.
    let root = "/tmp/cathlog-tests-\(geteuid())"
    try files.createDirectory(
      atPath: root, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    for name in try files.contentsOfDirectory(atPath: root) where !isAlive(name) {
      try? files.removeItem(atPath: "\(root)/\(name)")
    }
    return "\(root)/\(getpid())"
  }

  private static func isAlive(_ name: String) -> Bool {
    guard let process = pid_t(name), process != getpid() else { return false }
    return kill(process, 0) == 0 || errno == EPERM
  }
}
