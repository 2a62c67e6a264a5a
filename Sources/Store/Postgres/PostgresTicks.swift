public import Postgres

/// Carries ticks between the processes that serve one database.
///
/// A tick says nothing but "look". It is sent after the commit and in a transaction of its own:
/// NOTIFY within an append would make all appends wait for each other.
public struct PostgresTicks: Sendable {
  private static let channel = "cathlog_log"

  private let pool: ConnectionPool
  private let settings: ConnectionSettings
  private let ticks: LogTicks
  private let pause: Duration

  /// Sends this process's ticks through the pool, and relays what a connection of its own hears;
  /// commits within a pause are one tick for others.
  public init(
    pool: ConnectionPool, settings: ConnectionSettings, ticks: LogTicks,
    pause: Duration = .milliseconds(10)
  ) {
    self.pool = pool
    self.settings = settings
    self.ticks = ticks
    self.pause = pause
  }

  /// Sends and relays until the task is cancelled.
  public func run() async {
    await withTaskGroup { group in
      group.addTask { await announce() }
      group.addTask { await relay() }
    }
  }

  private func announce() async {
    for await _ in ticks.subscribe(to: .own) {
      // A tick that cannot be sent is made up for by the readers' own looking.
      _ = try? await pool.run { session throws(PostgresError) in
        try session.execute("SELECT pg_notify(\(Self.channel), '')")
      }
      // Cancelled in the pause, the loop's stream ends by itself.
      try? await Task.sleep(for: pause)
    }
  }

  private func relay() async {
    for await event in Listener(settings, channels: [Self.channel]) {
      switch event {
      case .connected, .notification: ticks.relay()
      case .disconnected: continue
      }
    }
  }
}
