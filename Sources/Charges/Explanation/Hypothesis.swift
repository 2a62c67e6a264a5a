internal import Procedures

/// A case as it is, to be derived as it might be: by other rules, or with entries more.
///
/// A case that counts as signed is signed again after what is added, so that what is seen is the
/// effect of the addition and not of the signature that it undoes.
struct Hypothesis {
  let state: CaseState
  let context: DerivationContext
  /// The charges as they are.
  let derivation: Derivation

  /// The charges under another policy of the book.
  func under(_ policy: GroupingPolicyName) -> Derivation? {
    var context = context
    context.policy = policy
    return derive(state, context)
  }

  /// The charges without an entry.
  func retracting(_ entry: EventID) -> Derivation? {
    adding([(.entryRetracted, ["entry": .string(entry.description), "reason": "supposed"])])
  }

  /// The charges with these entries more; nil where one is not of its type or nothing derives.
  func adding(_ entries: [(EventType, JSON)]) -> Derivation? {
    var state = state
    var additions = entries
    if state.countsAsSigned {
      additions.append((.caseSigned, ["signer": "supposed", "meaning": "supposed"]))
    }
    let time = state.entries.map(\.occurredAt).max() ?? .earliest
    for (number, addition) in additions.enumerated() {
      guard let body = try? EventBody(addition.0, data: addition.1) else { return nil }
      // Ids of the log are random or name-based and so never have this form.
      let id = EventID(high: .max, low: UInt64(number))
      state.evolve(
        Event(id: id, caseID: state.id, occurredAt: time, body: body), version: state.version + 1)
    }
    return derive(state, context)
  }

  /// The lines that differ in other charges of the case, in units or money.
  func changes(to other: Derivation) -> [DerivationComparison.Line] {
    DerivationComparison(
      derivation, other, setting: state.opening?.setting,
      ruleBooks: (context.ruleBook, context.ruleBook)
    ).changes
  }

  private func derive(_ state: CaseState, _ context: DerivationContext) -> Derivation? {
    try? Derivation(of: state, in: context)
  }
}
