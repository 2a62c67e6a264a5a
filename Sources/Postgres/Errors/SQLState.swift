/// A five-character SQLSTATE code; the only part of a server's error that code should match on.
///
/// Source: PostgreSQL documentation, appendix A.
public struct SQLState: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The five characters.
  public let rawValue: String

  /// Takes the five characters as they are.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// The first two characters: the class of the error.
  public var category: Substring { rawValue.prefix(2) }

  /// The five characters.
  public var description: String { rawValue }
}

extension SQLState {
  /// 0A000: also raised when a cached plan's result type has changed.
  public static let featureNotSupported = SQLState(rawValue: "0A000")
  /// 22P02: text that is no value of its type.
  public static let invalidTextRepresentation = SQLState(rawValue: "22P02")
  /// 23502: NULL where a column forbids it.
  public static let notNullViolation = SQLState(rawValue: "23502")
  /// 23503: a row that another row refers to, or that refers to none.
  public static let foreignKeyViolation = SQLState(rawValue: "23503")
  /// 23505: a second row with the same unique key.
  public static let uniqueViolation = SQLState(rawValue: "23505")
  /// 23514: a CHECK constraint refused the row.
  public static let checkViolation = SQLState(rawValue: "23514")
  /// 25006: a write in a read-only transaction.
  public static let readOnlyTransaction = SQLState(rawValue: "25006")
  /// 25P02: a statement after an error in the same transaction.
  public static let inFailedTransaction = SQLState(rawValue: "25P02")
  /// 26000: a prepared statement that the server does not know.
  public static let invalidStatementName = SQLState(rawValue: "26000")
  /// 3D000: no such database.
  public static let invalidCatalogName = SQLState(rawValue: "3D000")
  /// 40001: the transaction must be run again.
  public static let serializationFailure = SQLState(rawValue: "40001")
  /// 40P01: two transactions waited for each other and this one was chosen to end.
  public static let deadlockDetected = SQLState(rawValue: "40P01")
  /// 42501: the role may not do this.
  public static let insufficientPrivilege = SQLState(rawValue: "42501")
  /// 42601: the statement cannot be parsed.
  public static let syntaxError = SQLState(rawValue: "42601")
  /// 42P01: no such table.
  public static let undefinedTable = SQLState(rawValue: "42P01")
  /// 42P07: the table is there already.
  public static let duplicateTable = SQLState(rawValue: "42P07")
  /// 53300: the server has no connection left.
  public static let tooManyConnections = SQLState(rawValue: "53300")
  /// 55P03: a lock was not to be had at once, or within `lock_timeout`.
  public static let lockNotAvailable = SQLState(rawValue: "55P03")
  /// 57014: the statement was cancelled, by request or by `statement_timeout`.
  public static let queryCanceled = SQLState(rawValue: "57014")
  /// 57P01: the server was told to stop, or this connection was terminated.
  public static let adminShutdown = SQLState(rawValue: "57P01")
  /// 57P02: another server process crashed.
  public static let crashShutdown = SQLState(rawValue: "57P02")
  /// 57P03: the server is starting, stopping or recovering.
  public static let cannotConnectNow = SQLState(rawValue: "57P03")
  /// P0001: `RAISE EXCEPTION` in a function.
  public static let raiseException = SQLState(rawValue: "P0001")
}
