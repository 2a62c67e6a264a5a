/// What a transaction may do and see, and the settings that hold until it ends.
public struct TransactionMode: Sendable {
  let beginStatement: String
  private(set) var settings: [(name: String, value: String)] = []

  private init(_ beginStatement: String) {
    self.beginStatement = beginStatement
  }

  /// Reads and writes; each statement sees what was committed before it began.
  public static let readWrite = TransactionMode("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")

  /// Reads; each statement sees what was committed before it began.
  public static let readOnly = TransactionMode("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY")

  /// Reads; every statement sees what was committed before the first one.
  public static let readOnlyRepeatable = TransactionMode(
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

  /// The same mode with a setting of the server, sent along with BEGIN and gone with the transaction.
  public func setting(_ name: String, to value: String) -> TransactionMode {
    var mode = self
    mode.settings.append((name, value))
    return mode
  }
}
