/// How a ``ProjectorRunner`` reads and waits.
public struct ProjectorSettings: Sendable {
  /// The most events in one transaction.
  public var batchLimit = 500
  /// The most cases that are folded, derived and written at once where a change touches many, as a
  /// rebuild does; with their entries they are in memory meanwhile.
  public var caseLimit = 200
  /// How long it waits for a tick before it looks by itself.
  public var pollInterval = Duration.seconds(1)
  /// The pause after a first failure; it doubles with each, up to ``longestPause``.
  public var firstPause = Duration.milliseconds(100)
  /// The longest pause after a failure.
  public var longestPause = Duration.seconds(10)
  /// How many entries of cases are kept in memory between batches, of all facilities together.
  public var cachedEntryLimit = 50_000

  /// The settings of a service.
  public init() {}

  /// The pause after so many failures in a row.
  func pause(afterFailures count: Int) -> Duration {
    min(firstPause * (1 << min(max(count - 1, 0), 20)), longestPause)
  }
}
