internal import Procedures

extension CaseUnderRules {
  func unitLimit(_ code: BillingCode) -> UnitLimit? {
    tables.edits.unitLimitTables[opening.setting].flatMap {
      tables.cms.unitLimit(code, $0, on: date)
    }
  }

  /// The holds on all lines of a code, in the order of the contract.
  ///
  /// - Parameters:
  ///   - draft: one of the code's lines.
  ///   - total: the units of the code over all its lines.
  ///   - primaries: the procedures of the case that no edit excludes.
  /// - Returns: those that no person lifted.
  func lineHolds(
    _ draft: LineDraft, total: Int, primaries: Set<BillingCode>
  ) -> [Finding] {
    let candidates = [
      notSigned(), withoutPrimary(draft, primaries), overLimit(draft, total),
      sameDaySession(draft), preauthorization(draft),
    ]
    return candidates.compactMap { $0 }.filter { finding in
      // Whether an excess of units may be released depends on the table, so it was asked there.
      guard let hold = finding.code.hold, hold != .mueExceeded else { return true }
      return !isReleased(hold, draft.code, family: draft.origin.family)
    }
  }

  private func notSigned() -> Finding? {
    if state.countsAsSigned { return nil }
    let isChanged = state.phase == .signed
    return Finding(
      .caseNotSigned,
      because: isChanged
        ? "The case was changed after its signature; sign it again."
        : "The case is not signed.")
  }

  private func withoutPrimary(_ draft: LineDraft, _ primaries: Set<BillingCode>) -> Finding? {
    guard let list = tables.cms.addOnList(draft.code, on: date),
      isComplete(list)
    else { return nil }
    guard !primaries.contains(where: { $0 != draft.code && list.primaries.contains($0) }) else {
      return nil
    }
    let source = tables.edits.addOnSource + (list.isAssumed ? ", list assumed" : "")
    return Finding(
      .addOnWithoutPrimary,
      because: "No procedure of the case can carry the add-on \(draft.code) (\(source)).")
  }

  /// Whether the list of an add-on's primaries is complete, so that a case without one is held.
  func isComplete(_ list: AddOnList) -> Bool {
    tables.edits.listedAddOnTypes.contains(list.type)
  }

  private func overLimit(_ draft: LineDraft, _ total: Int) -> Finding? {
    guard let limit = unitLimit(draft.code), total > limit.units else { return nil }
    let isReleasable = tables.edits.releasableIndicators.contains(limit.indicator)
    if isReleasable, isReleased(.mueExceeded, draft.code, family: draft.origin.family) {
      return nil
    }
    let hint = isReleasable ? "release it with a reason" : "it cannot be released"
    return Finding(
      .mueExceeded,
      because: "\(total) units of \(draft.code) are more than \(limit.units) a day; \(hint) "
        + "(\(tables.edits.unitLimitSource), indicator \(limit.indicator)).")
  }

  private func sameDaySession(_ draft: LineDraft) -> Finding? {
    guard let family = draft.origin.family, let patient = state.patient else { return nil }
    let others = otherSessions.filter {
      $0.caseID != state.id && $0.patient == patient && $0.serviceDate == date
        && $0.families.contains(family)
    }
    guard !others.isEmpty else { return nil }
    let cases = Set(others.map(\.caseID)).sorted().map(\.description).joined(separator: ", ")
    return Finding(
      .sameDaySession,
      because: "The patient has another session with \(family) on this date: \(cases) "
        + "(\(tables.edits.holds[.sameDaySession]?.source ?? "")).")
  }

  private func preauthorization(_ draft: LineDraft) -> Finding? {
    guard draft.origin != .supply, let payer = opening.payer,
      let rules = tables.payer(payer, on: date)
    else { return nil }
    for rule in rules.preauthorizations(on: date)
    where rule.heldCodes.contains(draft.code) && isAsked(rule) {
      return Finding(
        .payerPreauthorization,
        because: "The payer wants \(rule.action) here authorized before (\(rule.source)).")
    }
    return nil
  }

  /// Whether the case holds what the payer asks about: the action in one of the vessels, or, where
  /// no entry shows the action, a code that states it and an image of such a vessel.
  private func isAsked(_ rule: PayerRules.Preauthorization) -> Bool {
    let diagnoses = Set(facts.diagnoses.map(PayerRules.withoutPoint))
    guard diagnoses.isEmpty || !diagnoses.isDisjoint(with: rule.diagnoses) else { return false }
    let actions = facts.interventions.filter { $0.action == rule.action }
    guard actions.isEmpty else {
      return actions.contains { rule.vessels.contains($0.site.vessel.whole) }
    }
    return facts.procedures.contains { rule.statedCodes.contains($0.payload.code) }
      && facts.sightings.joined().contains { rule.vessels.contains($0.whole.vessel) }
  }

  /// The holds of single units, with the vessels that they concern.
  func unitHolds(_ units: [LineDraft.Unit]) -> [Finding] {
    var findings: [Finding] = []
    func vessels(_ lacks: (LineDraft.Unit) -> Bool) -> [VesselSite] {
      Set(units.filter(lacks).flatMap(\.counted.vessels)).sorted()
    }
    let unread = vessels(\.lacksReading)
    if !unread.isEmpty {
      findings.append(
        Finding(
          .interpretationMissing,
          because: "No interpretation speaks of these vessels "
            + "(\(tables.edits.holds[.interpretationMissing]?.source ?? "")).", vessels: unread))
    }
    let unstored = vessels(\.lacksImages)
    if !unstored.isEmpty {
      findings.append(
        Finding(
          .imagesNotStored,
          because: "No images of these vessels were stored "
            + "(\(tables.edits.holds[.imagesNotStored]?.source ?? "")).", vessels: unstored))
    }
    return findings
  }
}
