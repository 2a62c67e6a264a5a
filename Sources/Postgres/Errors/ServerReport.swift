import CLibPQ

/// The fields of a server's error or notice, or libpq's own message when there was no answer.
final class ServerReport: Sendable {
  let severity: String?
  let sqlState: SQLState?
  let message: String?
  let detail: String?
  let hint: String?
  let schemaName: String?
  let tableName: String?
  let columnName: String?
  let constraintName: String?

  init(result: OpaquePointer) {
    func field(_ code: Int32) -> String? {
      PQresultErrorField(result, code).map { String(cString: $0) }
    }
    severity = field(CLIBPQ_DIAG_SEVERITY)
    sqlState = field(CLIBPQ_DIAG_SQLSTATE).map { SQLState(rawValue: $0) }
    message = field(CLIBPQ_DIAG_MESSAGE) ?? PQresultErrorMessage(result).map { String(cString: $0) }
    detail = field(CLIBPQ_DIAG_DETAIL)
    hint = field(CLIBPQ_DIAG_HINT)
    schemaName = field(CLIBPQ_DIAG_SCHEMA)
    tableName = field(CLIBPQ_DIAG_TABLE)
    columnName = field(CLIBPQ_DIAG_COLUMN)
    constraintName = field(CLIBPQ_DIAG_CONSTRAINT)
  }

  /// What libpq itself says about the connection, without a server's answer.
  init(connection: OpaquePointer) {
    severity = nil
    sqlState = nil
    message = PQerrorMessage(connection).map { String(cString: $0) }
    detail = nil
    hint = nil
    schemaName = nil
    tableName = nil
    columnName = nil
    constraintName = nil
  }
}
