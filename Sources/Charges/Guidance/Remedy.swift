public import Procedures

/// What clears a hold, and who can do it.
public struct Remedy: Hashable, Sendable {
  /// In words.
  public let sentence: String
  /// Who can do it, the likeliest first; empty where only the service's own can.
  public let roles: [StaffRole]
  /// Whether a release with a reason clears it as well.
  public let isReleasable: Bool
  /// The vessels any one of which is to be read or imaged again.
  public let vessels: [VesselSite]
  /// The procedures any one of which is to be stated.
  public let procedures: [BillingCode]

  init(
    _ sentence: String, by roles: [StaffRole], isReleasable: Bool, vessels: [VesselSite] = [],
    procedures: [BillingCode] = []
  ) {
    self.sentence = sentence
    self.roles = roles
    self.isReleasable = isReleasable
    self.vessels = vessels
    self.procedures = procedures
  }

  /// `{"sentence":…,"roles":[…],"releasable":…}`.
  public var json: JSON {
    [
      "sentence": .string(sentence), "roles": .texts(roles.map(\.rawValue)),
      "releasable": .bool(isReleasable),
    ]
  }
}

extension CaseUnderRules {
  /// What clears a hold of some units of a code.
  ///
  /// - Parameters:
  ///   - hold: the hold.
  ///   - code: the code of the line on which it stands.
  ///   - unit: the unit that it concerns, where it concerns single units.
  /// - Returns: how, and by whom.
  func remedy(of hold: HoldCode, on code: BillingCode, unit: CountedUnit?) -> Remedy {
    let canRelease = tables.edits.holds[hold]?.isReleasable == true
    let release = canRelease ? ", or the hold is released with a reason" : ""
    switch hold {
    case .caseNotSigned:
      return Remedy("A physician signs the case.", by: [.physician], isReleasable: false)
    case .addOnWithoutPrimary: return primaryRemedy(code, release: release, canRelease)
    case .interpretationMissing:
      let sites = unit.map(sitesToRead) ?? []
      let naming =
        sites.isEmpty
        ? "of the images" : "that names \(sites.phrase(joinedBy: "or")), or all that was imaged"
      return Remedy(
        "A physician records a reading \(naming)\(release).", by: [.physician],
        isReleasable: canRelease, vessels: sites)
    case .imagesNotStored:
      let sites = unit?.vessels ?? []
      return Remedy(
        "An image of \(sites.phrase(joinedBy: "or")) that is stored is recorded (where it was "
          + "stored all along, its entry is corrected)\(release).", by: [.recorder, .physician],
        isReleasable: canRelease,
        vessels: sites)
    case .mueExceeded: return limitRemedy(code)
    case .sameDaySession:
      return Remedy(
        "Someone has looked at both sessions and releases the hold with a reason.",
        by: [.coder, .physician], isReleasable: canRelease)
    case .payerPreauthorization:
      return Remedy(
        "The hold is released, with the payer's authorization as the reason.",
        by: [.coder, .physician], isReleasable: canRelease)
    case .derivationFailed:
      return Remedy(
        "The cause is mended; whoever runs the service is told.", by: [], isReleasable: false)
    }
  }

  private func primaryRemedy(
    _ code: BillingCode, release: String, _ canRelease: Bool
  ) -> Remedy {
    let procedures = primaries(for: code)
    guard !procedures.isEmpty else {
      return Remedy(
        "No procedure that \(code) can go with can be stated here; the hold is released with a "
          + "reason.", by: [.coder, .physician], isReleasable: canRelease)
    }
    let count = procedures.count == 1 ? "\(procedures[0])" : "one of \(procedures.count) listed"
    return Remedy(
      "A procedure that \(code) can go with is stated (\(count))\(release).",
      by: [.coder, .physician], isReleasable: canRelease, procedures: procedures)
  }

  private func limitRemedy(_ code: BillingCode) -> Remedy {
    let limit = unitLimit(code)
    let canRelease = limit.map { tables.edits.releasableIndicators.contains($0.indicator) } ?? true
    guard canRelease else {
      return Remedy(
        "It cannot be released; where an entry is wrong, it is retracted or corrected, until no "
          + "more than \(limit?.units ?? 0) units are left.", by: [.coder, .physician],
        isReleasable: false)
    }
    return Remedy(
      "Someone has seen that the units are right and releases the hold with a reason.",
      by: [.coder, .physician], isReleasable: true)
  }

  /// The sites of a unit one of which a reading must name: those with stored images, where any has.
  func sitesToRead(_ unit: CountedUnit) -> [VesselSite] {
    let entries = Set(unit.entries)
    let looks = facts.sightings.joined().filter { entries.contains($0.entry) }
    let stored = looks.filter(\.isStored)
    return Set((stored.isEmpty ? looks : stored).map(\.site)).sorted()
  }

  /// The procedures that would carry an add-on if they were stated now: listed, in force, not
  /// counted from images, and at odds with nothing in the case.
  func primaries(for code: BillingCode) -> [BillingCode] {
    guard let list = tables.cms.addOnList(code, on: date) else { return [] }
    let standing = Set(facts.procedures.map(\.payload.code)).union(countedCodes)
    return list.primaries.filter { primary in
      primary != code && tables.familyOfCode[primary] == nil
        && tables.cms.isActive(primary, on: date) != false
        && standing.union([code]).allSatisfy {
          $0 == primary || (excludes($0, primary) == nil && excludes(primary, $0) == nil)
        }
    }.sorted { ($0.isProvisional ? 1 : 0, $0) < ($1.isProvisional ? 1 : 0, $1) }
  }

  private var countedCodes: [BillingCode] {
    tables.families.indices.filter { !facts.sightings[$0].isEmpty }
      .flatMap { tables.families[$0].codes(on: date) }
  }
}

extension BillingCode {
  /// Whether it has a letter, as codes that are new or not of the physician's have.
  fileprivate var isProvisional: Bool {
    !text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
