import Foundation
import Subprocess
import SystemPackage
import Testing

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

  /// Writes a shell script in it that can be run, through a process of its own.
  ///
  /// Linux runs no file that anybody has open for writing; a child that another test makes while
  /// this process writes the file would have it open, until it becomes its program.
  func writeProgram(_ lines: String, to name: String) async throws {
    let file = path.appending(name)
    try FileManager.default.createDirectory(
      atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
    let result = try await run(
      .path("/bin/sh"),
      arguments: [
        "-c", "printf '#!/bin/sh\\n%s\\n' \"$1\" >\"$2\" && chmod 755 \"$2\"", "sh", lines,
        file.string,
      ], output: .discarded)
    try #require(result.terminationStatus.isSuccess)
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
