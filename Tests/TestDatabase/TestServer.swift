import Foundation
import LocalPostgres

/// The one server of a test process.
actor TestServer {
  static let shared = TestServer()

  private var starting: Task<TestServerAddress, any Error>?
  private var templates: [String: Task<String, any Error>] = [:]
  private var databaseCount = 0

  /// Makes a database of a new name, and returns its connection string.
  func makeDatabase(from template: String) async throws -> String {
    let address = try await address()
    let name = nextName()
    try await PSQL.run(
      "CREATE DATABASE \(name) TEMPLATE \(template)", on: address.connectionString)
    return address.connectionString(database: name)
  }

  /// The name of a template's database, which the first caller has prepared.
  func template(
    _ name: String, prepare: @Sendable @escaping (String) async throws -> Void
  ) async throws -> String {
    if let known = templates[name] { return try await known.value }
    let preparing = Task {
      let address = try await self.address()
      let database = nextName()
      try await PSQL.run(
        "CREATE DATABASE \(database) TEMPLATE template0", on: address.connectionString)
      try await prepare(address.connectionString(database: database))
      return database
    }
    templates[name] = preparing
    return try await preparing.value
  }

  private func nextName() -> String {
    databaseCount += 1
    return "\(LeftoverDatabases.prefix)\(getpid())_\(databaseCount)"
  }

  private func address() async throws -> TestServerAddress {
    if let starting { return try await starting.value }
    let task = Task {
      if let url = ProcessInfo.processInfo.environment["CATHLOG_TEST_DATABASE_URL"] {
        let address = TestServerAddress(connectionString: url)
        try await LeftoverDatabases.drop(on: address)
        return address
      }
      return try await Self.startOwnServer()
    }
    starting = task
    return try await task.value
  }

  /// Starts a server that nothing stops: it ends with the process.
  private static func startOwnServer() async throws -> TestServerAddress {
    let folder = try TestServerFolder.make()
    return try await withCheckedThrowingContinuation { started in
      Task {
        do {
          let configuration = LocalServerConfiguration(folder: folder, isDurable: false)
          try await LocalServer.withServer(configuration) { address in
            started.resume(
              returning: TestServerAddress(connectionString: address.connectionString))
            await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
          }
        } catch {
          started.resume(throwing: error)
        }
      }
    }
  }
}
