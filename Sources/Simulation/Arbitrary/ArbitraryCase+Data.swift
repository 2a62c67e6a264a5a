import Procedures

extension ArbitraryCase {
  /// New data for an entry of a type.
  mutating func data(of type: EventType) -> JSON {
    switch type {
    case .caseOpened: opening()
    case .caseClosed: [:]
    case .caseSigned: ["signer": "dr-1", "meaning": "author"]
    case .caseReopened, .caseCancelled: ["reason": "found later"]
    case .patientIdentified:
      ["patient": patient(), "identifiersChecked": ["name", "date of birth"]]
    case .roomChanged: ["room": "Lab 2"]
    case .patientStatusChanged:
      ["status": .string(chance.pick(PatientStatus.allCases).rawValue)]
    case .personnelArrived, .personnelDeparted: ["person": "rn-1", "role": "scrub nurse"]
    case .timeOutCompleted: ["participants": ["dr-1", "rn-1"], "confirmed": ["patient"]]
    case .percutaneousEntry: .object(site() + [JSON.Member("sheathFrench", 6)])
    case .percutaneousClosure: .object(site() + [JSON.Member("method", "suture")])
    case .procedureActionStarted, .procedureActionEnded, .procedureActionSuspended,
      .procedureActionResumed:
      ["action": "balloon-angioplasty"]
    case .deviceInserted, .deviceWithdrawn: .object(site() + [JSON.Member("device", "catheter")])
    case .imageAcquired: image()
    case .measurementRecorded: measurement()
    case .lesionIdentified: lesion()
    case .interventionPerformed: intervention()
    case .consumableUsed, .consumableReturned, .consumableDisposed: supply()
    case .drugAdministered, .contrastAdministered:
      ["agent": "agent", "amount": .integer(chance.number(in: 1...90)), "unit": "mL"]
    case .radiationRecorded: ["fluoroscopySeconds": .integer(chance.number(in: 1...900))]
    case .adverseEvent: ["kind": "perforation"]
    case .interpretationDocumented: ["vessels": reading(), "report": "r-1", "physician": "dr-1"]
    case .procedureCoded: procedure()
    case .diagnosisCoded: ["codes": [.string(chance.pick(Self.diagnoses))]]
    case .modifierApplied: modifier()
    case .holdReleased: release()
    case .noteRecorded: ["kind": .string(chance.pick(Note.Kind.allCases).rawValue), "text": "t"]
    // Amendments are made of the entry that they amend; a facility's events are of no case.
    case .entryCorrected, .entryRetracted, .facilityOpened, .ruleBookAdopted, .payerPolicyAssigned,
      .personRegistered:
      .null
    }
  }

  private mutating func measurement() -> JSON {
    let value = Decimal(significand: Int64(chance.number(in: 1...999)), exponent: -1)
    return .object(
      site() + [
        JSON.Member("measure", "lumen-csa"), JSON.Member("unit", "mm2"),
        JSON.Member("value", .number(value)),
      ])
  }

  mutating func site() -> [JSON.Member] {
    Self.members(chance.pick(sites))
  }

  static func members(_ site: VesselSite) -> [JSON.Member] {
    var members = [JSON.Member("vessel", .string(site.vessel.code))]
    if let side = site.side { members.append(JSON.Member("side", .string(side.rawValue))) }
    return members
  }

  private mutating func image() -> JSON {
    let modality = chance.pick(weighted: [(12, "IVUS"), (4, "OCT"), (3, "XA"), (1, "US")])
    var members =
      [JSON.Member("modality", .string(modality))] + site() + [
        JSON.Member("phase", .string(chance.pick(ImageAcquired.Phase.allCases).rawValue)),
        JSON.Member("imagesStored", .bool(chance.happens(perMille: 780))),
      ]
    let known = lesions()
    if !known.isEmpty, chance.happens(perMille: 150) {
      members.append(JSON.Member("lesion", .string(chance.pick(known))))
    }
    return .object(members)
  }

  private func lesions() -> [String] {
    state.standing.compactMap {
      if case .lesionIdentified(let lesion) = $0.body { lesion.lesion.text } else { nil }
    }
  }

  /// One to four sites, each once.
  private mutating func someSites(_ count: ClosedRange<Int>) -> JSON {
    var some: [VesselSite] = []
    for _ in 0..<chance.number(in: count) {
      let site = chance.pick(sites)
      if !some.contains(site) { some.append(site) }
    }
    return .array(some.map { .object(Self.members($0)) })
  }

  private mutating func lesion() -> JSON {
    ["lesion": .string(chance.pick(["A", "B", "C", "D"])), "vessels": someSites(1...4)]
  }

  private mutating func reading() -> JSON {
    chance.happens(perMille: 250) ? [] : someSites(1...6)
  }

  private mutating func intervention() -> JSON {
    let actions = ["stent-placement", "balloon-angioplasty", "atherectomy"]
    return .object([JSON.Member("action", .string(chance.pick(actions)))] + site())
  }

  private mutating func supply() -> JSON {
    var members: [JSON.Member] = [
      JSON.Member("item", "catheter"), JSON.Member("quantity", .integer(chance.number(in: 1...4))),
    ]
    if chance.happens(perMille: 800) {
      members.append(
        JSON.Member("billingCode", .string(chance.pick(["C1753", "C1753", "C1874", "37191"]))))
    }
    return .object(members)
  }
}
