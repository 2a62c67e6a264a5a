import Foundation
import SystemPackage

/// The folder of a private server: its data, password, log, lock and socket.
struct DataFolder: Sendable {
  let path: FilePath
  let account: ServerAccount

  /// What `initdb` made; it appears complete or not at all.
  var data: FilePath { path.appending("data") }
  /// The superuser's password.
  var passwordFile: FilePath { path.appending("password") }
  /// The file whose lock the service that uses the folder holds.
  var lockFile: FilePath { path.appending("lock") }
  /// The folder of the server's log, a file a weekday.
  var log: FilePath { path.appending("log") }
  /// What the server said before its log was open, or `initdb` when it failed.
  var startLog: FilePath { log.appending("start.log") }

  init(_ configuration: LocalServerConfiguration) throws(LocalPostgresError) {
    account = try .current(insteadOfRoot: configuration.accountName)
    path = try configuration.resolvedFolder(isRoot: geteuid() == 0)
  }

  /// Makes the folder, closed to other accounts, or checks the one that is there.
  func prepare() throws(LocalPostgresError) {
    try PrivateFolder.prepareAncestors(of: path, for: account)
    try PrivateFolder.prepare(path, for: account, followingLink: true)
    guard access(path.string, W_OK) == 0 else { throw .fileOperation(on: path) }
    try PrivateFolder.prepare(log, for: account)
    if access(data.string, F_OK) == 0 {
      try PrivateFolder.close(data, for: account, followingLink: true)
    }
  }

  /// The major version of PostgreSQL that wrote the data; `nil` before the first start.
  func dataVersion() throws(LocalPostgresError) -> Int? {
    guard access(data.string, F_OK) == 0 else { return nil }
    let text = PrivateFile.text(of: data.appending("PG_VERSION"))
    guard let version = text.flatMap({ Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) })
    else {
      throw .dataUnreadable(path: data.string)
    }
    return version
  }

  /// Where the folder's server is reached.
  func socketAddress() throws(LocalPostgresError) -> LocalServerAddress {
    LocalServerAddress(socketFolder: SocketFolder.path(for: self), password: try password())
  }

  private func password() throws(LocalPostgresError) -> String {
    guard let text = PrivateFile.text(of: passwordFile) else {
      throw .passwordMissing(path: passwordFile.string)
    }
    return text.trimmingCharacters(in: .newlines)
  }
}
