internal import Procedures

extension CaseUnderRules {
  /// The units of a line with what each of their entries does.
  func explained(_ line: LineItem) -> [ExplainedUnit] {
    let rules = line.because.map {
      ExplainedRule(citation: $0, sentence: tables.texts.sentence($0.rule))
    }
    let groups = tables.familyOfCode[line.code].map { self.groups(of: $0) } ?? []
    return line.counted.map { unit in
      let group = groups.first { $0.name == unit.group }
      let entries = group.map { explained($0) } ?? unit.entries.compactMap { stated($0) }
      return ExplainedUnit(
        unit: unit, status: line.status, holds: line.holds, edits: line.edits, entries: entries,
        rules: rules)
    }
  }

  private func groups(of family: CodeFamily) -> [ImagedGroup] {
    tables.families.firstIndex { $0.family == family }.map { groups(of: $0) } ?? []
  }

  private func stated(_ id: EventID) -> ExplainedEntry? {
    state.entry(id).map {
      ExplainedEntry(
        entry: id, version: $0.version, occurredAt: $0.occurredAt, site: nil, part: .states)
    }
  }

  private func explained(_ group: ImagedGroup) -> [ExplainedEntry] {
    var before: [Sighting] = []
    return group.sightings.map { sighting in
      defer { before.append(sighting) }
      return ExplainedEntry(
        entry: sighting.entry, version: sighting.version, occurredAt: sighting.occurredAt,
        site: sighting.site, part: part(of: sighting, after: before, in: group))
    }
  }

  private func part(
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
      return .policy(group: name)
    }
    return .lesion(group.lesions)
  }

  private func policyGroup(_ site: VesselSite) -> String {
    VesselGrouping.groupName(site, policy)
  }

  /// The images of the case that earned no unit of a code, in the order of recording.
  func unearned(by code: BillingCode, in derivation: Derivation) -> [UnearnedImage] {
    guard let family = tables.familyOfCode[code] else { return [] }
    let earned = Set(derivation.lines.filter { $0.code == code }.flatMap(\.entries))
    var yielding: [EventID: Citation] = [:]
    for group in groups(of: family) {
      guard let citation = group.yieldsBy else { continue }
      for sighting in group.sightings { yielding[sighting.entry] = citation }
    }
    return state.entries.compactMap { entry in
      guard case .imageAcquired(let image) = entry.body, !earned.contains(entry.id) else {
        return nil
      }
      let reason: UnearnedImage.Reason
      if entry.isRetracted {
        reason = .retracted
      } else if let citation = yielding[entry.id] {
        reason = .yields(citation)
      } else {
        let others = Set(
          derivation.lines.filter { $0.counted.contains { $0.entries.contains(entry.id) } }
            .map(\.code))
        reason =
          others.isEmpty
          ? .modality(image.modality, tables.rules.modalityDoesNotCount)
          : .countsUnder(others.sorted())
      }
      return UnearnedImage(entry: entry.id, site: image.site, reason: reason)
    }
  }
}
