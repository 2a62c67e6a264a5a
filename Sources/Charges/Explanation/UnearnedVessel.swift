public import Procedures

/// A vessel of the case that earned no unit of a code.
public struct UnearnedVessel: Hashable, Sendable {
  /// The whole vessel.
  public let vessel: VesselSite
  /// Why it earned none; at least one.
  public let reasons: [Reason]

  /// Why a vessel earned no unit.
  public enum Reason: Hashable, Sendable {
    /// It is part of a unit that another vessel earned under one of these codes.
    case folded(into: VesselSite, [BillingCode], ExplainedEntry.Part)
    /// It counts under other codes.
    case countsUnder([BillingCode])
    /// It yields to others that were imaged.
    case yields(to: [VesselSite], Citation)
    /// What made its images does not count for it.
    case modality([ImageAcquired.Modality], entries: [EventID], Citation)
    /// Its image was retracted.
    case retracted(EventID, by: [EventID])
    /// An entry named it before it was corrected.
    case corrected(EventID, to: VesselSite?, by: EventID)
    /// Something was done there and no image of it is recorded.
    case notImaged([Deed])
  }

  /// What was done in a vessel besides imaging it.
  public struct Deed: Hashable, Sendable {
    /// The type of the entry.
    public let type: EventType
    /// The action, the device or the measure, where the entry names one.
    public let what: String?
    /// The entry.
    public let entry: EventID
  }
}

extension CaseUnderRules {
  /// The vessels of the case that earned no unit of a code, in the order in which they first appear.
  ///
  /// Codes that are not counted from vessels have none.
  func unearned(by code: BillingCode, in derivation: Derivation) -> [UnearnedVessel] {
    guard let family = tables.familyOfCode[code] else { return [] }
    let traces = VesselTraces(state)
    return traces.order.compactMap { vessel in
      let reasons = reasons(vessel, traces, code, family, derivation)
      return reasons.isEmpty ? nil : UnearnedVessel(vessel: vessel, reasons: reasons)
    }
  }

  private func reasons(
    _ vessel: VesselSite, _ traces: VesselTraces, _ code: BillingCode, _ family: CodeFamily,
    _ derivation: Derivation
  ) -> [UnearnedVessel.Reason] {
    for rules in tables.families {
      let groups = groups(of: rules.family)
      guard let group = groups.first(where: { $0.vessels.contains(vessel) }) else { continue }
      let codes = derivation.lines.filter { $0.counted.contains { $0.group == group.name } }
        .map(\.code).filter { tables.familyOfCode[$0] == rules.family }
      if let yields = group.yieldsBy { return [.yields(to: rivals(of: vessel, groups), yields)] }
      guard let first = group.sightings.first?.whole, first != vessel else {
        let others = Set(codes).sorted()
        return others.contains(code) || others.isEmpty ? [] : [.countsUnder(others)]
      }
      return [.folded(into: first, Set(codes).sorted(), folding(of: vessel, in: group))]
    }
    return reasonsWithoutImage(vessel, traces, family)
  }

  /// Why the first look at a vessel belongs to a group that another vessel began.
  private func folding(of vessel: VesselSite, in group: ImagedGroup) -> ExplainedEntry.Part {
    guard let index = group.sightings.firstIndex(where: { $0.whole == vessel }) else {
      return .again
    }
    return part(
      of: group.sightings[index], after: Array(group.sightings[..<index]), in: group)
  }

  /// The imaged vessels for which a vessel earns nothing.
  private func rivals(of vessel: VesselSite, _ groups: [ImagedGroup]) -> [VesselSite] {
    let others = policy.yields[vessel.vessel]?.others ?? []
    return groups.flatMap(\.vessels).filter {
      $0.side == vessel.side && others.contains($0.vessel)
    }.sorted()
  }

  private func reasonsWithoutImage(
    _ vessel: VesselSite, _ traces: VesselTraces, _ family: CodeFamily
  ) -> [UnearnedVessel.Reason] {
    var reasons: [UnearnedVessel.Reason] = []
    let images = facts.uncounted.filter { $0.site.whole == vessel }
    if !images.isEmpty {
      let modalities = Set(images.map(\.modality)).sorted { $0.rawValue < $1.rawValue }
      reasons.append(
        .modality(modalities, entries: images.map(\.entry), tables.rules.modalityDoesNotCount))
    }
    reasons += traces.retracted[vessel] ?? []
    reasons += traces.corrected[vessel] ?? []
    if images.isEmpty, let deeds = traces.deeds[vessel] { reasons.append(.notImaged(deeds)) }
    return reasons
  }
}

/// Where the entries of a case touch vessels, read in one pass in the order of recording.
private struct VesselTraces {
  private(set) var order: [VesselSite] = []
  private(set) var retracted: [VesselSite: [UnearnedVessel.Reason]] = [:]
  private(set) var corrected: [VesselSite: [UnearnedVessel.Reason]] = [:]
  private(set) var deeds: [VesselSite: [UnearnedVessel.Deed]] = [:]
  private var known: Set<VesselSite> = []

  init(_ state: CaseState) {
    var retractions: [EventID: [EventID]] = [:]
    var corrections: [EventID: EventID] = [:]
    for entry in state.standing {
      if case .entryRetracted(let said) = entry.original.body {
        retractions[said.entry, default: []].append(entry.id)
      } else if case .entryCorrected(let said) = entry.original.body {
        corrections[said.entry] = entry.id
      }
    }
    for entry in state.entries { note(entry, retractions, corrections) }
  }

  private mutating func note(
    _ entry: CaseState.Entry, _ retractions: [EventID: [EventID]],
    _ corrections: [EventID: EventID]
  ) {
    guard case .imageAcquired(let image) = entry.body else {
      if !entry.isRetracted { noteDeed(entry) }
      return
    }
    if case .imageAcquired(let before) = entry.original.body,
      before.site.whole != image.site.whole, let correction = corrections[entry.id]
    {
      touch(before.site.whole)
      corrected[before.site.whole, default: []].append(
        .corrected(entry.id, to: image.site, by: correction))
    }
    touch(image.site.whole)
    guard entry.isRetracted else { return }
    retracted[image.site.whole, default: []].append(
      .retracted(entry.id, by: retractions[entry.id] ?? []))
  }

  private mutating func noteDeed(_ entry: CaseState.Entry) {
    var sites: [VesselSite] = []
    var what: String?
    switch entry.body {
    case .interventionPerformed(let deed): (sites, what) = ([deed.site], deed.action.text)
    case .measurementRecorded(let deed): (sites, what) = ([deed.site], deed.measure.rawValue)
    case .percutaneousEntry(let deed): sites = [deed.site]
    case .percutaneousClosure(let deed): (sites, what) = ([deed.site], deed.method.text)
    case .deviceInserted(let deed), .deviceWithdrawn(let deed):
      (sites, what) = (deed.site.map { [$0] } ?? [], deed.device.text)
    case .lesionIdentified(let lesion): (sites, what) = (lesion.vessels, lesion.lesion.text)
    case .interpretationDocumented(let reading): sites = reading.vessels
    case .caseOpened, .caseClosed, .caseSigned, .caseReopened, .caseCancelled, .patientIdentified,
      .roomChanged, .patientStatusChanged, .personnelArrived, .personnelDeparted,
      .timeOutCompleted, .procedureActionStarted, .procedureActionEnded,
      .procedureActionSuspended, .procedureActionResumed, .imageAcquired, .consumableUsed,
      .consumableReturned, .consumableDisposed, .drugAdministered, .contrastAdministered,
      .radiationRecorded, .adverseEvent, .procedureCoded, .diagnosisCoded, .modifierApplied,
      .holdReleased, .noteRecorded, .entryCorrected, .entryRetracted, .facilityOpened,
      .ruleBookAdopted, .payerPolicyAssigned, .personRegistered:
      return
    }
    for site in sites {
      touch(site.whole)
      deeds[site.whole, default: []].append(
        UnearnedVessel.Deed(type: entry.original.type, what: what, entry: entry.id))
    }
  }

  private mutating func touch(_ vessel: VesselSite) {
    if known.insert(vessel).inserted { order.append(vessel) }
  }
}
