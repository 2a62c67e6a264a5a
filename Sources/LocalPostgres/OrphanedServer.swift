import Foundation
import SystemPackage

/// The processes of a server that an earlier service left behind in a folder.
///
/// Whoever asks holds the folder's lock, so no live service owns them.
struct OrphanedServer {
  let data: FilePath

  /// Ends what is left of it, and removes the file with which it would hold up the next server.
  func end(within limit: Duration) async throws {
    let server = PostmasterFile(in: data)?.processIdentifier
    if let server, processes().contains(server) {
      // Fast shutdown, then, for what does not obey, the immediate one.
      try await signal([server], SIGINT, within: limit)
    }
    try await signal(processes(), SIGQUIT, within: .seconds(10))
    if let remaining = processes().first {
      throw LocalPostgresError.orphanRemains(processIdentifier: remaining)
    }
    // A server believes this file if any process has the number in it, such as after a restart of
    // the machine or of a container.
    let file = data.appending("postmaster.pid")
    guard unlink(file.string) == 0 || errno == ENOENT || errno == ENOTDIR else {
      throw LocalPostgresError.fileOperation(on: file)
    }
  }

  private func signal(_ targets: [Int32], _ signal: Int32, within limit: Duration) async throws {
    for target in targets {
      kill(target, signal)
    }
    let deadline = ContinuousClock.now + limit
    while !processes().isEmpty, ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  /// The server and its parts: PostgreSQL's programs that work in the folder of the data.
  ///
  /// An ended process that nobody has reaped works nowhere and does not count.
  func processes() -> [Int32] {
    guard let data = data.resolved,
      let entries = try? FileManager.default.contentsOfDirectory(atPath: "/proc")
    else {
      return []
    }
    return entries.compactMap { Int32($0) }
      .filter { process in
        FilePath("/proc/\(process)/cwd").resolved == data
          && PrivateFile.text(of: FilePath("/proc/\(process)/comm")) == "postgres\n"
      }
  }
}
