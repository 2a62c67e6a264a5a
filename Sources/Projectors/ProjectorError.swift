public import Postgres
internal import Procedures
public import Store

/// Why a projection could not be read, followed or rebuilt; no description holds patient data.
public enum ProjectorError: Error {
  /// There is no log of this facility.
  case facilityUnknown
  /// The database answered with an error or not at all.
  case database(PostgresError)
  /// The log could not be read.
  case store(StoreError)
  /// What was waited for did not come in time.
  case notAppliedInTime
  /// A cursor is not one that this edition gave out.
  case cursorInvalid
  /// A stored row is not what this edition writes; rebuild it.
  case unreadable(String)
  /// The ledger is damaged, which no rebuild mends: an entry cannot be read, or is missing.
  case ledgerDamaged(String)
}

extension ProjectorError {
  /// Runs `body` with its database error as one of the projection.
  static func wrapping<Value>(
    _ body: () async throws(PostgresError) -> Value
  ) async throws(ProjectorError) -> Value {
    do throws(PostgresError) {
      return try await body()
    } catch {
      throw .database(error)
    }
  }
}

extension ConnectionPool {
  /// Runs `body` in a transaction that sees this facility alone.
  func transaction<Value: Sendable>(
    in facility: FacilityCode, _ mode: TransactionMode,
    _ body: @Sendable (DatabaseSession) throws(PostgresError) -> Value
  ) async throws(ProjectorError) -> Value {
    try await ProjectorError.wrapping { () throws(PostgresError) in
      try await transaction(mode.projecting(facility), body)
    }
  }
}
