public import Postgres

/// Why a database could not be brought to this edition's schema.
public enum MigrationError: Error {
  /// A migration of this name was applied with another text.
  case edited(name: String)
  /// The database has a migration of this number that this edition does not know.
  case ahead(number: Int)
  /// The database refused, in this migration where it is named.
  case database(PostgresError, migration: String?)
}

extension MigrationError: CustomStringConvertible {
  /// What happened, and what to do about it.
  public var description: String {
    switch self {
    case .edited(let name):
      "Migration \(name) was applied with another text than this edition has; nothing was changed. "
        + "Run the edition that applied it, or one after it."
    case .ahead(let number):
      "The database is ahead: it has migration \(number), which this edition does not know. "
        + "Run a newer edition."
    case .database(let error, let name?): "Migration \(name) failed: \(error)"
    case .database(let error, nil): "The database's schema could not be read: \(error)"
    }
  }
}
