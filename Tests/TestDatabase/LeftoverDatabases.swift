import Foundation

/// The databases that killed test processes left on a server that outlives them.
enum LeftoverDatabases {
  /// What the name of every test database made on this machine begins with.
  static let prefix: String = {
    let host = ProcessInfo.processInfo.hostName.lowercased().filter { $0.isASCII && $0.isLetter }
    return "cathlog_test_\(host.prefix(16))_"
  }()

  /// Drops those whose process, the number after the prefix, is gone.
  static func drop(on address: TestServerAddress) async throws {
    let list = try await PSQL.run(
      "SELECT datname FROM pg_database WHERE starts_with(datname, '\(prefix)')",
      on: address.connectionString)
    for name in list.split(separator: "\n") {
      let number = name.dropFirst(prefix.count).prefix { $0.isNumber }
      guard let process = pid_t(number), kill(process, 0) != 0, errno == ESRCH else { continue }
      try await PSQL.run("DROP DATABASE IF EXISTS \(name)", on: address.connectionString)
    }
  }
}
