public import Procedures

/// Charges that stand though the case does not document them in one way.
public struct UndocumentedCharges: Hashable, Sendable {
  /// In which way.
  public let kind: UndocumentedCharge.Kind
  /// The units, over all charges.
  public let units: Int
  /// The charges, by date of service.
  public let charges: Listing<UndocumentedCharge>

  /// The charges of a kind.
  public init(_ kind: UndocumentedCharge.Kind, units: Int, _ charges: Listing<UndocumentedCharge>) {
    self.kind = kind
    self.units = units
    self.charges = charges
  }
}

/// A charge, or some of its units, that stands though the case does not document it.
public struct UndocumentedCharge: Hashable, Sendable {
  /// What is not documented.
  public enum Kind: String, CaseIterable, Sendable {
    /// No image of the vessel was stored; a person released the hold.
    case imagesNotStored = "images-not-stored"
    /// No reading speaks of the vessel; a person released the hold.
    case readingMissing = "interpretation-missing"
    /// The code was stated, and no entry shows that something of its kind was done.
    ///
    /// Which, the section of CPT in which the code stands says: of a code of imaging (7xxxx) no
    /// image is recorded; of a code of surgery (1xxxx to 6xxxx) no access, device or intervention
    /// is; of any other code none of these. An entry that was retracted does not count. What a code
    /// means in detail the rule book does not know, so more is not asked.
    case statedAlone = "stated-alone"

    /// For a heading: what these charges lack.
    var phrase: String {
      switch self {
      case .imagesNotStored: "no image stored, the hold released"
      case .readingMissing: "no reading, the hold released"
      case .statedAlone: "stated, and no entry shows it"
      }
    }
  }

  /// The case.
  public let subject: ReconciledCase
  /// What is not documented.
  public let kind: Kind
  /// The code.
  public let code: BillingCode
  /// Its units that are concerned.
  public let units: Int
  /// Their vessels; none of a stated code.
  public let vessels: [VesselSite]
  /// The entry by which they stand all the same: the release, or the statement.
  public let entry: EventID?
  /// Who recorded that entry; why stays sealed in the case.
  public let person: PersonCode?
  /// When.
  public let recordedAt: Instant?

  /// A charge of these parts.
  public init(
    _ subject: ReconciledCase, _ found: ChargeReview.Gap, person: PersonCode?,
    recordedAt: Instant?
  ) {
    self.subject = subject
    kind = found.kind
    code = found.code
    units = found.units
    vessels = found.vessels
    entry = found.entry
    self.person = person
    self.recordedAt = recordedAt
  }

  /// How it came to stand, in words.
  ///
  /// - Parameter moment: by whose clock times are told.
  /// - Returns: one sentence.
  public func sentence(at moment: ReconciledMoment) -> String {
    let act = kind == .statedAlone ? "Stated" : "Released"
    let vessels = vessels.isEmpty ? "" : " (\(vessels.phrase()))"
    guard let person, let recordedAt else { return "\(act)\(vessels)." }
    return "\(act) by \(person), \(moment.local(recordedAt))\(vessels)."
  }
}

/// A charge that is not what the case's lines say.
public struct DifferingCharge: Hashable, Sendable {
  /// The case.
  public let subject: ReconciledCase
  /// The code.
  public let code: BillingCode
  /// Its modifiers, in their order.
  public let modifiers: [Modifier]
  /// The units that stand in the ledger.
  public let ledgerUnits: Int
  /// The units that are billable now.
  public let lineUnits: Int

  /// A difference of these parts.
  public init(
    _ subject: ReconciledCase, code: BillingCode, modifiers: [Modifier], ledgerUnits: Int,
    lineUnits: Int
  ) {
    self.subject = subject
    self.code = code
    self.modifiers = modifiers
    self.ledgerUnits = ledgerUnits
    self.lineUnits = lineUnits
  }
}
