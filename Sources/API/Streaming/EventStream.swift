internal import Hummingbird
internal import NIOCore
internal import Procedures
internal import ServiceLifecycle
internal import Store

/// Follows a case: what is in the log after a version, then what comes, each event once and in order.
///
/// It reads the log itself, from where it stands; a tick only tells it to look. So an event is
/// neither missed nor sent twice, whatever is lost between the processes.
struct EventStream: Sendable {
  /// How many events are read at once.
  static let pageSize = 200
  /// How long it waits at most before it looks by itself.
  static let longestPause = Duration.seconds(2)

  let ticks: LogTicks
  let limits: APIConfiguration.Limits
  /// Events after a version, in order, at most ``pageSize``.
  let read: @Sendable (_ version: Int64) async throws -> [RecordedEvent]
  /// Whether the caller's token still lets in.
  let isAllowed: @Sendable () async throws -> Bool

  /// Writes until the client leaves, the service stops, or the token ends.
  @concurrent func run(
    after version: Int64, of request: Request, to writer: inout any ResponseBodyWriter
  ) async throws {
    let (wakes, waker) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let commits = ticks.subscribe()
    try await request.body.consumeWithInboundCloseHandler { _ in
      try await withGracefulShutdownHandler {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { for await _ in commits { waker.yield() } }
          group.addTask { try await Self.wake(waker, every: min(limits.heartbeat, Self.longestPause)) }
          try await follow(after: version, on: wakes, to: &writer)
          group.cancelAll()
        }
      } onGracefulShutdown: {
        waker.finish()
      }
    } onInboundClosed: {
      waker.finish()
    }
  }

  @concurrent private func follow(
    after version: Int64, on wakes: AsyncStream<Void>, to writer: inout any ResponseBodyWriter
  ) async throws {
    var version = version
    var writtenAt = ContinuousClock.now
    try await writer.write(ByteBuffer(bytes: ServerSentEvents.opening))
    var iterator = wakes.makeAsyncIterator()
    repeat {
      guard try await isAllowed() else { return }
      while !Task.isShuttingDownGracefully {
        let page = try await read(version)
        guard let last = page.last else { break }
        try await writer.write(Self.bytes(page))
        version = last.version
        writtenAt = .now
      }
      if ContinuousClock.now - writtenAt >= limits.heartbeat {
        try await writer.write(ByteBuffer(bytes: ServerSentEvents.heartbeat))
        writtenAt = .now
      }
      // What is committed meanwhile is read at once, not one event at a time.
      try await Task.sleep(for: limits.streamPause)
    } while await iterator.next() != nil
  }

  private static func bytes(_ page: [RecordedEvent]) -> ByteBuffer {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(page.count * 512)
    for event in page { ServerSentEvents.write(event, into: &bytes) }
    return ByteBuffer(bytes: bytes)
  }

  private static func wake(
    _ waker: AsyncStream<Void>.Continuation, every interval: Duration
  ) async throws {
    while true {
      try await Task.sleep(for: interval)
      waker.yield()
    }
  }
}
