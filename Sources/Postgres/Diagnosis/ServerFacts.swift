import Glibc

/// What decides whether a server keeps what it says it has committed, and can be worked with.
public struct ServerFacts: Hashable, Sendable {
  /// The settings that are looked at, as they hold in this session, in their units of `pg_settings`.
  public var settings: [String: String]
  /// As `server_version_num`: 150004 is 15.4.
  public var versionNumber: Int
  /// How many connections there are, of everybody.
  public var connectionCount: Int
  /// How many synchronous standbys are connected; `nil` where the role may not see it.
  public var synchronousStandbyCount: Int?
  /// Whether the server only replays another one's log.
  public var isStandby: Bool
  /// Whether the server knows the world's time zones.
  public var knowsTimeZones: Bool
  /// How far the server's clock is ahead of this machine's.
  public var clockLead: Duration

  /// What is asked for by name.
  static let settingNames = [
    "data_checksums", "default_transaction_read_only", "fsync", "full_page_writes",
    "ignore_checksum_failure", "max_connections", "server_encoding", "statement_timeout",
    "superuser_reserved_connections", "synchronous_commit", "synchronous_standby_names",
    "wal_level", "wal_sync_method", "zero_damaged_pages",
  ]
}

extension ServerFacts {
  /// Reads them; changes nothing.
  public static func read(_ session: Session) throws(PostgresError) -> ServerFacts {
    let settings = try session.settings(named: settingNames)
    let row = try session.queryOne(
      """
      SELECT current_setting('server_version_num')::integer,
        (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend'),
        pg_catalog.pg_is_in_recovery(),
        EXISTS (SELECT FROM pg_catalog.pg_timezone_names WHERE name = 'America/New_York')
      """)
    return ServerFacts(
      settings: settings, versionNumber: Int(try row[0, as: Int32.self]),
      connectionCount: Int(try row[1, as: Int64.self]),
      synchronousStandbyCount: try Durability.standbyCount(session), isStandby: try row[2],
      knowsTimeZones: try row[3], clockLead: try clockLead(session))
  }

  /// As `server_version_num`: 150004 is 15.4.
  public static func readVersionNumber(_ session: Session) throws(PostgresError) -> Int {
    let number: Int32 = try session.queryOne(
      "SELECT current_setting('server_version_num')::integer")[0]
    return Int(number)
  }

  /// Against the middle between asking and being answered.
  private static func clockLead(_ session: Session) throws(PostgresError) -> Duration {
    let asked = now()
    let server: Int64 = try session.queryOne(
      "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")[0]
    return .microseconds(server - (asked + now()) / 2)
  }

  /// This machine's clock, in microseconds since 1970.
  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
