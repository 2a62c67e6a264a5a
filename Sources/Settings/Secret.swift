/// A text that opens something: never in what is printed, logged or dumped.
public struct Secret: Hashable, Sendable {
  /// The text itself, for the one place that needs it.
  public let revealed: String

  /// Keeps the text.
  public init(_ text: String) { revealed = text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Says that there is one.
  public var description: String { "set, not shown" }

  /// The same as `description`.
  public var debugDescription: String { description }

  /// A mirror without the text.
  public var customMirror: Mirror { Mirror(self, children: ["secret": description]) }
}
