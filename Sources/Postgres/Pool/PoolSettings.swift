/// The bounds of a pool.
public struct PoolSettings: Sendable {
  /// How many connections there are at most.
  public var maximumConnectionCount = 4
  /// How many connections `run()` keeps open when nobody needs them.
  public var minimumConnectionCount = 0
  /// How many tasks may wait for a connection; one more is refused at once.
  public var maximumWaiterCount = 256
  /// How long a task waits for a connection, also while the server cannot be reached.
  public var acquireTimeout = Duration.seconds(10)
  /// How long an unneeded connection stays open.
  public var idleTimeout = Duration.seconds(300)
  /// How soon, and at most how late, another attempt follows one that failed.
  public var backoff = Backoff()

  /// Begins with the defaults.
  public init() {}
}

/// How long to wait before the next attempt: twice as long each time, up to a ceiling, of which a
/// random half is left out so that many clients do not come back at once.
public struct Backoff: Sendable {
  /// The longest first pause.
  public var first = Duration.milliseconds(100)
  /// The longest pause of all.
  public var ceiling = Duration.seconds(5)

  /// Begins with the defaults.
  public init() {}

  /// The pause after so many failures in a row; `fraction`, from 0 to 1, is the random part.
  func pause(afterFailures failures: Int, fraction: Double) -> Duration {
    let doubled = first * (1 << min(max(failures - 1, 0), 20))
    let longest = min(doubled, ceiling)
    return longest / 2 + longest / 2 * fraction
  }
}
