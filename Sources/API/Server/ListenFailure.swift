internal import Glibc
internal import NIOCore
public import ServiceLifecycle

/// Why the API cannot listen where it was told to.
public enum ListenFailure: Error, Hashable, Sendable {
  /// Another process listens there.
  case taken
  /// This process may not listen there, as on a port below 1024.
  case forbidden
  /// The address is none of this machine's, or no address at all.
  case noAddressOfThisMachine

  /// The failure that an error of the network is; `nil` where it is another one.
  init?(_ error: any Error) {
    switch error {
    case let error as IOError where error.errnoCode == EADDRINUSE: self = .taken
    case let error as IOError where [EACCES, EPERM].contains(error.errnoCode): self = .forbidden
    case let error as IOError where error.errnoCode == EADDRNOTAVAIL:
      self = .noAddressOfThisMachine
    case is SocketAddressError, is SocketAddressError.UnknownHost: self = .noAddressOfThisMachine
    default: return nil
    }
  }
}

/// A service whose failure to listen is told as a ``ListenFailure``.
public struct ListeningService: Service {
  private let service: any Service

  /// Runs what listens.
  public init(_ service: some Service) {
    self.service = service
  }

  /// Runs it to its end.
  public func run() async throws {
    do {
      try await service.run()
    } catch {
      throw ListenFailure(error) ?? error
    }
  }
}
