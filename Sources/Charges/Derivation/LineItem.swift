public import Procedures

/// Where a line stands; the words are FHIR's.
public enum LineStatus: String, CaseIterable, Sendable, Comparable {
  /// Nothing speaks against it.
  case billable
  /// Not signed, or a hold stands.
  case planned
  /// An edit of the rule book excludes it.
  case notBillable = "not-billable"

  /// The order of lines that have the same code and modifiers.
  public static func < (left: Self, right: Self) -> Bool { left.place < right.place }

  private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Whose claim a line goes on.
public enum Claim: String, CaseIterable, Sendable {
  case professional
  case facility
}

/// One unit and what it rests on.
public struct CountedUnit: Hashable, Sendable {
  /// What counts as one: the group of vessels, or the code where no vessel was counted.
  public let group: String
  /// The vessels of the group that were imaged, by code, then side.
  public let vessels: [VesselSite]
  /// The entries that it rests on, by time, then version: ids of the original events.
  public let entries: [EventID]

  /// A unit of these parts.
  public init(group: String, vessels: [VesselSite], entries: [EventID]) {
    self.group = group
    self.vessels = vessels
    self.entries = entries
  }

  /// `{"group":…,"vessels":[…],"entries":[…]}`.
  public var json: JSON {
    [
      "group": .string(group), "vessels": .array(vessels.map(\.json)),
      "entries": .texts(entries.map(\.description)),
    ]
  }
}

/// A line that billing may charge: a code, its units, and all that speaks for and against it.
public struct LineItem: Hashable, Sendable {
  /// The code.
  public let code: BillingCode
  /// How many; derived, never truncated.
  public let units: Int
  /// Where it stands.
  public let status: LineStatus
  /// Its modifiers, in the order in which they were stated, then applied.
  public let modifiers: [Modifier]
  /// The claims that it goes on.
  public let claims: [Claim]
  /// What must happen first; empty unless it is planned.
  public let holds: [Finding]
  /// The rule book's own verdicts.
  public let edits: [Finding]
  /// One element a unit.
  public let counted: [CountedUnit]
  /// The rules that made it, each with its source.
  public let because: [Citation]

  /// The entries that any of its units rests on, each once, in the order of the units.
  public var entries: [EventID] { counted.flatMap(\.entries).firstOccurrences }

  /// The line, its members in the contract's order.
  public var json: JSON {
    [
      "code": .string(code.text), "units": .integer(units), "status": .string(status.rawValue),
      "modifiers": .texts(modifiers.map(\.text)), "claims": .texts(claims.map(\.rawValue)),
      "holds": .array(holds.map(\.json)), "edits": .array(edits.map(\.json)),
      "counted": .array(counted.map(\.json)), "because": .array(because.map(\.json)),
    ]
  }

  /// The contract's order of lines: code, modifiers, status; then a procedure before a supply.
  static func precedes(_ left: LineItem, _ right: LineItem) -> Bool {
    if left.code != right.code { return left.code < right.code }
    if left.modifiers != right.modifiers {
      return left.modifiers.lexicographicallyPrecedes(right.modifiers)
    }
    if left.status != right.status { return left.status < right.status }
    return left.claims.count > right.claims.count
  }
}
