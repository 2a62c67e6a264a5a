public import Postgres

/// Which master keys a database's keys are wrapped with.
public enum MasterKeyUse {
  /// How many keys of cases are looked at, whichever come first: all of a log's are wrapped alike,
  /// unless its master key was changed.
  static let caseKeyLimit: Int64 = 10_000

  /// The names of the master keys; empty where there are no keys yet, or no schema.
  ///
  /// Of the keys of cases a part is looked at, of the registries' all.
  /// - Throws: `PostgresError`, where the role may not read them.
  public static func read(_ session: Session) throws(PostgresError) -> Set<[UInt8]> {
    let hasKeys: Bool = try session.queryOne(
      """
      SELECT to_regclass('identity.case_key') IS NOT NULL
        AND to_regclass('identity.registry_key') IS NOT NULL
      """)[0]
    guard hasKeys else { return [] }
    let rows = try session.query(
      """
      SELECT master_key FROM identity.registry_key
      UNION
      SELECT master_key FROM (SELECT master_key FROM identity.case_key LIMIT \(caseKeyLimit)) AS keys
      """)
    var names: Set<[UInt8]> = []
    for row in rows { names.insert(try row[0]) }
    return names
  }
}
