import Foundation
import NIOCore
import NIOPosix
import Testing

/// A connection on which a test sends bytes as they stand and reads what comes.
final class Wire {
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
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
      try await body(Wire(inbound, outbound))
    }
  }

  private init(
    _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
    _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
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
      guard let buffer = try await inbound.next() else { throw Ended(after: text) }
      text += String(buffer: buffer)
    }
  }

  /// Reads to the end of the connection.
  func readToEnd() async throws -> String {
    while let buffer = try await inbound.next() { text += String(buffer: buffer) }
    defer { text = "" }
    return text
  }

  struct Ended: Error {
    let after: String

    init(after text: String) { after = text }
  }
}
