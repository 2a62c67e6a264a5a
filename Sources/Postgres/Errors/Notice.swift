/// A warning or notice that the server sent beside its answers.
public struct Notice: Sendable {
  /// `WARNING`, `NOTICE`, `INFO`, `LOG` or `DEBUG`; never translated.
  public let severity: String
  /// The server's code.
  public let sqlState: SQLState?
  /// The server's words; may quote data, so `description` leaves them out.
  public let message: String

  init(_ report: ServerReport) {
    severity = report.severity ?? "NOTICE"
    sqlState = report.sqlState
    message = report.message ?? ""
  }
}

extension Notice: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The severity and the code.
  public var description: String { "Notice(\(severity) \(sqlState?.rawValue ?? "-"))" }

  /// The same as `description`.
  public var debugDescription: String { description }

  /// A mirror without the message.
  public var customMirror: Mirror { Mirror(self, children: ["severity": severity]) }
}
