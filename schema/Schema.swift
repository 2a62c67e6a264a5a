/// The migrations of the database: numbered, forward only, in the binary.
public enum Schema {
  /// One migration; once it is applied somewhere, its text never changes.
  public struct Migration: Hashable, Sendable {
    /// Its number: 1, 2, 3 … without a gap.
    public let number: Int
    /// The name of its file without the ending, such as `0002_log`.
    public let name: String
    /// The statements, run in one transaction.
    public let text: String

    /// A migration of these parts.
    public init(number: Int, name: String, text: String) {
      self.number = number
      self.name = name
      self.text = text
    }
  }

  /// The migrations in the order in which they are applied.
  public static let migrations: [Migration] = [
    ("0001_roles", Embedded._0001_roles_sql),
    ("0002_log", Embedded._0002_log_sql),
    ("0003_identity", Embedded._0003_identity_sql),
    ("0004_append", Embedded._0004_append_sql),
    ("0005_log_guards", Embedded._0005_log_guards_sql),
    ("0006_access", Embedded._0006_access_sql),
    ("0007_access_record", Embedded._0007_access_record_sql),
    ("0008_facilities", Embedded._0008_facilities_sql),
    ("0009_close", Embedded._0009_close_sql),
    ("0010_projection", Embedded._0010_projection_sql),
    ("0011_append_in_one_pass", Embedded._0011_append_in_one_pass_sql),
    ("0012_rule_books", Embedded._0012_rule_books_sql),
    ("0013_ledger", Embedded._0013_ledger_sql),
  ].enumerated().map { index, file in
    Migration(number: index + 1, name: file.0, text: file.1)
  }

  /// Makes the table of what has been applied; may run any number of times.
  public static let migrationsTable = Embedded.migrations_table_sql

  /// The guard that only a superuser can install; may run any number of times.
  public static let definitionGuard = Embedded.guard_definitions_sql
}
