public import Procedures

/// Units, and what Medicare publishes for them as the professional's.
public struct PricedUnits: Hashable, Sendable {
  /// How many.
  public private(set) var units = 0
  /// Medicare's professional amount of those that have one, in cents of a dollar.
  public private(set) var cents: Int64 = 0
  /// Those on the professional's claim for which no value was published; they are not in the amount,
  /// and neither are those that an edit keeps off every claim.
  public private(set) var unpublishedUnits = 0

  /// No units.
  public init() {}

  /// The units of a line, as a book prices them.
  init(_ line: LineItem, _ derivation: Derivation, _ setting: CareSetting?, _ ruleBook: RuleBook) {
    units = line.units
    guard line.status != .notBillable, line.claims.contains(.professional),
      let date = derivation.serviceDate, let setting
    else { return }
    let amount = ruleBook.medicareAmount(
      of: line.code, units: line.units, on: date, setting: setting)
    if let amount { cents = amount.cents } else { unpublishedUnits = line.units }
  }

  /// Adds others.
  public mutating func add(_ other: PricedUnits) {
    units += other.units
    cents += other.cents
    unpublishedUnits += other.unpublishedUnits
  }

  /// `{"units":…,"amount":…}`, and `"unpublishedUnits":…` where some have no published value.
  public var json: JSON {
    var members = [
      JSON.Member("units", .integer(units)),
      JSON.Member("amount", .string(MedicareAmount(cents: cents).description)),
    ]
    if unpublishedUnits > 0 {
      members.append(JSON.Member("unpublishedUnits", .integer(unpublishedUnits)))
    }
    return .object(members)
  }
}
