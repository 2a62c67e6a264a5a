/// Whether a commit that was answered is kept, whatever falls out.
public struct Durability: Hashable, Sendable {
  /// The settings that decide it, as they hold in this session.
  public var settings: [String: String]
  /// How many synchronous standbys are connected; `nil` where the role may not see it.
  public var synchronousStandbyCount: Int?

  private static let namesToBeOn = ["fsync", "full_page_writes", "synchronous_commit"]
  private static let names = namesToBeOn + ["synchronous_standby_names"]

  /// The settings under which a commit that was answered can be lost or torn.
  public var losingSettings: [String] { Self.namesToBeOn.filter { settings[$0] == "off" } }

  /// Whether every commit waits for a standby that is not there.
  public var waitsForAbsentStandby: Bool {
    settings["synchronous_standby_names"]?.isEmpty == false && synchronousStandbyCount == 0
      && !["off", "local"].contains(settings["synchronous_commit"])
  }
}

extension Durability {
  /// Reads it; changes nothing.
  public static func read(_ session: Session) throws(PostgresError) -> Durability {
    Durability(
      settings: try session.settings(named: names),
      synchronousStandbyCount: try standbyCount(session))
  }

  /// Another role than a monitor sees the rows without their state.
  static func standbyCount(_ session: Session) throws(PostgresError) -> Int? {
    let row = try session.queryOne(
      """
      SELECT count(*) FILTER (WHERE sync_state IN ('sync', 'quorum')),
        count(*) FILTER (WHERE state IS NULL)
      FROM pg_catalog.pg_stat_replication
      """)
    return try row[1, as: Int64.self] > 0 ? nil : Int(try row[0, as: Int64.self])
  }
}

extension Session {
  /// Settings of the server as they hold in this session, in the units of `pg_settings`.
  func settings(named names: [String]) throws(PostgresError) -> [String: String] {
    let rows = try query(
      """
      SELECT name, coalesce(setting, '') FROM pg_catalog.pg_settings WHERE name = ANY (\(names))
      """)
    var settings: [String: String] = [:]
    for row in rows { settings[try row[0]] = try row[1, as: String.self] }
    return settings
  }
}
