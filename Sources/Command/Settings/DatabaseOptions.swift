import ArgumentParser
import Foundation
import LocalPostgres
import Postgres

/// Which database a command works on.
struct DatabaseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder of the database of Cathlog's own, when DATABASE_URL names none.",
      valueName: "folder"), completion: .directory)
  var dataDir: String?

  /// What the environment and the flags say.
  var place: DatabasePlace {
    let environment = ProcessInfo.processInfo.environment
    if let url = environment["DATABASE_URL"], !url.isEmpty {
      return .given(url: url)
    }
    return .own(LocalServerConfiguration(folder: dataDir ?? environment["CATHLOG_DATA_DIR"]))
  }
}

/// Where the database is.
enum DatabasePlace {
  /// One that the site runs; the URL comes from `DATABASE_URL` and may hold a password.
  case given(url: String)
  /// One that Cathlog runs itself, in a private folder.
  case own(LocalServerConfiguration)

  /// Calls `body` with a way to connect, while the database runs.
  ///
  /// Of its own database's folder, a service that runs already is used, where the database may be
  /// shared; else the server is started for as long as `body` takes.
  ///
  /// A service never shares: the server would end with the other one, under this one's callers.
  func withDatabase<Output: Sendable>(
    isShared: Bool = true, _ body: @Sendable @escaping (ConnectionSettings) async throws -> Output
  ) async throws -> Output {
    switch self {
    case .given(let url):
      return try await body(ConnectionSettings(url: url))
    case .own(let configuration):
      if isShared, let address = try LocalServer.running(configuration) {
        return try await body(ConnectionSettings(url: address.connectionString))
      }
      return try await LocalServer.withServer(configuration) { address in
        try await body(ConnectionSettings(url: address.connectionString))
      }
    }
  }
}
