import Postgres
import Testing

@Suite struct `The pool` {
  private func withPool<Value>(
    _ maximum: Int = 2, waiters: Int = 256, _ settings: ConnectionSettings? = nil,
    _ body: (ConnectionPool) async throws -> Value
  ) async throws -> Value {
    var poolSettings = PoolSettings()
    poolSettings.maximumConnectionCount = maximum
    poolSettings.maximumWaiterCount = waiters
    poolSettings.acquireTimeout = .seconds(60)
    let pool = ConnectionPool(try settings ?? PrivateServer.settings(), pool: poolSettings)
    do {
      let value = try await body(pool)
      await pool.shutdown()
      return value
    } catch {
      await pool.shutdown()
      throw error
    }
  }

  /// Runs `body` while every connection of a pool of one is taken.
  private func whileTaken(
    _ pool: ConnectionPool, _ body: () async throws -> Void
  ) async throws {
    let lock = Int64.random(in: 1...Int64.max)
    try await withConnection { other in
      try await other.run { session throws(PostgresError) in
        try session.execute("SELECT pg_advisory_lock(\(lock))")
      }
      let holder = Task {
        try await pool.run { session throws(PostgresError) in
          try session.execute("SELECT pg_advisory_xact_lock(\(lock))")
        }
      }
      try await waitUntilWaiting(for: lock)
      try await body()
      try await other.run { session throws(PostgresError) in
        try session.execute("SELECT pg_advisory_unlock(\(lock))")
      }
      _ = try await holder.value
    }
  }

  private func waitUntilWaiting(for lock: Int64) async throws {
    try await withSession { session throws(PostgresError) in
      var count = 0
      while count == 0 {
        count = try session.query(
          """
          SELECT count(*) FROM pg_locks
          WHERE locktype = 'advisory' AND NOT granted
            AND (classid::bigint << 32) + objid::bigint = \(lock)
          """)[0][0, as: Int.self]
      }
    }
  }

  @Test func `many tasks share few connections`() async throws {
    try await withPool(3) { pool in
      let sum = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<200 {
          group.addTask {
            try await pool.run { session throws(PostgresError) in
              try session.query("SELECT \(number)")[0][0, as: Int.self]
            }
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(sum == 19_900)
      #expect(pool.connectionCount <= 3)
    }
  }

  @Test func `one waiter too many is refused at once`() async throws {
    try await withPool(1, waiters: 1) { pool in
      try await whileTaken(pool) {
        let first = Task {
          try await pool.run { session throws(PostgresError) in try session.execute("SELECT 1") }
        }
        while pool.waiterCount == 0 { await Task.yield() }
        let error = await postgresError {
          try await pool.run { session throws(PostgresError) in try session.execute("SELECT 2") }
        }
        #expect(error?.kind == .poolExhausted)
        first.cancel()
        _ = await first.result
      }
    }
  }

  @Test func `a waiting task that is cancelled leaves the queue`() async throws {
    try await withPool(1) { pool in
      try await whileTaken(pool) {
        let waiter = Task {
          await postgresError {
            try await pool.run { session throws(PostgresError) in try session.execute("SELECT 1") }
          }
        }
        while pool.waiterCount == 0 { await Task.yield() }
        waiter.cancel()
        #expect(await waiter.value?.kind == .cancelled)
        #expect(pool.waiterCount == 0)
      }
    }
  }

  @Test func `waiters are served in their order`() async throws {
    try await withPool(1) { pool in
      let (stream, sink) = AsyncStream.makeStream(of: Int.self)
      var waiters: [Task<Void, any Error>] = []
      try await whileTaken(pool) {
        for number in 0..<10 {
          waiters.append(
            Task {
              try await pool.run { _ throws(PostgresError) in _ = sink.yield(number) }
            })
          while pool.waiterCount <= number { await Task.yield() }
        }
      }
      for waiter in waiters { try await waiter.value }
      sink.finish()
      #expect(await stream.reduce(into: []) { $0.append($1) } == Array(0..<10))
    }
  }

  @Test func `a wait that takes too long ends`() async throws {
    var settings = PoolSettings()
    settings.maximumConnectionCount = 1
    settings.acquireTimeout = .milliseconds(50)
    let pool = ConnectionPool(try PrivateServer.settings(), pool: settings)
    try await whileTaken(pool) {
      let error = await postgresError {
        try await pool.run { session throws(PostgresError) in try session.execute("SELECT 1") }
      }
      #expect(error?.kind == .poolExhausted)
    }
    await pool.shutdown()
  }

  @Test func `a killed backend fails its task and no other`() async throws {
    try await withPool(1) { pool in
      let error = await postgresError {
        try await pool.run { session throws(PostgresError) in
          try session.execute("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(60)")
        }
      }
      #expect(error?.kind == .connectionLost)
      let value = try await pool.run { session throws(PostgresError) in
        try session.query("SELECT 3")[0][0, as: Int.self]
      }
      #expect(value == 3)
    }
  }

  @Test func `a backend that was killed while idle is replaced unnoticed`() async throws {
    try await withPool(1) { pool in
      let process = try await pool.run { session throws(PostgresError) in
        try session.query("SELECT pg_backend_pid()")[0][0, as: Int32.self]
      }
      try await withSession { session throws(PostgresError) in
        try session.execute("SELECT pg_terminate_backend(\(process), 10000)")
      }
      let other = try await pool.run { session throws(PostgresError) in
        try session.query("SELECT pg_backend_pid()")[0][0, as: Int32.self]
      }
      #expect(other != process)
      #expect(pool.connectionCount == 1)
    }
  }

  @Test func `the pool outlives a restart of the server`() async throws {
    let server = try PrivateServer()
    try await withPool(2, ConnectionSettings(url: server.url)) { pool in
      let ask = { @Sendable () async throws -> Int in
        try await pool.run { session throws(PostgresError) in
          try session.query("SELECT 1")[0][0, as: Int.self]
        }
      }
      #expect(try await ask() == 1)
      try server.restart()
      #expect(try await ask() == 1)
      try server.stop()
      // Waits through failed attempts until the server is back.
      let patient = Task { try await ask() }
      while pool.waiterCount == 0 { await Task.yield() }
      try server.start()
      #expect(try await patient.value == 1)
    }
  }

  @Test func `a server that cannot be reached is an error in the end`() async {
    var settings = PoolSettings()
    settings.acquireTimeout = .milliseconds(300)
    settings.backoff.first = .milliseconds(20)
    let pool = ConnectionPool(ConnectionSettings(url: "host=/nowhere"), pool: settings)
    let errors = await withTaskGroup(of: PostgresError?.self) { group in
      for _ in 0..<10 {
        group.addTask {
          await postgresError { try await pool.run { _ throws(PostgresError) in } }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(errors.map { $0?.kind } == Array(repeating: .connectionFailed, count: 10))
    #expect(pool.connectionCount == 0)
    #expect(pool.waiterCount == 0)
    await pool.shutdown()
  }

  @Test func `run keeps the minimum open and ends with shutdown`() async throws {
    var settings = PoolSettings()
    settings.minimumConnectionCount = 2
    let pool = ConnectionPool(try PrivateServer.settings(), pool: settings)
    let service = Task { await pool.run() }
    while pool.connectionCount < 2 { await Task.yield() }
    await pool.shutdown()
    await service.value
    #expect(pool.connectionCount == 0)
    let error = await postgresError { try await pool.run { _ throws(PostgresError) in } }
    #expect(error?.kind == .closed)
  }

  @Test func `run ends when its task is cancelled, and shuts the pool down`() async throws {
    let pool = ConnectionPool(try PrivateServer.settings())
    let service = Task { await pool.run() }
    try await pool.run { session throws(PostgresError) in try session.runScript("SELECT 1") }
    service.cancel()
    await service.value
    #expect(pool.connectionCount == 0)
  }

  @Test func `run closes what nobody uses`() async throws {
    var settings = PoolSettings()
    settings.idleTimeout = .milliseconds(1)
    let pool = ConnectionPool(try PrivateServer.settings(), pool: settings)
    try await pool.run { session throws(PostgresError) in try session.runScript("SELECT 1") }
    #expect(pool.connectionCount == 1)
    let service = Task { await pool.run() }
    while pool.connectionCount > 0 { await Task.yield() }
    service.cancel()
    await service.value
  }

  @Test func `shutdown refuses waiters and lets the running ones finish`() async throws {
    try await withPool(1) { pool in
      var waiter: Task<PostgresError?, Never>?
      var closing: Task<Void, Never>?
      try await whileTaken(pool) {
        waiter = Task { await postgresError { try await pool.run { _ throws(PostgresError) in } } }
        while pool.waiterCount == 0 { await Task.yield() }
        closing = Task { await pool.shutdown() }
        #expect(await waiter?.value?.kind == .closed)
        #expect(pool.connectionCount == 1)
      }
      await closing?.value
      #expect(pool.connectionCount == 0)
    }
  }
}
