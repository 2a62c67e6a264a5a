/// One NOTIFY as it reached a listener.
public struct Notification: Hashable, Sendable {
  /// The channel on which it was sent.
  public let channel: String
  /// What was sent along; often nothing.
  public let payload: String
}
