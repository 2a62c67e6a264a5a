public import Charges
public import Postgres
public import Procedures
internal import Store

/// The rule books at hand: the one that the program ships, and those that each facility keeps.
public struct RuleBookLibrary: Sendable {
  private let pool: ConnectionPool
  private let shelf: RuleBookShelf

  /// Reads through connections in the role of the service.
  ///
  /// - Parameters:
  ///   - pool: the connections.
  ///   - shipped: the book that the program ships.
  public init(pool: ConnectionPool, shipped: RuleBook) {
    self.pool = pool
    shelf = RuleBookShelf(shipped: shipped)
  }

  /// The book that the program ships.
  public var shipped: RuleBook { shelf.shipped }

  /// The book of a facility that a person named, or why it is none.
  ///
  /// - Throws: ``ProjectorError``.
  public func book(
    named name: RuleBookName, in facility: FacilityCode
  ) async throws(ProjectorError) -> Result<RuleBook, RuleBookNameError> {
    let shelf = shelf
    return try await ProjectorError.wrapping { () throws(PostgresError) in
      try await pool.transaction(TransactionMode.readOnly.projecting(facility)) {
        session throws(PostgresError) in
        try RuleBooksInSession(shelf, of: facility, session).book(named: name)
      }
    }
  }
}
