import CLibPQ

/// Turning what libpq answers into results and errors.
extension LiveConnection {
  /// Reads to the end of the answer; returns the last result or throws the first error.
  @discardableResult
  func collect() throws(PostgresError) -> QueryResult? {
    var last: QueryResult?
    while let result = nextResult() {
      switch result.status {
      case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: last = result
      default: throw try error(of: result)
      }
    }
    guard isUp else { throw failure() }
    return last
  }

  /// Makes an error of a result that was not expected, and reads the rest of the answer.
  func error(of result: QueryResult) throws(PostgresError) -> PostgresError {
    switch result.status {
    case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE:
      let report = ServerReport(result: result.pointer)
      // The server's farewell comes before libpq notices the end of the connection.
      drain()
      return failure(report)
    case PGRES_COPY_IN, PGRES_COPY_OUT:
      try abandonCopy(result.status)
      drain()
      return isUp ? PostgresError(.invalidUse, "COPY came where it was not expected") : failure()
    default:
      drain()
      return PostgresError(.protocolViolation, "libpq gave a result of an unexpected kind")
    }
  }

  /// Reads an answer to its end and drops it.
  func drain() {
    while isUp, let result = nextResult() {
      // A COPY in what is left of a script would never end by itself.
      guard result.status != PGRES_COPY_IN, result.status != PGRES_COPY_OUT else {
        do throws(PostgresError) {
          try abandonCopy(result.status)
        } catch {
          return
        }
        continue
      }
    }
  }

  /// The error for a statement that did not succeed.
  ///
  /// A lost connection often has no SQLSTATE; libpq's status tells.
  func failure(_ report: ServerReport? = nil) -> PostgresError {
    guard isUp else {
      return PostgresError(
        .connectionLost, "the connection to the server broke",
        report: report ?? ServerReport(connection: pointer))
    }
    guard let report else {
      return PostgresError(
        .protocolViolation, "libpq refused the call", report: ServerReport(connection: pointer))
    }
    if report.sqlState == .queryCanceled, cancelRequested != nil {
      return PostgresError(.cancelled, "the task was cancelled", report: report)
    }
    return PostgresError(.server, "the server refused the statement", report: report)
  }
}
