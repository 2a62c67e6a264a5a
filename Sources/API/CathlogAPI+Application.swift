public import Hummingbird
internal import HummingbirdCore
internal import NIOCore

extension CathlogAPI {
  /// The service that listens.
  ///
  /// It stops in order when its service group does: no new connection, requests under way are
  /// answered, streams end.
  /// - Parameters:
  ///   - configuration: where to listen, and the bounds of what is taken.
  ///   - onReady: told where it listens, once connections are taken: `HOST:PORT`, or a socket's path.
  /// - Returns: a service for a service group.
  public func application(
    configuration: APIConfiguration,
    onReady: @escaping @Sendable (_ address: String) async -> Void = { _ in }
  ) -> some ApplicationProtocol {
    let limits = configuration.limits
    return Application(
      router: router(limits: limits),
      server: .http1(
        configuration: HTTP1Channel.Configuration(
          additionalChannelHandlers: [RequestGuard(limits)],
          idleTimeout: TimeAmount(limits.idleTimeout),
          httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
            maxHeaderFieldCount: limits.headerCount))),
      configuration: ApplicationConfiguration(
        address: configuration.address.bindAddress,
        availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
      onServerRunning: { channel in
        await onReady(configuration.address.text(port: channel.localAddress?.port))
      },
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

  fileprivate func text(port taken: Int?) -> String {
    switch self {
    case .host(let host, let port):
      host.contains(":") ? "[\(host)]:\(taken ?? port)" : "\(host):\(taken ?? port)"
    case .unixSocket(let path): path
    }
  }
}
