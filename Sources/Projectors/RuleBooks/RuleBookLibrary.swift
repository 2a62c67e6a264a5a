public import Charges
public import Postgres
public import Procedures
public import Store

/// The rule books at hand: those that the program ships, and those that each facility keeps.
public struct RuleBookLibrary: Sendable {
  private let pool: ConnectionPool
  private let store: RuleBookStore
  let shelf: RuleBookShelf

  /// Reads and stores through connections in the role of the service.
  ///
  /// - Parameters:
  ///   - pool: the connections.
  ///   - shipped: the book that holds where none was adopted.
  public init(pool: ConnectionPool, shipped: RuleBook) {
    self.pool = pool
    store = RuleBookStore(pool: pool)
    shelf = RuleBookShelf(shipped: shipped)
  }

  /// Which books can be adopted, for an appender.
  public var adoptable: AdoptableRuleBooks {
    AdoptableRuleBooks(shipped: shelf.shippedBooks.map(RuleBookContents.init), store: store)
  }

  /// Stores a book for a facility, and answers after the commit.
  ///
  /// - Throws: `StoreError.facilityUnknown` where the facility has no log.
  public func store(
    _ book: RuleBook, in facility: FacilityCode, by recorder: PersonCode
  ) async throws(StoreError) -> RuleBookStore.Outcome {
    try await store.store(RuleBookContents(book), in: facility, by: recorder)
  }

  /// The editions of those among these digests that a facility can adopt.
  public func editions(
    of digests: Set<String>, in facility: FacilityCode
  ) async throws(StoreError) -> [String: RuleBookEdition] {
    var editions = try await store.editions(of: digests, in: facility)
    for book in shelf.shippedBooks where digests.contains(book.digest) {
      editions[book.digest] = book.edition
    }
    return editions
  }

  /// The first kept book whose bytes are not what its digest says; nil where there is none.
  public func firstBroken(in facility: FacilityCode) async throws(StoreError) -> String? {
    try await store.firstBroken(in: facility)
  }

  /// The canonical bytes of a book's document, by its digest; nil when it is not at hand.
  public func document(
    of digest: String, in facility: FacilityCode
  ) async throws(StoreError) -> [UInt8]? {
    if let shipped = shelf.shippedBooks.first(where: { $0.digest == digest }) {
      return shipped.document.canonicalBytes
    }
    return try await store.contents(of: digest, in: facility)?.bytes
  }

  /// The book of a facility that a person named, or why it is none.
  ///
  /// - Throws: ``ProjectorError``.
  public func book(
    named name: RuleBookName, in facility: FacilityCode
  ) async throws(ProjectorError) -> Result<RuleBook, RuleBookNameError> {
    let shelf = shelf
    return try await read(facility) { session throws(PostgresError) in
      try RuleBooksInSession(shelf, of: facility, session).book(named: name)
    }
  }

  /// The shipped books, then those that a facility keeps, in the order in which they were stored.
  ///
  /// - Throws: ``ProjectorError``.
  public func list(of facility: FacilityCode) async throws(ProjectorError) -> [ListedRuleBook] {
    let shipped = shelf.shippedBooks
    return try await read(facility) { session throws(PostgresError) in
      let kept = try RuleBookStore.books(of: facility, session)
      var own = FacilityFold()
      let end = try session.logEnd(of: facility)
      try session.forEachLogRow(of: .zero, in: facility, after: 0, through: end) { own.add($0) }
      let adoptions = own.state.ruleBooks
      let others = kept.filter { book in !shipped.contains { $0.digest == book.digest } }
      return shipped.map { book in
        ListedRuleBook(
          edition: book.edition, digest: book.digest, isShipped: true,
          kept: kept.first { $0.digest == book.digest }, adoptions: adoptions)
      }
        + others.map {
          ListedRuleBook(
            edition: $0.edition, digest: $0.digest, isShipped: false, kept: $0,
            adoptions: adoptions)
        }
    }
  }

  private func read<Value: Sendable>(
    _ facility: FacilityCode, _ body: @Sendable (DatabaseSession) throws(PostgresError) -> Value
  ) async throws(ProjectorError) -> Value {
    try await ProjectorError.wrapping { () throws(PostgresError) in
      try await pool.transaction(
        TransactionMode.readOnlyRepeatable.projecting(facility), body)
    }
  }
}

/// A book at hand, as a list of them shows it.
public struct ListedRuleBook: Hashable, Sendable {
  /// Its edition.
  public let edition: RuleBookEdition
  /// `sha256:` and the hexadecimal digest of its document.
  public let digest: String
  /// Whether the program ships it.
  public let isShipped: Bool
  /// When the facility stored it; nil for a shipped book that it never adopted.
  public let recordedAt: Instant?
  /// Who stored it.
  public let recorder: PersonCode?
  /// The dates of service from which it was adopted, in the order of recording.
  public let adoptedFrom: [CalendarDate]

  fileprivate init(
    edition: RuleBookEdition, digest: String, isShipped: Bool, kept: StoredRuleBook?,
    adoptions: [RuleBookAdopted]
  ) {
    self.edition = edition
    self.digest = digest
    self.isShipped = isShipped
    recordedAt = kept?.recordedAt
    recorder = kept?.recorder
    adoptedFrom = adoptions.filter { $0.digest == digest }.map(\.from)
  }

  /// The same for programs; the names are those of the event that adopts a book.
  public var json: JSON {
    [
      "ruleBook": .string(edition.text), "digest": .string(digest), "shipped": .bool(isShipped),
      "recordedAt": recordedAt.map { .string($0.description) } ?? .null,
      "recorder": recorder.map { .string($0.text) } ?? .null,
      "adoptedFrom": .texts(adoptedFrom.map(\.description)),
    ]
  }
}
