import Logging
import Postgres
import Settings
import Store

extension Wiring {
  /// Refuses a server that a log cannot be kept on, before anything is written to it.
  static func checkServer(
    _ connection: ConnectionSettings, _ rule: DurabilityRule, _ logger: Logger
  ) async throws {
    let checked = try await Connection.open(connection)
    let (version, durability) = try await checked.transaction(.readOnly) {
      session throws(PostgresError) in
      (try ServerFacts.readVersionNumber(session), try Durability.read(session))
    }
    await checked.close()
    guard version >= ServerFacts.oldestVersionNumber else {
      throw CommandFailure(
        "postgresql-too-old",
        "The database is PostgreSQL \(version / 10_000), and Cathlog needs "
          + "\(ServerFacts.oldestVersionNumber / 10_000) or newer. Move it with pg_upgrade.",
        .configuration)
    }
    try check(durability, rule, logger)
  }

  private static func check(
    _ durability: Durability, _ rule: DurabilityRule, _ logger: Logger
  ) throws(CommandFailure) {
    let losing = durability.losingSettings
    if !losing.isEmpty {
      guard rule == .waived else {
        throw CommandFailure(
          "database-not-durable",
          "The database may lose what it has committed: off is \(losing.joined(separator: ", ")). "
            + "Turn it on (ALTER SYSTEM SET \(losing[0]) = on; SELECT pg_reload_conf();), or accept "
            + "the loss with CATHLOG_DATABASE_DURABILITY=waived.", .configuration)
      }
      logger.critical(
        "WHAT IS RECORDED MAY BE LOST: the database's settings are not durable, and that is waived",
        metadata: ["off": "\(losing.joined(separator: ", "))"])
    }
    if durability.waitsForAbsentStandby {
      logger.critical(
        """
        every commit waits for a synchronous standby, and none is connected: connect it, or empty \
        synchronous_standby_names
        """)
    }
  }
}
