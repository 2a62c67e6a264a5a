public import Charges
public import Postgres
public import Procedures
public import Store

/// Answers what a case was, and what it would have been charged, at any moment of its log.
///
/// Everything is folded anew from the log; the projection is only asked which other cases the
/// patient had that day.
public struct Replay: Sendable {
  /// How many events may be unprojected before the other cases of a day can no longer be found.
  static let unprojectedLimit: Int64 = 10_000

  let pool: ConnectionPool
  let books: RuleBookShelf

  /// Replays through connections in the role of the service.
  ///
  /// - Parameters:
  ///   - pool: the connections.
  ///   - ruleBook: the book that the program ships; others are those that facilities keep.
  public init(pool: ConnectionPool, ruleBook: RuleBook) {
    self.pool = pool
    books = RuleBookShelf(shipped: ruleBook)
  }

  /// A case at a moment, under the rules that were in force there or under others.
  ///
  /// A version means the position of that event: what other cases and the facility said later does
  /// not count. Beyond the case's last version, and for `Moment.now`, it is the end of the log.
  /// - Throws: ``ReplayError``.
  public func replay(
    _ caseID: CaseID, in facility: FacilityCode, at moment: Moment = .now,
    under choice: RuleChoice = RuleChoice()
  ) async throws(ReplayError) -> ReplayedCase {
    let books = books
    let outcome: Result<ReplayedCase, ReplayError>
    do throws(PostgresError) {
      outcome = try await pool.transaction(
        TransactionMode.readOnlyRepeatable.projecting(facility)
      ) { session throws(PostgresError) in
        try RuleBooksInSession(books, of: facility, session)
          .replay(caseID, at: moment, under: choice, session)
      }
    } catch {
      throw .database(error)
    }
    return try outcome.get()
  }
}

extension RuleBooksInSession {
  fileprivate func replay(
    _ caseID: CaseID, at moment: Moment, under choice: RuleChoice, _ session: DatabaseSession
  ) throws(PostgresError) -> Result<ReplayedCase, ReplayError> {
    var rules = RulesInForce(
      books: self, facility: FacilityState(), chosenPolicy: choice.policy)
    if let name = choice.ruleBook {
      switch try book(named: name) {
      case .success(let book): rules.chosenBook = book
      case .failure(let error): return .failure(.ruleBook(error))
      }
    }
    switch try Timeline.read(caseID, in: facility, at: moment, session) {
    case .failure(let error): return .failure(error)
    case .success(let timeline):
      let replayed = try timeline.walk(rules)
      // Which book holds is only known at the end of the walk.
      let book = replayed.context.ruleBook
      if let policy = choice.policy, !book.policies.contains(policy) {
        return .failure(.policyUnknown(policy, known: book.policies))
      }
      return .success(replayed)
    }
  }
}

/// Rules that a person chose instead of those in force.
public struct RuleChoice: Hashable, Sendable {
  /// The rule book; nil for the one that the facility adopted.
  public var ruleBook: RuleBookName?
  /// The policy of grouping; nil for the one that the case's payer has.
  public var policy: GroupingPolicyName?

  /// A choice of these parts.
  public init(ruleBook: RuleBookName? = nil, policy: GroupingPolicyName? = nil) {
    self.ruleBook = ruleBook
    self.policy = policy
  }
}

/// Why a case cannot be replayed.
public enum ReplayError: Error {
  /// The case had no event at that moment.
  case caseUnknown
  /// The name that was given is no rule book's.
  case ruleBook(RuleBookNameError)
  /// The rule book has no such policy.
  case policyUnknown(GroupingPolicyName, known: [GroupingPolicyName])
  /// So much is not projected yet that other cases of the day cannot be found; try again later.
  case projectionBehind(by: Int64)
  /// The database answered with an error or not at all.
  case database(PostgresError)
}

/// A case as it was at a moment.
public struct ReplayedCase: Sendable {
  /// The position of the log up to which it was read.
  public var position: Int64
  /// The case, its identifying fields sealed.
  public var state: CaseState
  /// The rules and the other sessions under which it is derived.
  public var context: DerivationContext
  /// Its charges; where it cannot be derived, the document that says so.
  public var derivation: Derivation
  /// Why it cannot be derived, where it cannot.
  public var heldBecause: String?
  /// Each of its events, and each event elsewhere in the facility that changed its lines, in order.
  public var steps: [ReplayStep]
}

/// What one event changed.
public struct ReplayStep: Hashable, Sendable {
  /// Whose event it was.
  public enum Origin: Hashable, Sendable {
    /// The case's own, of this version.
    case own(version: Int64)
    /// Another case of the patient's day.
    case otherCase(CaseID)
    /// The facility: it changed its rules.
    case facility
  }

  /// Whose event it was.
  public var origin: Origin
  /// The event.
  public var eventID: EventID
  /// The event's type, by its name.
  public var type: String
  /// Its place in the facility's log.
  public var position: Int64
  /// When it happened.
  public var occurredAt: Instant
  /// When it was recorded.
  public var recordedAt: Instant
  /// Where the case stood before.
  public var phaseBefore: CaseState.Phase
  /// Where it stood after.
  public var phaseAfter: CaseState.Phase
  /// Lines that it took away, as they were.
  public var removed: [LineItem]
  /// Lines that it brought, as they are.
  public var added: [LineItem]
}
