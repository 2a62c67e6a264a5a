/// What went wrong between this process and PostgreSQL.
///
/// `description` names the kind, the SQLSTATE and a reason in this module's own words. What the
/// server said may quote rows, so it stands in properties of its own that nothing prints.
public struct PostgresError: Error {
  /// What a caller can tell errors apart by.
  public enum Kind: String, Sendable {
    /// No connection could be made.
    case connectionFailed
    /// The connection broke; an open transaction is rolled back by the server, but a single
    /// statement outside a transaction may have taken effect.
    case connectionLost
    /// The connection broke after COMMIT was sent and before it was answered.
    case commitUnknown
    /// The server refused the statement; see `sqlState`.
    case server
    /// The task was cancelled, and with it the statement.
    case cancelled
    /// No connection of the pool came free in time, or too many tasks wait already.
    case poolExhausted
    /// The connection or the pool has been closed.
    case closed
    /// A value cannot be sent to PostgreSQL.
    case encoding
    /// A value cannot be read as the type that was asked for.
    case decoding
    /// The body of a transaction returned although one of its statements had failed.
    case transactionAborted
    /// The calls came in an order that has no meaning, such as a transaction within another.
    case invalidUse
    /// The server or libpq answered with something that this module does not expect.
    case protocolViolation
  }

  /// One reference, so that a typed throw passes the error in a register.
  private let content: Content

  private final class Content: Sendable {
    let kind: Kind
    let reason: String
    let report: ServerReport?
    let isFoundBroken: Bool

    init(_ kind: Kind, _ reason: String, _ report: ServerReport?, _ isFoundBroken: Bool) {
      self.kind = kind
      self.reason = reason
      self.report = report
      self.isFoundBroken = isFoundBroken
    }
  }

  init(
    _ kind: Kind, _ reason: String, report: ServerReport? = nil, isFoundBroken: Bool = false
  ) {
    content = Content(kind, reason, report, isFoundBroken)
  }
}

extension PostgresError {
  /// What a caller can tell errors apart by.
  public var kind: Kind { content.kind }
  /// The server's code, when the server answered.
  public var sqlState: SQLState? { report?.sqlState }
  /// Why, in this module's own words; holds no value, no password and no server message.
  public var reason: String { content.reason }

  /// Everything the server said.
  var report: ServerReport? { content.report }
  /// Whether the connection was found broken before anything was sent on it.
  var isFoundBroken: Bool { content.isFoundBroken }
}

extension PostgresError {
  /// The server's or libpq's message; may quote data, so keep it out of logs.
  public var serverMessage: String? { report?.message }
  /// The server's detail; often quotes the row, so keep it out of logs.
  public var serverDetail: String? { report?.detail }
  /// The server's hint; may quote data, so keep it out of logs.
  public var serverHint: String? { report?.hint }
  /// The schema that the error is about.
  public var schemaName: String? { report?.schemaName }
  /// The table that the error is about; a shard's name on Citus.
  public var tableName: String? { report?.tableName }
  /// The column that the error is about.
  public var columnName: String? { report?.columnName }
  /// The constraint that refused the row; a shard's name on Citus.
  public var constraintName: String? { report?.constraintName }

  /// Whether the same transaction, run again from its start, may succeed and cannot apply twice.
  ///
  /// False for ``Kind/commitUnknown``: whether to run again is for the caller, who knows if the
  /// transaction can be repeated.
  public var isRetryable: Bool {
    switch kind {
    case .connectionFailed, .connectionLost: true
    case .server: sqlState.map { Self.retryableStates.contains($0) } ?? false
    case .commitUnknown, .cancelled, .poolExhausted, .closed, .encoding, .decoding,
      .transactionAborted, .invalidUse, .protocolViolation:
      false
    }
  }

  /// The server ended the connection while nobody used it; nothing was sent.
  static let goneWhileIdle = PostgresError(
    .connectionLost, "the connection had broken while it was idle", isFoundBroken: true)

  private static let retryableStates: Set<SQLState> = [
    .serializationFailure, .deadlockDetected, .lockNotAvailable, .tooManyConnections,
    .adminShutdown, .crashShutdown, .cannotConnectNow,
  ]
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The kind, the SQLSTATE and the reason.
  public var description: String {
    let state = sqlState.map { " \($0)" } ?? ""
    return "PostgresError(\(kind.rawValue)\(state): \(reason))"
  }

  /// The same as `description`.
  public var debugDescription: String { description }

  /// A mirror without what the server said.
  public var customMirror: Mirror {
    Mirror(self, children: ["kind": kind.rawValue, "reason": reason])
  }
}
