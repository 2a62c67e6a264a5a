internal import Charges
internal import Procedures

/// By which fold and which shipped rule book the rows of a projection are made.
///
/// The books that facilities adopt need no place here: which ones hold is in the log, and their
/// digests say all of them. So the rows are a function of the log, the fold, and the book that holds
/// where none was adopted.
///
/// Rows of another edition are not mended: they are rebuilt beside and swapped.
struct ProjectorEdition: Hashable, Sendable {
  /// The projector's name in its checkpoints.
  static let projector = "current-lines"
  /// Raised whenever the same log is to make other rows; 3 is the first that keeps a ledger.
  static let currentVersion: Int32 = 3

  /// The version of the fold.
  var version: Int32
  /// The rule book's edition.
  var ruleBook: String
  /// The digest of the rule book's tables.
  var ruleBookDigest: String

  init(version: Int32, ruleBook: String, ruleBookDigest: String) {
    self.version = version
    self.ruleBook = ruleBook
    self.ruleBookDigest = ruleBookDigest
  }

  /// This program's edition under a rule book.
  init(_ ruleBook: RuleBook) {
    self.init(
      version: Self.currentVersion, ruleBook: ruleBook.edition.text,
      ruleBookDigest: ruleBook.digest)
  }

  /// Whether this edition may take the place of another by itself.
  ///
  /// Never both ways, or two programs of a rolling change would rebuild in turn. What differs by the
  /// digest alone has no order, so that a person decides.
  func succeeds(_ other: ProjectorEdition) -> Bool {
    guard version == other.version else { return version > other.version }
    return Self.numbers(ruleBook).lexicographicallyPrecedes(Self.numbers(other.ruleBook)) == false
      && Self.numbers(ruleBook) != Self.numbers(other.ruleBook)
  }

  /// The numbers of an edition such as `2026.1`.
  private static func numbers(_ edition: String) -> [Int] {
    edition.split(separator: ".").map { Int($0) ?? 0 }
  }
}
