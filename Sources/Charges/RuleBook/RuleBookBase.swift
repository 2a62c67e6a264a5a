public import Procedures

/// The book on which a site's book rests.
public struct RuleBookBase: Hashable, Sendable {
  /// Its edition.
  public let edition: RuleBookEdition
  /// Its digest.
  public let digest: String

  var json: JSON { ["ruleBook": .string(edition.text), "digest": .string(digest)] }
}
