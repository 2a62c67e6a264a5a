internal import Procedures

/// The rule books that facilities can adopt: those that the program ships, and those that each keeps.
public struct AdoptableRuleBooks: Sendable {
  private let shipped: [String: RuleBookContents]
  private let store: RuleBookStore?

  /// Those that are shipped and, where there is a store, those in it.
  public init(shipped: [RuleBookContents], store: RuleBookStore?) {
    self.shipped = Dictionary(shipped.map { ($0.digest, $0) }) { first, _ in first }
    self.store = store
  }

  /// The editions of those among these digests that a facility can adopt.
  ///
  /// A shipped book that is about to be adopted is stored on the way: a later program ships another,
  /// and what was adopted must stay at hand.
  func editions(
    of digests: Set<String>, in facility: FacilityCode, by recorder: PersonCode
  ) async throws(StoreError) -> [String: RuleBookEdition] {
    var editions = try await store?.editions(of: digests, in: facility) ?? [:]
    for digest in digests where editions[digest] == nil {
      guard let book = shipped[digest] else { continue }
      _ = try await store?.store(book, in: facility, by: recorder)
      editions[digest] = book.edition
    }
    return editions
  }
}
