public import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore

extension CathlogAPI {
  /// The service that listens; it stops in order when its service group does: no new connection,
  /// requests under way are answered, streams end.
  ///
  /// - Parameters:
  ///   - address: where to listen.
  ///   - logger: for requests and failures.
  ///   - onServerRunning: told the port once connections are taken; nil on a Unix socket.
  public func application(
    at address: APIConfiguration.Address, logger: Logger,
    onServerRunning: @escaping @Sendable (_ port: Int?) async -> Void = { _ in }
  ) -> some ApplicationProtocol {
    let limits = limits
    return Application(
      router: router(),
      server: .http1(
        configuration: HTTP1Channel.Configuration(
          additionalChannelHandlers: [RequestGuard(limits)],
          idleTimeout: TimeAmount(limits.idleTimeout),
          httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
            maxHeaderFieldCount: limits.headerCount))),
      configuration: ApplicationConfiguration(
        address: address.bindAddress,
        availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
      onServerRunning: { channel in await onServerRunning(channel.localAddress?.port) },
      logger: logger)
  }
}

extension APIConfiguration.Address {
  fileprivate var bindAddress: BindAddress {
    switch self {
    case .host(let host, let port): .hostname(host, port: port)
    case .unixSocket(let path): .unixDomainSocket(path: path)
    }
  }
}
