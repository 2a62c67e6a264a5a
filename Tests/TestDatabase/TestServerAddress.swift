import Foundation

/// A server for tests, by a superuser's connection string in either form that libpq knows.
struct TestServerAddress: Sendable {
  let connectionString: String

  /// The same for another database.
  func connectionString(database: String) -> String {
    if connectionString.contains("://"), var url = URLComponents(string: connectionString) {
      url.path = "/\(database)"
      return url.string ?? connectionString
    }
    return "\(connectionString) dbname='\(database)'"
  }
}
