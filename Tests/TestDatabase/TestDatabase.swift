/// Databases of a real PostgreSQL for tests.
///
/// They are on the server that `CATHLOG_TEST_DATABASE_URL` names to a superuser, or else on one that
/// the first use starts, that is not durable, and that ends with the process.
public enum TestDatabase {
  /// Makes a new empty database, and returns its superuser's connection string.
  public static func fresh() async throws -> String {
    try await TestServer.shared.makeDatabase(from: "template0")
  }

  /// Makes a new copy of a template, and returns its superuser's connection string.
  ///
  /// The first call of a process with the template's name makes the template: an empty database
  /// that `prepare` gets the connection string of. It closes its connections before it returns.
  public static func fromTemplate(
    _ name: String, prepare: @Sendable @escaping (String) async throws -> Void
  ) async throws -> String {
    let template = try await TestServer.shared.template(name, prepare: prepare)
    return try await TestServer.shared.makeDatabase(from: template)
  }

  /// Runs SQL with psql, stopping at the first error, and returns what it prints, unaligned.
  @discardableResult
  public static func psql(_ sql: String, on connectionString: String) async throws -> String {
    try await PSQL.run(sql, on: connectionString)
  }
}

/// Why a database for tests could not be made or used.
public enum TestDatabaseError: Error, CustomStringConvertible {
  /// psql is not installed.
  case psqlMissing
  /// psql ended with an error, and said this.
  case psqlFailed(String)

  /// What happened, and what to do about it.
  public var description: String {
    switch self {
    case .psqlMissing: "psql is missing: install it with `apt-get install postgresql`."
    case .psqlFailed(let output): "psql failed: \(output)"
    }
  }
}
