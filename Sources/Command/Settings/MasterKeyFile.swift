import Foundation
import LocalPostgres
import Settings
import Store

/// Where the master keys come from: they never stand in the database that they protect.
enum MasterKeySource {
  /// One key in base64.
  case value(Secret)
  /// A file of keys in base64, one a line; the first wraps new keys, all of them unwrap.
  case file(path: String, mayCreate: Bool)

  /// What is set; beside Cathlog's own database stands a file of its own.
  init(_ settings: CathlogSettings) throws {
    if let value = settings.masterKey {
      self = .value(value)
    } else if let path = settings.masterKeyFile {
      self = .file(path: path, mayCreate: false)
    } else if case .own(let configuration) = settings.place {
      self = .file(path: try configuration.folderPath() + "/master.key", mayCreate: true)
    } else {
      throw CommandFailure(
        "master-key-missing",
        "Set CATHLOG_MASTER_KEY_FILE to a file with the master key, or CATHLOG_MASTER_KEY to the key: "
          + "32 random bytes in base64 (openssl rand -base64 32). Keep a copy apart from the database.",
        .configuration)
    }
  }

  /// The keys; a file that may be made is made unless the database holds keys already.
  func keys(databaseHoldsKeys: Bool) throws -> [MasterKey] {
    switch self {
    case .value(let secret):
      guard let key = MasterKey(base64: secret.revealed) else {
        throw CommandFailure(
          "master-key-invalid", "CATHLOG_MASTER_KEY is not 32 bytes in base64.", .configuration)
      }
      return [key]
    case .file(let path, let mayCreate):
      if FileManager.default.fileExists(atPath: path) { return try Self.read(path) }
      guard mayCreate, !databaseHoldsKeys else {
        throw CommandFailure(
          "master-key-missing",
          "The master key file \(path) is not there. Without it sealed fields cannot be read: "
            + "bring it back from its backup.", .configuration)
      }
      return [try Self.create(path)]
    }
  }

  private static func read(_ path: String) throws -> [MasterKey] {
    guard let data = FileManager.default.contents(atPath: path), data.count < 1 << 16 else {
      throw CommandFailure(
        "master-key-unreadable", "The master key file \(path) cannot be read.", .noPermission)
    }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
    let keys = lines.compactMap { MasterKey(base64: String($0)) }
    guard !keys.isEmpty, keys.count == lines.count else {
      throw CommandFailure(
        "master-key-invalid",
        "The master key file \(path) must hold one key a line: 32 bytes in base64.", .configuration)
    }
    return keys
  }

  /// Written under another name and renamed, so that no half of a key is ever read.
  private static func create(_ path: String) throws -> MasterKey {
    let key = MasterKey.random()
    let text =
      "# The master key of this Cathlog: keep a copy apart from the database.\n\(key.base64)\n"
    let unfinished = "\(path).\(getpid())"
    let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    let failure = CommandFailure(
      "master-key-unwritable", "The master key file \(path) cannot be written.", .cannotCreate)
    guard descriptor >= 0 else { throw failure }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try file.write(contentsOf: Data(text.utf8))
      try file.synchronize()
    } catch {
      unlink(unfinished)
      throw failure
    }
    guard rename(unfinished, path) == 0 else { throw failure }
    return key
  }
}
