internal import Procedures

/// What would change a code, found by deriving each alternative.
struct Alternatives {
  /// How many entries are tried at most: each costs a derivation.
  static let entryLimit = 64

  private(set) var all: [Alternative] = []
  private(set) var indifferentPolicies: [GroupingPolicyName] = []
  private(set) var untriedEntries = 0
  private let code: BillingCode
  private let reading: CaseUnderRules
  private let hypothesis: Hypothesis

  init(
    of code: BillingCode, _ reading: CaseUnderRules, _ hypothesis: Hypothesis,
    _ lines: [ExplainedLine]
  ) {
    self.code = code
    self.reading = reading
    self.hypothesis = hypothesis
    addPolicies()
    addRetractions()
    for line in lines { addRemedies(of: line) }
    addModifiers(lines)
  }

  private var derivation: Derivation { hypothesis.derivation }

  /// The code, and those that are counted with it.
  private var codes: Set<BillingCode> {
    guard let family = reading.tables.familyOfCode[code] else { return [code] }
    return Set(reading.tables.familyOfCode.filter { $0.value == family }.keys)
  }

  /// The changes of an alternative that touches the code; nil for one that does not.
  private func changes(to other: Derivation) -> [DerivationComparison.Line]? {
    let changes = hypothesis.changes(to: other)
    return changes.contains { $0.code == code } ? changes : nil
  }

  private mutating func add(
    _ condition: Alternative.Condition, _ words: String, _ other: Derivation?
  ) {
    guard let other, let changes = changes(to: other) else { return }
    let alternative = Alternative(
      condition: condition, sentence: "\(words): \(derivation.consequence(of: other, for: codes)).",
      changes: changes)
    if !all.contains(alternative) { all.append(alternative) }
  }

  // MARK: - Policies

  private mutating func addPolicies() {
    guard reading.tables.familyOfCode[code] != nil else { return }
    for policy in hypothesis.context.ruleBook.policies where policy != derivation.groupingPolicy {
      guard let other = hypothesis.under(policy) else { continue }
      guard changes(to: other) != nil else {
        indifferentPolicies.append(policy)
        continue
      }
      let groups = groupChanges(under: policy)
      let words = "Under policy \(policy)" + groups.map { ", \($0)" }.joined()
      add(.policy(policy), words, other)
    }
  }

  /// What would be one, apart, or earn nothing under another policy, in words.
  private func groupChanges(under policy: GroupingPolicyName) -> [String] {
    var context = hypothesis.context
    context.policy = policy
    guard let other = try? CaseUnderRules(hypothesis.state, context) else { return [] }
    let family = reading.tables.familyOfCode[code]
    let before = reading.groups(of: family)
    let after = other.groups(of: family)
    func parts(_ group: ImagedGroup, in groups: [ImagedGroup]) -> [[VesselSite]] {
      let vessels = Set(group.vessels)
      return groups.filter { !vessels.isDisjoint(with: $0.vessels) }.map { part in
        part.vessels.filter(vessels.contains)
      }
    }
    func split(_ groups: [ImagedGroup], by others: [ImagedGroup], _ word: String) -> [String] {
      groups.compactMap { group in
        let parts = parts(group, in: others)
        guard parts.count > 1 else { return nil }
        return "\(parts.flatMap(\.self).phrase()) would be \(word)"
      }
    }
    let yielding = after.filter { group in
      group.yieldsBy != nil && before.contains { $0.name == group.name && $0.yieldsBy == nil }
    }
    let earning = before.filter { group in
      group.yieldsBy != nil && after.contains { $0.name == group.name && $0.yieldsBy == nil }
    }
    return split(after, by: before, "one") + split(before, by: after, "apart")
      + yielding.map { "\($0.vessels.phrase()) would earn nothing" }
      + earning.map { "\($0.vessels.phrase()) would earn a unit" }
  }

  // MARK: - Entries

  /// Tries each entry that may bear on the code, and joins those with the same consequence.
  private mutating func addRetractions() {
    let candidates = candidates()
    untriedEntries = max(0, candidates.count - Self.entryLimit)
    var order: [[DerivationComparison.Line]] = []
    var entries: [[DerivationComparison.Line]: [EventID]] = [:]
    var others: [[DerivationComparison.Line]: Derivation] = [:]
    for entry in candidates.prefix(Self.entryLimit) {
      guard let other = hypothesis.retracting(entry), let changes = changes(to: other) else {
        continue
      }
      if entries[changes] == nil { order.append(changes) }
      entries[changes, default: []].append(entry)
      others[changes] = other
    }
    for changes in order {
      let found = entries[changes] ?? []
      let words =
        found.count == 1
        ? "If \(name(found[0])) were retracted"
        : "If any one of these were retracted, \(found.map(name).enumeration(joinedBy: "or"))"
      add(.retraction(found), words, others[changes])
    }
  }

  private func name(_ id: EventID) -> String {
    guard let entry = hypothesis.state.entry(id) else { return "entry \(id)" }
    var subject = entry.subjectPhrase
    if case .entryCorrected(let said) = entry.original.body,
      let target = hypothesis.state.entry(said.entry)
    {
      subject = "the correction of version \(target.version), \(target.subjectPhrase)"
    } else if case .entryRetracted(let said) = entry.original.body,
      let target = hypothesis.state.entry(said.entry)
    {
      subject = "the retraction of version \(target.version), \(target.subjectPhrase)"
    }
    return "version \(entry.version) (\(subject))"
  }

  /// The entries whose retraction may change the code, in the order of recording.
  ///
  /// Another look at a vessel that was seen before cannot, unless it alone is stored or was
  /// corrected.
  private func candidates() -> [EventID] {
    var wanted: Set<EventID> = []
    let facts = reading.facts
    let family = reading.tables.familyOfCode[code]
    for (index, rules) in reading.tables.families.enumerated() where rules.family == family {
      let looks = Dictionary(grouping: facts.sightings[index], by: \.whole)
      for sightings in looks.values {
        if sightings.count == 1 { wanted.formUnion(sightings.map(\.entry)) }
        let stored = sightings.filter(\.isStored)
        if stored.count == 1 { wanted.formUnion(stored.map(\.entry)) }
      }
      wanted.formUnion(facts.lesions.flatMap(\.entries))
    }
    for entry in hypothesis.state.standing {
      switch entry.original.body {
      case .interpretationDocumented, .procedureCoded, .modifierApplied, .holdReleased,
        .entryRetracted:
        wanted.insert(entry.id)
      case .entryCorrected(let said):
        // A correction that was replaced by a later one changes nothing.
        if hypothesis.state.entry(said.entry)?.isRetracted == false { wanted.insert(entry.id) }
      case .consumableUsed, .consumableReturned, .consumableDisposed:
        if family == nil { wanted.insert(entry.id) }
      case .diagnosisCoded, .interventionPerformed:
        if hypothesis.state.opening?.payer != nil { wanted.insert(entry.id) }
      case .caseOpened, .caseClosed, .caseSigned, .caseReopened, .caseCancelled,
        .patientIdentified, .roomChanged, .patientStatusChanged, .personnelArrived,
        .personnelDeparted, .timeOutCompleted, .percutaneousEntry, .percutaneousClosure,
        .procedureActionStarted, .procedureActionEnded, .procedureActionSuspended,
        .procedureActionResumed, .deviceInserted, .deviceWithdrawn, .imageAcquired,
        .measurementRecorded, .lesionIdentified, .drugAdministered, .contrastAdministered,
        .radiationRecorded, .adverseEvent, .noteRecorded, .facilityOpened, .ruleBookAdopted,
        .payerPolicyAssigned, .personRegistered:
        break
      }
    }
    return hypothesis.state.entries.map(\.id).filter(wanted.contains)
  }

  // MARK: - Holds and edits

  private mutating func addRemedies(of line: ExplainedLine) {
    for hold in line.holds {
      for remedy in hold.remedies {
        guard let code = hold.finding.code.hold,
          let doing = remedy.doing(code, on: line.line.code, hypothesis.state.opening)
        else { continue }
        add(.cleared(code), doing.words, hypothesis.adding(doing.entries))
      }
    }
  }

  private mutating func addModifiers(_ lines: [ExplainedLine]) {
    guard lines.contains(where: { $0.line.status == .notBillable }),
      let modifier = reading.bypass(of: code, in: derivation.lines)?.modifiers.first
    else { return }
    let entry: JSON = [
      "code": .string(code.text), "modifier": .string(modifier.text), "reason": "supposed",
    ]
    add(
      .modifier(modifier, code), "If modifier \(modifier) were applied to \(code) with a reason",
      hypothesis.adding([(.modifierApplied, entry)]))
  }
}

extension Remedy {
  /// The entries that do what the remedy says, and the condition in words; nil where nothing can be
  /// recorded that does it.
  func doing(
    _ hold: HoldCode, on code: BillingCode, _ opening: CaseOpened?
  ) -> (words: String, entries: [(EventType, JSON)])? {
    let person = JSON.string(opening?.operatingPhysician.text ?? "supposed")
    switch hold {
    case .caseNotSigned:
      return ("If the case were signed", [(.caseSigned, ["signer": person, "meaning": "author"])])
    case .interpretationMissing:
      guard let site = vessels.first else { return nil }
      return (
        "If a reading named \(vessels.phrase(joinedBy: "or"))",
        [
          (
            .interpretationDocumented,
            ["vessels": [site.json], "report": "supposed", "physician": person]
          )
        ]
      )
    case .imagesNotStored:
      guard let site = vessels.first else { return nil }
      let image = [
        JSON.Member("modality", .string(ImageAcquired.Modality.intravascularUltrasound.rawValue)),
        JSON.Member("phase", "diagnostic"), JSON.Member("imagesStored", true),
      ]
      return (
        "If an image of \(vessels.phrase(joinedBy: "or")) were stored",
        [(.imageAcquired, .object((site.json.members ?? []) + image))]
      )
    case .addOnWithoutPrimary:
      guard let procedure = procedures.first else { break }
      let count = procedures.count == 1 ? "" : " or another listed procedure"
      return (
        "If \(procedure)\(count) were stated",
        [(.procedureCoded, ["code": .string(procedure.text)])]
      )
    case .mueExceeded, .sameDaySession, .payerPreauthorization: break
    case .derivationFailed: return nil
    }
    guard isReleasable else { return nil }
    let release: JSON = [
      "hold": .string(hold.rawValue), "code": .string(code.text), "reason": "supposed",
    ]
    return ("If \(hold.rawValue) were released with a reason", [(.holdReleased, release)])
  }
}

extension CaseState.Entry {
  /// What the entry is about, in a few words without what identifies a patient.
  var subjectPhrase: String {
    switch body {
    case .imageAcquired(let image):
      "\(image.modality.rawValue) of \(image.site.phrase)"
    case .lesionIdentified(let lesion): "lesion \(lesion.lesion)"
    case .interpretationDocumented(let reading):
      reading.vessels.isEmpty ? "the reading of all" : "the reading of \(reading.vessels.phrase())"
    case .procedureCoded(let coded): "\(coded.code) stated"
    case .modifierApplied(let modifier): "modifier \(modifier.modifier) on \(modifier.code)"
    case .holdReleased(let release): "the release of \(release.hold.rawValue)"
    case .interventionPerformed(let deed): "\(deed.action) in \(deed.site.phrase)"
    case .consumableUsed(let supply), .consumableReturned(let supply),
      .consumableDisposed(let supply):
      "\(original.type.rawValue) \(supply.billingCode?.text ?? supply.item.text)"
    case .entryCorrected: "a correction"
    case .entryRetracted: "a retraction"
    case .caseOpened, .caseClosed, .caseSigned, .caseReopened, .caseCancelled, .patientIdentified,
      .roomChanged, .patientStatusChanged, .personnelArrived, .personnelDeparted,
      .timeOutCompleted, .percutaneousEntry, .percutaneousClosure, .procedureActionStarted,
      .procedureActionEnded, .procedureActionSuspended, .procedureActionResumed, .deviceInserted,
      .deviceWithdrawn, .measurementRecorded, .drugAdministered, .contrastAdministered,
      .radiationRecorded, .adverseEvent, .diagnosisCoded, .noteRecorded, .facilityOpened,
      .ruleBookAdopted, .payerPolicyAssigned, .personRegistered:
      original.type.rawValue
    }
  }
}
