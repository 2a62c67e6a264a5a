import CLibPQ

/// Receives the notices of one connection, which libpq would otherwise write to standard error.
final class NoticeSink {
  private let handler: (@Sendable (Notice) -> Void)?

  init(_ handler: (@Sendable (Notice) -> Void)?) {
    self.handler = handler
  }

  /// Sets the receiver; the sink must live as long as the connection.
  func attach(to connection: OpaquePointer) {
    let reference = Unmanaged.passUnretained(self).toOpaque()
    PQsetNoticeReceiver(
      connection,
      { reference, result in
        guard let reference, let result else { return }
        Unmanaged<NoticeSink>.fromOpaque(reference).takeUnretainedValue().receive(result)
      }, reference)
  }

  private func receive(_ result: OpaquePointer) {
    handler?(Notice(ServerReport(result: result)))
  }
}
