import ArgumentParser
import LocalPostgres
import Postgres
import Settings

/// Which database a command works on.
struct DatabaseOptions: ParsableArguments, SettingsOptions {
  @Option(
    help: ArgumentHelp(Setting.help(of: .dataDirectory), valueName: "folder"),
    completion: .directory)
  var dataDir: String?

  @OptionGroup var file: SettingsFileOption

  var flags: [Setting.Flag: String] {
    var flags = file.flags
    flags[.dataDirectory] = dataDir
    return flags
  }

  /// The settings of a command that has no other options for them.
  var settings: CathlogSettings {
    get throws(CommandFailure) {
      let settings = try ResolvedSettings.read(self)
      for warning in settings.warnings { Terminal.say("cathlog: warning: \(warning)") }
      return settings.values
    }
  }
}

extension CathlogSettings {
  /// Where the database is.
  var place: DatabasePlace {
    if let databaseURL { return .given(url: databaseURL.revealed) }
    return .own(LocalServerConfiguration(folder: dataFolder))
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
