import Foundation
import Procedures

/// Files for a test, removed after it.
struct SettingsFolder {
  private let path = NSTemporaryDirectory() + "cathlog-settings-" + UUID().uuidString

  /// Runs `body` with an empty folder.
  static func with<Output>(_ body: (SettingsFolder) throws -> Output) throws -> Output {
    let folder = SettingsFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    return try body(folder)
  }

  /// Writes a file and returns its path; only its owner may read it where nothing else is said.
  func file(
    _ bytes: some Sequence<UInt8>, name: String = "settings.json", mode: Int = 0o600
  ) throws
    -> String
  {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(filePath: file))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    return file
  }

  func file(_ text: String, name: String = "settings.json", mode: Int = 0o600) throws -> String {
    try file(Array(text.utf8), name: name, mode: mode)
  }

  /// A file with one setting.
  func file(_ key: String, _ value: JSON) throws -> String {
    let parts = key.split(separator: ".").map(String.init)
    let document = parts.reversed().reduce(value) { .object([JSON.Member($1, $0)]) }
    return try file(document.bytes)
  }
}
