internal import Procedures

extension CaseUnderRules {
  /// The groups of a family's imaged vessels, the first imaged first, those that yield among them.
  func groups(of index: Int) -> [ImagedGroup] {
    let family = tables.families[index]
    return VesselGrouping.groups(
      facts.sightings[index], facts.lesions,
      policy: family.territory == .noncoronary ? policy : nil)
  }

  /// The lines of all families: of each pair of codes, the first for one unit and the further for
  /// the others.
  func countedDrafts() -> [LineDraft] {
    var drafts: [LineDraft] = []
    for (index, family) in tables.families.enumerated() {
      let groups = groups(of: index).filter { $0.yieldsBy == nil }
      if groups.isEmpty { continue }
      let units = groups.map { unit($0, family.family) }
      // What can go out takes the first-vessel code; among equals the first imaged comes first.
      let ordered = units.filter { !$0.isHeld } + units.filter(\.isHeld)
      let isMixed = units.contains(where: \.isHeld) && units.contains { !$0.isHeld }
      let because = citations(for: groups, isMixed: isMixed)
      for pair in family.pairs where pair.span.contains(date) {
        drafts.append(
          draft(pair.first, family, ordered.prefix(1), [pair.firstRule] + because))
        if ordered.count > 1 {
          drafts.append(
            draft(pair.further, family, ordered.dropFirst(), [pair.furtherRule] + because))
        }
      }
    }
    return drafts
  }

  private func draft(
    _ code: BillingCode, _ family: FamilyRules, _ units: ArraySlice<LineDraft.Unit>,
    _ because: [Citation]
  ) -> LineDraft {
    LineDraft(
      code: code, origin: .counted(family.family), modifiers: appliedModifiers(code),
      units: Array(units), because: because)
  }

  private func unit(_ group: ImagedGroup, _ family: CodeFamily) -> LineDraft.Unit {
    let isUnpaired = group.vessels.allSatisfy { $0.side == nil }
    let counted = group.countedUnit
    var unit = LineDraft.Unit(counted: counted, isUnpaired: isUnpaired)
    let code = tables.families.first { $0.family == family }?.codes(on: date).first
    unit.lacksImages =
      !group.sightings.contains(where: \.isStored)
      && !isReleased(.imagesNotStored, family, code)
    unit.lacksReading =
      !isRead(group) && !isReleased(.interpretationMissing, family, code)
    return unit
  }

  private func isReleased(_ hold: HoldCode, _ family: CodeFamily, _ code: BillingCode?) -> Bool {
    code.map { isReleased(hold, $0, family: family) } ?? false
  }

  /// Whether a reading speaks of a vessel of the group.
  ///
  /// Of one with stored images where there is one. A reading that names no vessel speaks of all.
  func isRead(_ group: ImagedGroup) -> Bool {
    if facts.readings.contains(where: \.isEmpty) { return true }
    let stored = group.sightings.filter(\.isStored)
    let looks = stored.isEmpty ? group.sightings : stored
    return facts.readings.contains { named in
      named.contains { site in looks.contains { isSame(site, $0.site) } }
    }
  }

  /// Whether one is the other, its parent, or a segment of it.
  private func isSame(_ named: VesselSite, _ imaged: VesselSite) -> Bool {
    guard named.side == imaged.side else { return false }
    return named.vessel == imaged.vessel || isWithin(named.vessel, imaged.vessel)
      || isWithin(imaged.vessel, named.vessel)
  }

  private func isWithin(_ segment: Vessel, _ vessel: Vessel) -> Bool {
    // The catalogue's parents do not run in a circle.
    var next = tables.places[segment]?.parent
    while let parent = next {
      if parent == vessel { return true }
      next = tables.places[parent]?.parent
    }
    return false
  }

  /// The rules beside the first and the further that made the units what they are.
  func citations(for groups: [ImagedGroup], isMixed: Bool) -> [Citation] {
    let rules = tables.rules
    var citations: [Citation] = []
    func cite(_ citation: Citation, when applies: Bool) {
      if applies, !citations.contains(citation) { citations.append(citation) }
    }
    cite(rules.vesselCountsOnce, when: groups.contains { $0.sightings.count > 1 })
    cite(
      rules.segmentBelongsToVessel,
      when: groups.contains { $0.sightings.contains { $0.site != $0.whole } })
    cite(rules.lesionAcrossVessels, when: groups.contains { !$0.lesions.isEmpty })
    cite(rules.lesionsInAChain, when: groups.contains { $0.lesions.count > 1 })
    for group in groups.flatMap(\.policyGroups) {
      let isAssumed = policy.assumedGroups.contains { group == $0 || group.hasPrefix($0 + "/") }
      cite(
        Citation(
          rule: policy.citation.rule, source: policy.citation.source, isAssumed: isAssumed),
        when: true)
    }
    cite(rules.firstByTime, when: groups.count > 1)
    cite(rules.heldUnitsLast, when: isMixed)
    return citations
  }
}
