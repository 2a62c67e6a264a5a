public import Procedures

/// How a person names a rule book.
public enum RuleBookName: Hashable, Sendable, CustomStringConvertible {
  /// By its edition, such as `2026.1`.
  case edition(RuleBookEdition)
  /// By its digest: `sha256:` and 64 hexadecimal digits.
  case digest(String)

  /// The name that a text is; nil where it can be none.
  public init?(_ text: String) {
    if RuleBookAdopted.isDigest(text) {
      self = .digest(text)
    } else if let edition = RuleBookEdition(text) {
      self = .edition(edition)
    } else {
      return nil
    }
  }

  /// The name as it was given.
  public var description: String {
    switch self {
    case .edition(let edition): edition.text
    case .digest(let digest): digest
    }
  }
}

/// Why a name is no book's.
public enum RuleBookNameError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No book of this name is shipped or kept by the facility; the editions that are.
  case unknown(RuleBookName, known: [RuleBookEdition])
  /// Several books have this edition; their digests.
  case ambiguous(RuleBookName, digests: [String])

  /// What is wrong, and which names there are.
  public var description: String {
    switch self {
    case .unknown(_, let known):
      "There is no such rule book; there is \(known.map(\.text).joined(separator: ", "))."
    case .ambiguous(_, let digests):
      "Several rule books have this edition; name one by its digest: "
        + digests.joined(separator: ", ") + "."
    }
  }
}
