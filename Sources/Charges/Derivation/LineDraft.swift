internal import Procedures

/// A line before edits and holds: all units of a code with the same modifiers.
struct LineDraft {
  /// Where its units come from.
  enum Origin: Hashable {
    /// Counted from the imaged vessels of a family.
    case counted(CodeFamily)
    /// Stated by a physician or coder.
    case stated
    /// Supplies used.
    case supply

    var family: CodeFamily? {
      if case .counted(let family) = self { family } else { nil }
    }
  }

  /// A unit with what it lacks.
  struct Unit {
    let counted: CountedUnit
    var lacksImages = false
    var lacksReading = false
    /// Whether vessels were counted and none of them has a left and a right.
    var isUnpaired = false

    var isHeld: Bool { lacksImages || lacksReading }
  }

  let code: BillingCode
  let origin: Origin
  var modifiers: [Modifier]
  var units: [Unit]
  var because: [Citation]
}

/// A case read under the rules in force on its date of service.
struct CaseUnderRules {
  let state: CaseState
  let opening: CaseOpened
  let tables: RuleTables
  let policy: GroupingPolicy
  let otherSessions: [Session]
  let facts: CaseFacts

  init(_ state: CaseState, _ context: DerivationContext) throws(DerivationError) {
    guard let opening = state.opening else { throw .notOpened }
    if let unreadable = state.unreadable.first { throw .amendmentUnreadable(unreadable) }
    guard let policy = context.ruleBook.tables.policies[context.policy] else {
      throw .policyUnknown(context.policy)
    }
    self.state = state
    self.opening = opening
    self.policy = policy
    tables = context.ruleBook.tables
    otherSessions = context.otherSessions
    facts = CaseFacts(state, tables)
  }

  var date: CalendarDate { opening.serviceDate }

  /// Whether a person lifted a hold from a code's line.
  ///
  /// The two holds of single units are lifted
  /// from a whole family at once.
  func isReleased(_ hold: HoldCode, _ code: BillingCode, family: CodeFamily?) -> Bool {
    facts.releases.contains { $0.hold == hold && releases($0, code, family: family) }
  }

  /// Whether a release lifts its hold from a code's line.
  func releases(_ release: HoldReleased, _ code: BillingCode, family: CodeFamily?) -> Bool {
    guard tables.edits.holds[release.hold]?.isReleasable == true else { return false }
    guard let named = release.code, named != code else { return true }
    switch release.hold {
    case .imagesNotStored, .interpretationMissing:
      return family != nil && tables.familyOfCode[named] == family
    case .caseNotSigned, .addOnWithoutPrimary, .mueExceeded, .sameDaySession,
      .payerPreauthorization, .derivationFailed:
      return false
    }
  }

  /// The modifiers applied to a code, each once, by time, then version.
  func appliedModifiers(_ code: BillingCode) -> [Modifier] {
    var applied: [Modifier] = []
    for event in facts.modifiers.map(\.payload)
    where event.code == code && !applied.contains(event.modifier) {
      applied.append(event.modifier)
    }
    return applied
  }
}
