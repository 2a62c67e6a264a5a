import Postgres
import Procedures
import Store
import TestDatabase
import Testing

/// What an append costs the database, in rows that it looks at: no clock is needed to see a bad plan.
@Suite struct `An append to a log that grew` {
  @Test func `looks up its own cases and ids, and never reads the log`() async throws {
    let url = try await TestDatabase.fresh()
    try await Migrator().migrate(ConnectionSettings(url: url))
    var settings = ConnectionSettings(url: url)
    settings.role = PostgresLogStore.serviceRole
    // One session, so that plans made while the log was small are still there when it is not.
    var poolSettings = PoolSettings()
    poolSettings.maximumConnectionCount = 1
    let pool = ConnectionPool(settings, pool: poolSettings)
    let store = PostgresLogStore(pool: pool)
    let facility = try await store.openLog()
    let batch = 50
    for _ in 0..<40 { try await append(batch, to: store, facility) }
    #expect(try await store.head(of: facility)?.position == Int64(40 * batch + 1))

    let before = try await rowsRead(pool)
    try await append(batch, to: store, facility)
    let read = try await rowsRead(pool) - before
    #expect(read <= Int64(10 * batch), "\(read) rows were read for \(batch) events")
    await pool.shutdown()
  }

  private func append(
    _ count: Int, to store: PostgresLogStore, _ facility: FacilityCode
  ) async throws {
    let requests = (0..<count).map { _ in
      Entries.request(.fresh, version: 0, [Entries.entry()], key: Entries.key())
    }
    let outcomes = try await store.append(requests, to: facility)
    #expect(outcomes.allSatisfy { $0.receipts?.count == 1 })
  }

  /// Rows of the log and of the cases' keys that statements of the pool's session looked at so far.
  private func rowsRead(_ pool: ConnectionPool) async throws -> Int64 {
    try await pool.run { session throws(PostgresError) in
      try session.execute("SELECT pg_stat_force_next_flush()")
      try session.execute("SELECT pg_stat_clear_snapshot()")
      return try session.queryOne(
        """
        SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_all_tables
        WHERE relid IN ('log.event'::regclass, 'identity.case_key'::regclass)
        """)[0]
    }
  }
}
