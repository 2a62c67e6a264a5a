internal import Procedures

extension CaseUnderRules {
  /// A line with its units, its rules, and what speaks against it.
  func explained(_ line: LineItem, _ hypothesis: Hypothesis, price: Price?) -> ExplainedLine {
    let groups = groups(of: tables.familyOfCode[line.code])
    let units = line.counted.map { unit in explained(unit, of: line, groups) }
    // A line cites the rules of all its family; here stand those that made these units.
    let named = Set(units.flatMap(\.rules))
    return ExplainedLine(
      line: line, units: units,
      rules: line.because.filter { named.contains($0.rule) }.map {
        ExplainedRule(citation: $0, sentence: tables.texts.sentence($0.rule))
      },
      holds: line.holds.compactMap { explained($0, of: line) },
      releases: releases(from: line.code, hypothesis),
      edits: explainedEdits(of: line, in: hypothesis.derivation.lines), price: price)
  }

  func groups(of family: CodeFamily?) -> [ImagedGroup] {
    tables.families.firstIndex { $0.family == family }.map { groups(of: $0) } ?? []
  }

  private func explained(
    _ unit: CountedUnit, of line: LineItem, _ groups: [ImagedGroup]
  ) -> ExplainedUnit {
    let group = groups.first { $0.name == unit.group }
    let own = group.map { citations(for: [$0], isMixed: false) } ?? line.because
    let shared = [tables.rules.firstByTime, tables.rules.heldUnitsLast]
    let first = line.because.prefix(1)
    return ExplainedUnit(
      unit: unit, entries: group.map { explained($0) } ?? unit.entries.compactMap(stated),
      rules: line.because.filter {
        first.contains($0) || shared.contains($0) || own.contains($0)
      }.map(\.rule),
      holds: line.holds.filter { finding in
        finding.vessels.isEmpty || unit.vessels.contains(where: finding.vessels.contains)
      }.compactMap(\.code.hold))
  }

  private func stated(_ id: EventID) -> ExplainedEntry? {
    state.entry(id).map {
      ExplainedEntry(
        entry: id, version: $0.version, occurredAt: $0.occurredAt, site: nil, part: .states,
        correction: correction(of: $0))
    }
  }

  private func explained(_ group: ImagedGroup) -> [ExplainedEntry] {
    var before: [Sighting] = []
    return group.sightings.map { sighting in
      defer { before.append(sighting) }
      return ExplainedEntry(
        entry: sighting.entry, version: sighting.version, occurredAt: sighting.occurredAt,
        site: sighting.site, part: part(of: sighting, after: before, in: group),
        correction: state.entry(sighting.entry).flatMap(correction))
    }
  }

  /// What a look does for the unit of its group, after those before it.
  func part(
    of sighting: Sighting, after before: [Sighting], in group: ImagedGroup
  ) -> ExplainedEntry.Part {
    if before.isEmpty { return .earns }
    if before.contains(where: { $0.site == sighting.site }) { return .again }
    if before.contains(where: { $0.whole == sighting.whole }) {
      return .segment(of: sighting.whole)
    }
    let name = policyGroup(sighting.whole)
    if group.policyGroups.contains(name), before.contains(where: { policyGroup($0.whole) == name })
    {
      return .policy(group: name, policy.name)
    }
    let touching = facts.lesions.filter {
      group.lesions.contains($0.name) && $0.vessels.contains(sighting.whole)
    }
    let joining =
      touching.isEmpty ? facts.lesions.filter { group.lesions.contains($0.name) } : touching
    return .lesion(joining.map(\.name), entries: joining.flatMap(\.entries))
  }

  private func policyGroup(_ site: VesselSite) -> String {
    VesselGrouping.groupName(site, policy)
  }

  private func explained(_ finding: Finding, of line: LineItem) -> ExplainedHold? {
    guard let hold = finding.code.hold else { return nil }
    let units = line.counted.filter { $0.vessels.contains(where: finding.vessels.contains) }
    let remedies =
      finding.vessels.isEmpty
      ? [remedy(of: hold, on: line.code, unit: nil)]
      : units.map { remedy(of: hold, on: line.code, unit: $0) }
    return ExplainedHold(finding: finding, remedies: remedies)
  }

  /// The releases that apply to a code's lines, in the order of recording.
  private func releases(from code: BillingCode, _ hypothesis: Hypothesis) -> [ExplainedRelease] {
    let family = tables.familyOfCode[code]
    return state.standing.compactMap { entry in
      guard case .holdReleased(let release) = entry.body,
        releases(release, code, family: family)
      else { return nil }
      let without = hypothesis.retracting(entry.id)?.lines.filter { $0.code == code } ?? []
      return ExplainedRelease(
        hold: release.hold, code: release.code, entry: entry.id, version: entry.version,
        occurredAt: entry.occurredAt, reason: release.reason,
        isNeeded: without.contains { $0.holds.contains { $0.code.hold == release.hold } })
    }
  }

  private func explainedEdits(of line: LineItem, in lines: [LineItem]) -> [ExplainedEdit] {
    let bypass = bypass(of: line.code, in: lines)
    return line.edits.map { edit in
      ExplainedEdit(
        finding: edit, passedBy: edit.code.excludesLine ? bypass?.sentence : nil)
    }
  }
}
