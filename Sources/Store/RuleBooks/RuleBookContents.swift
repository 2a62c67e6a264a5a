public import Procedures

/// A rule book as it is kept: bytes, and the names by which events speak of them.
///
/// The log knows nothing of rules; who does makes these of a book, and a book of these.
public struct RuleBookContents: Hashable, Sendable {
  /// The book's edition.
  public let edition: RuleBookEdition
  /// `sha256:` and the hexadecimal digest of the bytes.
  public let digest: String
  /// The canonical bytes of its document.
  public let bytes: [UInt8]

  /// The contents of these parts.
  public init(edition: RuleBookEdition, digest: String, bytes: [UInt8]) {
    self.edition = edition
    self.digest = digest
    self.bytes = bytes
  }
}

/// A rule book that a facility keeps, without its bytes.
public struct StoredRuleBook: Hashable, Sendable {
  /// The book's edition.
  public let edition: RuleBookEdition
  /// `sha256:` and the hexadecimal digest of its bytes.
  public let digest: String
  /// When it was stored.
  public let recordedAt: Instant
  /// Who stored it.
  public let recorder: PersonCode
}
