internal import Charges
internal import Procedures

/// The rules by which a facility's cases are derived at one position of its log.
struct RulesInForce: Sendable {
  /// The book at hand.
  var ruleBook: RuleBook
  /// The facility at that position: which book it adopted, which policies it assigned.
  var facility: FacilityState
  /// A policy that a person chose instead of the one in force.
  var chosenPolicy: GroupingPolicyName?
  /// Whether the book at hand was chosen by a person, whatever the facility adopted.
  var isBookChosen = false

  /// Derives a case; one that cannot be derived gets the document that says so.
  func derive(_ fold: CaseFold, otherSessions: [LabSession]) -> DerivedCase {
    let state = fold.state
    let context = DerivationContext(
      ruleBook: ruleBook, policy: policy(for: state), otherSessions: otherSessions)
    if let sentence = fold.fault ?? Self.fault(of: state) {
      let derivation = Derivation.failed(
        caseID: state.id, throughVersion: fold.version,
        serviceDate: state.opening?.serviceDate, ruleBook: ruleBook,
        groupingPolicy: context.policy, because: "The case cannot be read: \(sentence).")
      return DerivedCase(fold, derivation, heldBecause: sentence, context)
    }
    do throws(DerivationError) {
      try checkAdoption(state)
      return DerivedCase(
        fold, try Derivation(of: state, in: context), heldBecause: nil, context)
    } catch {
      let derivation = Derivation.failed(state, in: context, because: error)
      return DerivedCase(fold, derivation, heldBecause: error.description, context)
    }
  }

  private func policy(for state: CaseState) -> GroupingPolicyName {
    if let chosenPolicy { return chosenPolicy }
    guard let opening = state.opening else { return RuleBook.defaultPolicy }
    return ruleBook.policy(
      for: opening.payer, on: opening.serviceDate, assignments: facility.payerPolicies)
  }

  private static func fault(of state: CaseState) -> String? {
    guard let entry = state.unreadable.first else { return nil }
    return "entry \(entry) amends what it cannot"
  }

  private func checkAdoption(_ state: CaseState) throws(DerivationError) {
    guard !isBookChosen, let date = state.opening?.serviceDate,
      let adopted = facility.ruleBook(on: date)
    else { return }
    guard adopted.ruleBook == ruleBook.edition, adopted.digest == ruleBook.digest else {
      throw .ruleBookUnknown(adopted.ruleBook, digest: adopted.digest)
    }
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
