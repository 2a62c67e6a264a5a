/// How much an ``Appender`` takes on.
public struct AppenderLimits: Hashable, Sendable {
  /// The most submissions in one commit.
  public var batchSubmissions = 512
  /// The most events in one commit, and in one submission.
  public var batchEvents = 2_000
  /// The most bytes of payload in one commit, unless one submission alone has more.
  public var batchBytes = 4 << 20
  /// The most events of one facility that wait for a commit.
  public var queuedEvents = 20_000
  /// The most bytes of payload of one facility that wait for a commit.
  public var queuedBytes = 64 << 20
  /// How many cases of one facility are kept in memory between submissions.
  public var cachedCases = 1_024
  /// How often a submission is decided anew because others were faster.
  public var decisions = 100
  /// How often a commit is tried when the database cannot be reached or its answer is lost.
  public var attempts = 8
  /// The pause after the first such attempt; it doubles with each, up to 32 times itself.
  public var firstPause = Duration.milliseconds(20)

  /// The limits of a service.
  public init() {}
}
