/// A vessel of the catalogue, or a segment or branch of one.
///
/// Four bytes, so that a vessel is compared and hashed as a number; its facts are looked up in the
/// catalogue.
public struct Vessel: Hashable, Sendable {
  /// The row of the catalogue, from 0.
  let row: Int32

  /// Which pair of codes a vessel's imaging can earn.
  public enum Territory: String, CaseIterable, Sendable {
    case coronary
    case noncoronary
  }

  /// What kind of conduit it is.
  public enum Kind: String, CaseIterable, Sendable {
    case artery
    case vein
    case graft
    case access
  }

  /// What the catalogue says of one vessel.
  public struct Facts: Sendable {
    /// The code that events carry, such as `common-iliac-vein`.
    public let code: String
    /// The name shown to people.
    public let display: String
    /// Heart or elsewhere.
    public let territory: Territory
    /// Artery, vein, graft or access.
    public let kind: Kind
    /// Whether the body has one on each side, so that an entry must say which.
    public let isPaired: Bool
    /// The vessel of which this is a segment or branch; nil for a vessel of its own.
    public let parent: Vessel?
    /// UBERON identifier, where the Human Reference Atlas has one.
    public let uberon: String?
    /// FMA identifier, where the Human Reference Atlas has one.
    public let fma: String?
    /// SNOMED CT identifier, as DICOM publishes it.
    public let snomed: String?
    /// Where the row comes from.
    public let source: String
  }

  /// The vessel of this code; nil when the catalogue has none.
  public init?(code: String) {
    guard let vessel = VesselCatalogue.standard.vessel(code) else { return nil }
    self = vessel
  }

  init(row: Int32) { self.row = row }

  /// What the catalogue says of it.
  public var facts: Facts { VesselCatalogue.standard.facts[Int(row)] }

  /// The code that events carry.
  public var code: String { facts.code }

  /// The vessel to which a segment or branch belongs in the end; itself for a vessel of its own.
  public var whole: Vessel { VesselCatalogue.standard.wholes[Int(row)] }
}

extension Vessel: CustomStringConvertible, Comparable {
  /// The code.
  public var description: String { code }

  /// Order of codes, byte by byte.
  public static func < (left: Vessel, right: Vessel) -> Bool {
    left.code.utf8.lexicographicallyPrecedes(right.code.utf8)
  }
}

/// The side of the body.
public enum Side: String, CaseIterable, Sendable, Comparable {
  case left
  case right

  /// Left before right.
  public static func < (left: Side, right: Side) -> Bool { left == .left && right == .right }
}

/// A vessel with its side, given just when the vessel is paired: what makes two entries speak of
/// the same place.
public struct VesselSite: Hashable, Sendable {
  /// The vessel.
  public let vessel: Vessel
  /// Its side; nil for a vessel that the body has once.
  public let side: Side?

  /// A vessel and its side; nil when the side is missing or does not apply.
  public init?(_ vessel: Vessel, _ side: Side? = nil) {
    guard vessel.facts.isPaired == (side != nil) else { return nil }
    self.vessel = vessel
    self.side = side
  }

  private init(unchecked vessel: Vessel, _ side: Side?) {
    self.vessel = vessel
    self.side = side
  }

  /// The vessel to which a segment or branch belongs, on the same side where that applies.
  public var whole: VesselSite {
    let whole = vessel.whole
    return VesselSite(unchecked: whole, whole.facts.isPaired ? side : nil)
  }
}

extension VesselSite: CustomStringConvertible, Comparable {
  /// `code` or `code/side`.
  public var description: String { side.map { "\(vessel.code)/\($0.rawValue)" } ?? vessel.code }

  /// By code, then side.
  public static func < (left: VesselSite, right: VesselSite) -> Bool {
    if left.vessel != right.vessel { return left.vessel < right.vessel }
    return (left.side?.rawValue ?? "") < (right.side?.rawValue ?? "")
  }
}
