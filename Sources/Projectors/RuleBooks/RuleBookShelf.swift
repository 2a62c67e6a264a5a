internal import Charges
internal import Postgres
internal import Procedures
internal import Store
internal import Synchronization

/// The rule books that were used lately, read once each: a bounded number of them.
///
/// What a facility keeps never changes and is never removed, so that what stands here stays true.
/// That a book is not at hand is not remembered, since it may come.
final class RuleBookShelf: Sendable {
  /// How many books are kept in memory, beside the shipped one.
  static let bookLimit = 8

  private struct Key: Hashable {
    let facility: FacilityCode
    let digest: String
  }

  /// The book that holds where none was adopted.
  let shipped: RuleBook
  /// The books that the program ships, which are always at hand, that one first.
  let shippedBooks: [RuleBook]
  private let books = Mutex(BoundedCache<Key, RuleBook>(limit: bookLimit))

  /// A shelf with the shipped book alone.
  init(shipped: RuleBook) {
    self.shipped = shipped
    shippedBooks = [shipped] + RuleBook.shipped.filter { $0.digest != shipped.digest }
  }

  /// A facility's book of this digest, from memory or else from the database; nil where it is not
  /// at hand or cannot be read.
  func book(
    of digest: String, in facility: FacilityCode, _ session: DatabaseSession
  ) throws(PostgresError) -> RuleBook? {
    if let shipped = shippedBooks.first(where: { $0.digest == digest }) { return shipped }
    let key = Key(facility: facility, digest: digest)
    if let known = books.withLock({ $0[key] }) { return known }
    // Read outside the lock: two who need a book at one moment read it twice, and neither waits.
    guard let book = try RuleBookStore.contents(of: digest, in: facility, session)?.book else {
      return nil
    }
    books.withLock { $0[key] = book }
    return book
  }
}

/// A facility's rule books within one transaction.
final class RuleBooksInSession {
  let shelf: RuleBookShelf
  let facility: FacilityCode
  private let session: DatabaseSession
  /// Asked for in this transaction and not at hand.
  private var missing: Set<String> = []

  init(_ shelf: RuleBookShelf, of facility: FacilityCode, _ session: DatabaseSession) {
    self.shelf = shelf
    self.facility = facility
    self.session = session
  }

  /// The book that the program ships.
  var shipped: RuleBook { shelf.shipped }

  /// The book that an event adopted; nil where it is not at hand.
  func book(_ adopted: RuleBookAdopted) throws(PostgresError) -> RuleBook? {
    guard !missing.contains(adopted.digest) else { return nil }
    guard let book = try shelf.book(of: adopted.digest, in: facility, session) else {
      missing.insert(adopted.digest)
      return nil
    }
    return book.edition == adopted.ruleBook ? book : nil
  }

  /// The book that a person named.
  func book(named name: RuleBookName) throws(PostgresError) -> Result<RuleBook, RuleBookNameError> {
    let stored = try RuleBookStore.books(of: facility, session)
    var digests: [String]
    switch name {
    case .digest(let digest): digests = [digest]
    case .edition(let edition):
      digests = shelf.shippedBooks.filter { $0.edition == edition }.map(\.digest)
      digests += stored.filter { $0.edition == edition && !digests.contains($0.digest) }
        .map(\.digest)
    }
    guard digests.count < 2 else { return .failure(.ambiguous(name, digests: digests)) }
    if let digest = digests.first,
      let book = try shelf.book(of: digest, in: facility, session)
    {
      return .success(book)
    }
    var known = shelf.shippedBooks.map(\.edition)
    for book in stored where !known.contains(book.edition) { known.append(book.edition) }
    return .failure(.unknown(name, known: known))
  }
}
