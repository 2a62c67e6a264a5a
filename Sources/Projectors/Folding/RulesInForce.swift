internal import Charges
internal import Postgres
internal import Procedures

/// The rules by which a facility's cases are derived at one position of its log, within one
/// transaction.
///
/// Each case has the book that its facility adopted for its date of service; where none was adopted,
/// the shipped one.
struct RulesInForce {
  /// The books at hand.
  let books: RuleBooksInSession
  /// The facility at that position: which books it adopted, which policies it assigned.
  var facility: FacilityState
  /// A policy that a person chose instead of the one in force.
  var chosenPolicy: GroupingPolicyName?
  /// A book that a person chose, whatever the facility adopted.
  var chosenBook: RuleBook?

  /// The book for a case; where it is not at hand the shipped one, and the adoption that asks for
  /// the missing one.
  func book(
    for state: CaseState
  ) throws(PostgresError) -> (book: RuleBook, missing: RuleBookAdopted?) {
    if let chosenBook { return (chosenBook, nil) }
    guard let date = state.opening?.serviceDate, let adopted = facility.ruleBook(on: date) else {
      return (books.shipped, nil)
    }
    guard let book = try books.book(adopted) else { return (books.shipped, adopted) }
    return (book, nil)
  }

  /// What a case means to other sessions; nil when it means nothing.
  func session(of state: CaseState) throws(PostgresError) -> LabSession? {
    LabSession(state, ruleBook: try book(for: state).book)
  }

  /// Derives a case; one that cannot be derived gets the document that says so.
  func derive(
    _ fold: CaseFold, otherSessions: [LabSession]
  ) throws(PostgresError) -> DerivedCase {
    let state = fold.state
    let (book, missing) = try book(for: state)
    let context = DerivationContext(
      ruleBook: book, policy: policy(for: state, by: book), otherSessions: otherSessions)
    if let sentence = fold.fault ?? Self.fault(of: state) {
      let derivation = Derivation.failed(
        caseID: state.id, throughVersion: fold.version,
        serviceDate: state.opening?.serviceDate, ruleBook: book,
        groupingPolicy: context.policy, because: "The case cannot be read: \(sentence).")
      return DerivedCase(fold, derivation, heldBecause: sentence, context)
    }
    do throws(DerivationError) {
      if let missing { throw .ruleBookUnknown(missing.ruleBook, digest: missing.digest) }
      return DerivedCase(
        fold, try Derivation(of: state, in: context), heldBecause: nil, context)
    } catch {
      let derivation = Derivation.failed(state, in: context, because: error)
      return DerivedCase(fold, derivation, heldBecause: error.description, context)
    }
  }

  /// The policy may be one that the book does not have; the case is held then, and says so.
  private func policy(for state: CaseState, by book: RuleBook) -> GroupingPolicyName {
    if let chosenPolicy { return chosenPolicy }
    guard let opening = state.opening else { return RuleBook.defaultPolicy }
    return book.policy(
      for: opening.payer, on: opening.serviceDate, assignments: facility.payerPolicies)
  }

  private static func fault(of state: CaseState) -> String? {
    guard let entry = state.unreadable.first else { return nil }
    return "entry \(entry) amends what it cannot"
  }
}

/// A case with its charges at one position of the log: what a projection's rows hold of it.
struct DerivedCase: Sendable {
  let fold: CaseFold
  let derivation: Derivation
  /// Why it could not be derived.
  let heldBecause: String?
  /// Under what it was derived.
  let context: DerivationContext
  /// What it means to other sessions of its patient.
  let session: LabSession?

  init(
    _ fold: CaseFold, _ derivation: Derivation, heldBecause: String?,
    _ context: DerivationContext
  ) {
    self.fold = fold
    self.derivation = derivation
    self.heldBecause = heldBecause
    self.context = context
    session = LabSession(fold.state, ruleBook: context.ruleBook)
  }
}

/// A patient and a date: within it, sessions bear on each other.
struct PatientDay: Hashable, Sendable {
  let patient: PatientReference
  let date: CalendarDate
}

extension LabSession {
  var day: PatientDay { PatientDay(patient: patient, date: serviceDate) }
}
