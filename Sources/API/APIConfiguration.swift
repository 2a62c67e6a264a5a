/// Where the API listens and how much it takes at once.
public struct APIConfiguration: Sendable {
  /// Where the API listens.
  public enum Address: Hashable, Sendable {
    /// A host name or address and a port; port 0 is any free one.
    case host(String, port: Int)
    /// A Unix socket at this path.
    case unixSocket(path: String)
  }

  /// The bounds of everything that a caller can make large, many or slow.
  public struct Limits: Sendable {
    /// Bytes of a request's body.
    public var bodyBytes = 1 << 20
    /// Events of one request.
    public var eventsPerRequest = 500
    /// Bytes of a request's headers.
    public var headerBytes = 16_384
    /// Bytes of a request's address.
    public var addressBytes = 8_192
    /// Headers of a request.
    public var headerCount = 100
    /// Connections at once; further ones wait until one closes.
    public var connections = 1024
    /// Streams of events at once; a further one is refused.
    public var streams = 128
    /// Requests of one token in a second, all at once or spread; 0 is no bound.
    public var requestsPerSecond = 10_000
    /// Wrong credentials from one address in a minute that are each looked into and recorded; 0 is
    /// no bound.
    public var wrongCredentialsPerMinute = 60
    /// How long a connection may stand idle between requests, or within one that is still arriving.
    public var idleTimeout = Duration.seconds(60)
    /// How long a request may take to arrive whole.
    public var requestTimeout = Duration.seconds(30)
    /// How often a stream without events shows that it lives.
    public var heartbeat = Duration.seconds(15)
    /// How long a stream lets events gather before it reads the log again.
    public var streamPause = Duration.milliseconds(20)

    /// How long ago the oldest event that is not projected may have been recorded, while the service
    /// counts as ready.
    public var staleness = Duration.seconds(60)

    /// Begins with the defaults.
    public init() {}
  }

  /// Where the API listens.
  public var address: Address
  /// The bounds.
  public var limits = Limits()

  /// Listens at this address, with the default bounds.
  public init(address: Address) {
    self.address = address
  }
}
