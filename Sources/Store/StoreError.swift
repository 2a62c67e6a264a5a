public import Postgres

/// Why the log could not be read or written.
///
/// No description holds what was to be stored.
public enum StoreError: Error {
  /// There is no log of this facility.
  case facilityUnknown
  /// The database answered with an error or not at all.
  case database(PostgresError)
  /// A stored row is not what this edition can read; the sentence names the position, not the content.
  case unreadable(String)
  /// The key of a case is wrapped by a master key that this process does not have.
  case masterKeyMissing
  /// The call makes no sense; the sentence says why.
  case misuse(String)
  /// The store is shutting down.
  case closed
}
