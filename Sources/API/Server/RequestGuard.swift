internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import Procedures

/// Keeps a connection to its bounds, between the parser of HTTP and Hummingbird.
///
/// A request must arrive whole in time, and what is answered before it has arrived is not read on:
/// the answer closes the connection. What is no HTTP is answered with a problem. A client that does
/// not read its answer is cut off.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// How long the answer to a request that is not read on may take to reach its client.
  private static let lingering = TimeAmount.seconds(2)

  private let timeout: TimeAmount
  private let bodyLimit: Int
  /// The requests that came and are not answered.
  private var unansweredCount = 0
  /// Whether a request's end is still to come.
  private var isArriving = false
  /// Whether the answer on its way out is the last one.
  private var isLastAnswer = false
  /// Whether nothing is taken any more, in either direction.
  private var isClosing = false
  private var arrival: Scheduled<Void>?
  private var delivery: Scheduled<Void>?

  init(_ limits: APIConfiguration.Limits) {
    timeout = TimeAmount(limits.requestTimeout)
    bodyLimit = limits.bodyBytes
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isClosing else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      isArriving = true
      unansweredCount += 1
      inviteBody(of: head, context)
    case .body: break
    case .end:
      isArriving = false
      arrival?.cancel()
      arrival = nil
    }
    context.fireChannelRead(data)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    // Most requests arrive whole in one read, and need no timer.
    if isArriving, arrival == nil, !isClosing {
      arrival = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
        self.arrivalTimedOut(context)
      }
    }
    context.fireChannelReadComplete()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard !isClosing else {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    switch unwrapOutboundIn(data) {
    case .head(var head) where head.status.kind != .informational && isArriving:
      isLastAnswer = true
      head.headerFields[.connection] = "close"
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .end:
      unansweredCount -= 1
      context.write(data, promise: promise)
      if isLastAnswer { closeGently(context) }
    case .head, .body:
      context.write(data, promise: promise)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError, unansweredCount == 0, !isClosing else {
      context.fireErrorCaught(error)
      return
    }
    answer(
      error == .headerOverflow
        ? Problem(.headersTooLarge, "The headers are larger than is taken.")
        : Problem(.requestMalformed, "This is not HTTP/1.1 as it is served here."), context)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    delivery?.cancel()
    delivery = nil
    if !context.channel.isWritable {
      delivery = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
        context.close(promise: nil)
      }
    }
    context.fireChannelWritabilityChanged()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if isClosing, case .inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    cancelTimers()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { cancelTimers() }
}

extension RequestGuard {
  /// Asks for a body that its client holds back until it is asked (RFC 9110, 10.1.1).
  private func inviteBody(of head: HTTPRequest, _ context: ChannelHandlerContext) {
    let length = head.headerFields[.contentLength].flatMap { Int($0) } ?? 0
    guard head.headerFields[.expect]?.lowercased() == "100-continue", length <= bodyLimit,
      unansweredCount == 1
    else { return }
    let invitation = HTTPResponse(status: .continue)
    context.writeAndFlush(wrapOutboundOut(.head(invitation)), promise: nil)
  }

  private func arrivalTimedOut(_ context: ChannelHandlerContext) {
    arrival = nil
    guard isArriving, !isClosing else { return }
    // The handler that waits for the body must not take what came for the whole of it.
    context.fireErrorCaught(ChannelError.inputClosed)
    guard !isLastAnswer, unansweredCount == 1 else {
      context.close(promise: nil)
      return
    }
    answer(Problem(.requestTimeout, "The request did not arrive in time."), context)
  }

  /// Answers in place of the handlers, which have not seen a whole request.
  private func answer(_ problem: Problem, _ context: ChannelHandlerContext) {
    let body = ByteBuffer(bytes: problem.json.bytes)
    let head = HTTPResponse(
      status: problem.status,
      headerFields: [
        .contentType: Problem.mediaType, .contentLength: "\(body.readableBytes)",
        .connection: "close",
      ])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(body)), promise: nil)
    context.write(wrapOutboundOut(.end(nil)), promise: nil)
    closeGently(context)
  }

  /// Sends what is written, then closes once the client has seen it: to close at once with bytes
  /// unread would make its system throw the answer away.
  private func closeGently(_ context: ChannelHandlerContext) {
    isClosing = true
    cancelTimers()
    context.flush()
    context.close(mode: .output, promise: nil)
    delivery = context.eventLoop.assumeIsolated().scheduleTask(in: Self.lingering) {
      context.close(promise: nil)
    }
  }

  private func cancelTimers() {
    arrival?.cancel()
    arrival = nil
    delivery?.cancel()
    delivery = nil
  }
}

@available(*, unavailable)
extension RequestGuard: Sendable {}
