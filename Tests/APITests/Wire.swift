import Foundation
import NIOCore
import NIOPosix
import Testing

/// A connection on which a test sends bytes as they stand and reads what comes.
final class Wire {
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private var inbound: AsyncStream<String>.AsyncIterator
  /// What came and was not yet taken.
  private var text = ""

  /// Runs `body` with a new connection.
  static func with<Value: Sendable>(
    port: Int, _ body: @Sendable @escaping (Wire) async throws -> Value
  ) async throws -> Value {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
            wrappingChannelSynchronously: channel,
            configuration: NIOAsyncChannel.Configuration(isOutboundHalfClosureEnabled: true))
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      try await withThrowingTaskGroup(of: Void.self) { group in
        let (texts, sink) = AsyncStream.makeStream(of: String.self)
        group.addTask {
          defer { sink.finish() }
          for try await buffer in inbound { sink.yield(String(buffer: buffer)) }
        }
        let value = try await body(Wire(texts, outbound))
        group.cancelAll()
        return value
      }
    }
  }

  private init(
    _ inbound: AsyncStream<String>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) {
    self.inbound = inbound.makeAsyncIterator()
    self.outbound = outbound
  }

  func send(_ text: String) async throws {
    try await outbound.write(ByteBuffer(string: text))
  }

  /// Reads up to and with this text; throws where the connection ends before it.
  func read(through end: String) async throws -> String {
    while true {
      if let range = text.range(of: end) {
        let taken = String(text[..<range.upperBound])
        text.removeSubrange(..<range.upperBound)
        return taken
      }
      guard let more = await inbound.next(isolation: #isolation) else { throw Ended(after: text) }
      text += more
    }
  }

  /// Reads to the end of the connection.
  func readToEnd() async throws -> String {
    while let more = await inbound.next(isolation: #isolation) { text += more }
    defer { text = "" }
    return text
  }

  struct Ended: Error {
    let after: String

    init(after text: String) { after = text }
  }
}
