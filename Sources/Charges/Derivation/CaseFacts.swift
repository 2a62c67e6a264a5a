internal import Procedures

/// One look at a vessel that a family counts.
struct Sighting {
  let entry: EventID
  let version: Int64
  let occurredAt: Instant
  /// The vessel or segment as it was recorded.
  let site: VesselSite
  /// The vessel to which it belongs.
  let whole: VesselSite
  let isStored: Bool

  static func isEarlier(_ left: Sighting, _ right: Sighting) -> Bool {
    (left.occurredAt, left.version) < (right.occurredAt, right.version)
  }
}

/// An image that no family counts, such as an angiogram.
struct UncountedImage {
  let entry: EventID
  let site: VesselSite
  let modality: ImageAcquired.Modality
}

/// A lesion and the whole vessels in which it lies.
struct Lesion {
  let name: LesionCode
  var vessels: [VesselSite]
  var entries: [EventID]
}

/// An entry that adds or takes units of a code.
struct Statement<Payload> {
  let payload: Payload
  let entry: EventID
  let version: Int64
  let occurredAt: Instant

  static func isEarlier(_ left: Self, _ right: Self) -> Bool {
    (left.occurredAt, left.version) < (right.occurredAt, right.version)
  }
}

/// How a supply moved.
struct SupplyMovement {
  enum Kind { case used, returned, disposed }

  let kind: Kind
  let code: BillingCode
  let quantity: Int
}

/// What the entries of a case that stand say to its charges, read in one pass.
struct CaseFacts {
  /// By family, in the order of the book.
  var sightings: [[Sighting]]
  var uncounted: [UncountedImage] = []
  var lesions: [Lesion] = []
  /// The vessels that each reading names.
  var readings: [[VesselSite]] = []
  var procedures: [Statement<ProcedureCoded>] = []
  var supplies: [Statement<SupplyMovement>] = []
  var modifiers: [Statement<ModifierApplied>] = []
  var releases: [HoldReleased] = []
  var interventions: [Intervention] = []
  var diagnoses: [DiagnosisCode] = []
  var firstAccess: Instant?
  var firstTimeOut: Instant?
  /// The times of the opening and of what happened at the table.
  var earliest: Instant?
  var latest: Instant?

  init(_ state: CaseState, _ tables: RuleTables) {
    sightings = Array(repeating: [], count: tables.families.count)
    for entry in state.entries where !entry.isRetracted {
      note(timeOf: entry)
      take(entry, tables)
    }
    for index in sightings.indices { sightings[index].sort(by: Sighting.isEarlier) }
    procedures.sort(by: Statement.isEarlier)
    supplies.sort(by: Statement.isEarlier)
    modifiers.sort(by: Statement.isEarlier)
  }

  private mutating func note(timeOf entry: CaseState.Entry) {
    switch entry.original.type.category {
    case .clinical: break
    case .lifecycle:
      guard entry.original.type == .caseOpened else { return }
    case .reading, .coding, .note, .amendment, .facility: return
    }
    earliest = earliest.map { min($0, entry.occurredAt) } ?? entry.occurredAt
    latest = latest.map { max($0, entry.occurredAt) } ?? entry.occurredAt
  }

  private mutating func take(_ entry: CaseState.Entry, _ tables: RuleTables) {
    switch entry.body {
    case .imageAcquired(let image): take(image, entry, tables)
    case .lesionIdentified(let lesion): take(lesion, entry)
    case .interpretationDocumented(let reading): readings.append(reading.vessels)
    case .procedureCoded(let coded): procedures.append(Statement(coded, entry))
    case .diagnosisCoded(let codes): diagnoses += codes
    case .modifierApplied(let modifier): modifiers.append(Statement(modifier, entry))
    case .holdReleased(let release): releases.append(release)
    case .interventionPerformed(let intervention): interventions.append(intervention)
    case .consumableUsed(let supply): take(supply, .used, entry)
    case .consumableReturned(let supply): take(supply, .returned, entry)
    case .consumableDisposed(let supply): take(supply, .disposed, entry)
    case .percutaneousEntry:
      firstAccess = firstAccess.map { min($0, entry.occurredAt) } ?? entry.occurredAt
    case .timeOutCompleted:
      firstTimeOut = firstTimeOut.map { min($0, entry.occurredAt) } ?? entry.occurredAt
    case .caseOpened, .caseClosed, .caseSigned, .caseReopened, .caseCancelled, .patientIdentified,
      .roomChanged, .patientStatusChanged, .personnelArrived, .personnelDeparted,
      .percutaneousClosure, .procedureActionStarted, .procedureActionEnded,
      .procedureActionSuspended, .procedureActionResumed, .deviceInserted, .deviceWithdrawn,
      .measurementRecorded, .drugAdministered, .contrastAdministered, .radiationRecorded,
      .adverseEvent, .noteRecorded, .entryCorrected, .entryRetracted, .facilityOpened,
      .ruleBookAdopted, .payerPolicyAssigned, .personRegistered:
      break
    }
  }

  private mutating func take(
    _ image: ImageAcquired, _ entry: CaseState.Entry, _ tables: RuleTables
  ) {
    var isCounted = false
    if let place = tables.places[image.site.vessel] {
      for (index, family) in tables.families.enumerated() where family.counts(image, place) {
        isCounted = true
        sightings[index].append(
          Sighting(
            entry: entry.id, version: entry.version, occurredAt: entry.occurredAt,
            site: image.site,
            whole: place.parent == nil ? image.site : image.site.whole,
            isStored: image.imagesStored))
      }
    }
    if !isCounted {
      uncounted.append(
        UncountedImage(entry: entry.id, site: image.site, modality: image.modality))
    }
  }

  /// A lesion named again lies in the vessels of both entries.
  private mutating func take(_ lesion: LesionIdentified, _ entry: CaseState.Entry) {
    let wholes = lesion.vessels.map(\.whole)
    if let index = lesions.firstIndex(where: { $0.name == lesion.lesion }) {
      lesions[index].vessels += wholes
      lesions[index].entries.append(entry.id)
    } else {
      lesions.append(Lesion(name: lesion.lesion, vessels: wholes, entries: [entry.id]))
    }
  }

  private mutating func take(
    _ supply: Consumable, _ kind: SupplyMovement.Kind, _ entry: CaseState.Entry
  ) {
    guard let code = supply.billingCode else { return }
    supplies.append(
      Statement(SupplyMovement(kind: kind, code: code, quantity: supply.quantity), entry))
  }
}

extension Statement {
  fileprivate init(_ payload: Payload, _ entry: CaseState.Entry) {
    self.init(
      payload: payload, entry: entry.id, version: entry.version, occurredAt: entry.occurredAt)
  }
}
