public import Procedures

/// What of a case's billable lines stands by a person's word alone: units that the case does not
/// document, and units over a limit.
public struct ChargeReview: Hashable, Sendable {
  /// Units that the case does not document in one way.
  public struct Gap: Hashable, Sendable {
    /// In which way.
    public let kind: UndocumentedCharge.Kind
    /// The code of their line.
    public let code: BillingCode
    /// How many.
    public let units: Int
    /// Their vessels; none of a stated code.
    public let vessels: [VesselSite]
    /// The entry by which they stand: the first release that lifts the hold, or the first statement.
    public let entry: EventID?

    /// A gap of these parts.
    public init(
      _ kind: UndocumentedCharge.Kind, _ code: BillingCode, units: Int, vessels: [VesselSite],
      entry: EventID?
    ) {
      self.kind = kind
      self.code = code
      self.units = units
      self.vessels = vessels
      self.entry = entry
    }
  }

  /// In the order of lines, then of kinds.
  public let gaps: [Gap]
  /// The billable units of codes over their medically unlikely edit; none where there is no excess.
  public let unitsOverLimit: [BillingCode: Int]

  /// Looks a case over.
  ///
  /// - Parameters:
  ///   - state: the case.
  ///   - context: what its charges are derived in.
  /// - Throws: why the case cannot be derived.
  public init(of state: CaseState, in context: DerivationContext) throws(DerivationError) {
    let reading = try CaseUnderRules(state, context)
    let lines = try reading.result().lines
    let billable = lines.filter { $0.status == .billable }
    gaps = billable.flatMap { reading.gaps(of: $0) }
    var excess: [BillingCode: Int] = [:]
    for code in Set(billable.map(\.code)) {
      guard let limit = reading.unitLimit(code) else { continue }
      let total = lines.lazy.filter { $0.code == code }.reduce(0) { $0 + $1.units }
      let charged = billable.lazy.filter { $0.code == code }.reduce(0) { $0 + $1.units }
      let over = min(charged, total - limit.units)
      if over > 0 { excess[code] = over }
    }
    unitsOverLimit = excess
  }
}

extension CaseUnderRules {
  fileprivate func gaps(of line: LineItem) -> [ChargeReview.Gap] {
    if let family = tables.familyOfCode[line.code] { return gaps(of: line, in: family) }
    return statementGap(of: line).map { [$0] } ?? []
  }

  /// Of units that are counted from images: those of vessels without a stored image or a reading.
  private func gaps(of line: LineItem, in family: CodeFamily) -> [ChargeReview.Gap] {
    let groups = Dictionary(groups(of: family).map { ($0.name, $0) }) { first, _ in first }
    func gap(
      _ kind: UndocumentedCharge.Kind, _ hold: HoldCode, _ lacks: (ImagedGroup) -> Bool
    )
      -> ChargeReview.Gap?
    {
      let units = line.counted.compactMap { groups[$0.group] }.filter(lacks)
      guard !units.isEmpty else { return nil }
      return ChargeReview.Gap(
        kind, line.code, units: units.count, vessels: Set(units.flatMap(\.vessels)).sorted(),
        entry: release(of: hold, from: line.code, in: family))
    }
    return [
      gap(.imagesNotStored, .imagesNotStored) { !$0.sightings.contains(where: \.isStored) },
      gap(.readingMissing, .interpretationMissing) { !isRead($0) },
    ].compactMap { $0 }
  }

  /// The first entry that lifts a hold from a code's line.
  private func release(
    of hold: HoldCode, from code: BillingCode, in family: CodeFamily
  ) -> EventID? {
    state.standing.first { entry in
      guard case .holdReleased(let release) = entry.body else { return false }
      return release.hold == hold && releases(release, code, family: family)
    }?.id
  }

  /// Of a stated code: its units, where no entry shows that something of its kind was done.
  private func statementGap(of line: LineItem) -> ChargeReview.Gap? {
    guard let statement = line.entries.first.flatMap(state.entry),
      statement.original.type == .procedureCoded,
      !state.standing.contains(where: { line.code.section.isShown(by: $0.original.type) })
    else { return nil }
    return ChargeReview.Gap(
      .statedAlone, line.code, units: line.units, vessels: [], entry: statement.id)
  }
}

/// The part of the code book in which a code stands, as its first digit says.
private enum CodeSection {
  case surgery
  case imaging
  case other

  func isShown(by type: EventType) -> Bool {
    switch self {
    case .surgery: Self.actions.contains(type)
    case .imaging: type == .imageAcquired
    case .other: type == .imageAcquired || Self.actions.contains(type)
    }
  }

  private static let actions: Set<EventType> = [
    .percutaneousEntry, .deviceInserted, .interventionPerformed,
  ]
}

extension BillingCode {
  fileprivate var section: CodeSection {
    // Of a Category III or HCPCS code, which has a letter, the first digit says nothing.
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      return .other
    }
    switch text.utf8.first {
    case UInt8(ascii: "7"): return .imaging
    case UInt8(ascii: "1"), UInt8(ascii: "2"), UInt8(ascii: "3"), UInt8(ascii: "4"),
      UInt8(ascii: "5"), UInt8(ascii: "6"):
      return .surgery
    default: return .other
    }
  }
}
