internal import Procedures

extension CaseUnderRules {
  /// The edits that keep all lines of a code off the claims.
  ///
  /// A code that is itself kept off excludes no other. Which one goes first is decided for codes
  /// whose rivals are all decided; pairs that run in a circle would all exclude.
  func exclusions(_ drafts: [LineDraft]) -> [BillingCode: [Finding]] {
    var exclusions: [BillingCode: [Finding]] = [:]
    for code in Set(drafts.map(\.code)) where tables.cms.isActive(code, on: date) == false {
      exclusions[code] = [
        Finding(.codeNotActive, because: "\(code) is not in force on \(date) (CMS).")
      ]
    }
    let codes = Set(drafts.filter { $0.origin != .supply }.map(\.code)).sorted()
    var undecided = codes.filter { exclusions[$0] == nil }
    while !undecided.isEmpty {
      let ready = undecided.filter { code in
        !undecided.contains { $0 != code && excludes($0, code) != nil }
      }
      // A circle: decide them all by each other, so that none is billed by chance of order.
      let batch = ready.isEmpty ? undecided : ready
      let standing = codes.filter { exclusions[$0] == nil }
      for code in batch {
        let findings = standing.compactMap { $0 == code ? nil : excludes($0, code) }
        if !findings.isEmpty { exclusions[code] = findings.sorted { $0.code < $1.code } }
      }
      undecided.removeAll { batch.contains($0) }
    }
    return exclusions
  }

  /// The edit by which a code of column 1 excludes one of column 2, unless a modifier passes it.
  func excludes(_ column1: BillingCode, _ column2: BillingCode) -> Finding? {
    guard let pair = tables.cms.pair(column1, column2, on: date) else { return nil }
    let edits = tables.edits
    let mayPass = edits.bypassIndicators.contains(pair.indicator)
    let passes = facts.modifiers.map(\.payload).contains {
      ($0.code == column1 || $0.code == column2) && edits.bypassModifiers.contains($0.modifier)
    }
    if mayPass && passes { return nil }
    let hint =
      mayPass
      ? "a modifier applied with a reason can pass it" : "no modifier passes it"
    return edits.mutuallyExclusiveRationales.contains(pair.rationale)
      ? Finding(
        .mutuallyExclusive,
        because: "\(column1) and \(column2) exclude each other; \(hint) (\(edits.pairSource)).")
      : Finding(
        .nationalCorrectCoding,
        because: "\(column2) is part of \(column1); \(hint) (\(edits.pairSource)).")
  }

  /// The edits that flag a line's modifiers and let the line stand.
  func modifierEdits(_ draft: LineDraft) -> [Finding] {
    let rules = tables.edits.modifiers
    var findings: [Finding] = []
    func flag(_ modifier: Modifier, _ why: String, _ vessels: [VesselSite] = []) {
      findings.append(
        Finding(
          .modifierNotApplicable,
          because: "\(modifier) does not apply to \(draft.code): \(why).", vessels: vessels))
    }
    for modifier in draft.modifiers {
      if rules.components.contains(modifier),
        tables.cms.componentIndicator(draft.code, on: date) == 0
      {
        flag(modifier, "it has no components (\(rules.componentsSource))")
      }
      if rules.bilateral.contains(modifier), isAddOn(draft.code) {
        flag(modifier, "it is an add-on (\(rules.bilateralSource))")
      }
      let unpaired = draft.units.filter(\.isUnpaired).flatMap(\.counted.vessels)
      if rules.sides.contains(modifier), !unpaired.isEmpty {
        flag(modifier, "the vessel has no left and right (\(rules.sidesSource))", unpaired.sorted())
      }
    }
    if draft.modifiers.count > rules.limit {
      findings.append(
        Finding(
          .modifierLimit,
          because: "A claim's line carries at most \(rules.limit) modifiers (\(rules.limitSource))."
        ))
    }
    return findings
  }

  private func isAddOn(_ code: BillingCode) -> Bool {
    tables.cms.addOns[code] != nil || tables.familyOfCode[code] != nil
      || tables.edits.furtherAddOns.contains(code)
  }

  /// What the tables did not cover on the date of service.
  func unchecked(
    _ drafts: [LineDraft], _ exclusions: [BillingCode: [Finding]]
  ) -> [UncheckedCode] {
    var unchecked: Set<UncheckedCode> = []
    for draft in drafts {
      let code = draft.code
      func note(_ table: String, when isMissing: Bool) {
        if isMissing { unchecked.insert(UncheckedCode(code: code, table: table)) }
      }
      note("codes", when: tables.cms.isActive(code, on: date) == nil)
      guard exclusions[code] == nil else { continue }
      note("medicallyUnlikelyEdits", when: unitLimit(code) == nil)
      note(
        "addOnPrimaries",
        when: draft.origin != .supply && isAddOn(code)
          && !(tables.cms.addOnList(code, on: date).map(isComplete) ?? false))
      note(
        "feeScheduleIndicators",
        when: tables.cms.componentIndicator(code, on: date) == nil
          && draft.modifiers.contains(where: tables.edits.modifiers.components.contains))
      note(
        "procedureToProcedure",
        when: !tables.cms.pairHoles.isEmpty
          && drafts.contains { other in
            tables.cms.isPairUnchecked(code, other.code, on: date)
              || tables.cms.isPairUnchecked(other.code, code, on: date)
          })
    }
    return unchecked.sorted()
  }
}
