import Foundation
import SystemPackage

@testable import LocalPostgres

/// A folder for one test, removed after it; the server's account can reach it.
struct TemporaryFolder: ~Copyable {
  let path: FilePath

  init() throws {
    path = FilePath("/tmp/cathlog-local-\(UUID().uuidString.prefix(8).lowercased())")
    try FileManager.default.createDirectory(
      atPath: path.string, withIntermediateDirectories: false,
      attributes: [.posixPermissions: 0o755])
  }

  deinit {
    chmod(path.string, 0o700)
    try? FileManager.default.removeItem(atPath: path.string)
  }

  /// A server's configuration for a folder in it that is not there yet.
  var configuration: LocalServerConfiguration {
    LocalServerConfiguration(folder: path.appending("server").string, isDurable: false)
  }

  /// The folder of that server.
  func dataFolder() throws -> DataFolder {
    try DataFolder(configuration)
  }

  /// Writes a file in it, with what folders it needs.
  func write(_ text: String, to name: String, permissions: mode_t = 0o644) throws {
    let file = path.appending(name)
    try FileManager.default.createDirectory(
      atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
    try text.write(toFile: file.string, atomically: false, encoding: .utf8)
    chmod(file.string, permissions)
  }
}
