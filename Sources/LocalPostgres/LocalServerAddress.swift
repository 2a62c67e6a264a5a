import SystemPackage

/// Where a running private server is reached, and its superuser's password.
public struct LocalServerAddress: Sendable {
  /// The folder that holds the server's socket.
  let socketFolder: FilePath

  /// The password of the server's superuser.
  let password: String
}

extension LocalServerAddress {
  /// The database that every server has from its first start.
  public static let mainDatabase = "cathlog"

  /// The connection string of the superuser for the main database, in libpq's `key='value'` form.
  public var connectionString: String { connectionString(database: Self.mainDatabase) }

  /// The connection string of the superuser for a database, in libpq's `key='value'` form.
  public func connectionString(database: String) -> String {
    [
      ("host", socketFolder.string), ("port", String(ServerSettings.port)),
      ("user", ServerSettings.superuser), ("password", password), ("dbname", database),
    ]
    .map { key, value in "\(key)='\(Self.escaped(value))'" }
    .joined(separator: " ")
  }

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
  }
}

extension LocalServerAddress: CustomStringConvertible {
  /// The socket's folder, without the password.
  public var description: String { "PostgreSQL at \(socketFolder)" }
}
