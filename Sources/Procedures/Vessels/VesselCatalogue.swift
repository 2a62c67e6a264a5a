/// The vessels that entries may name: `vessels.csv`, read once.
///
/// UBERON and FMA identifiers come mainly from the Human Reference Atlas (CC BY 4.0), SNOMED CT
/// identifiers as DICOM publishes them; each row names its source.
public struct VesselCatalogue: Sendable {
  /// The catalogue that the product ships.
  public static let standard: VesselCatalogue = {
    guard let catalogue = VesselCatalogue(csv: Embedded.vessels_csv) else {
      preconditionFailure("vessels.csv is broken; its test says where")
    }
    return catalogue
  }()

  let facts: [Vessel.Facts]
  let wholes: [Vessel]
  private let rows: [String: Vessel]

  /// Reads the table; nil where a row is malformed, a code stands twice, or a parent is missing.
  init?(csv: String) {
    let names = [
      "key", "display", "territory", "kind", "paired", "parent", "uberon", "fma", "snomed",
      "source",
    ]
    guard let table = CSVTable(csv), table.columns == names else { return nil }
    var rows: [String: Vessel] = [:]
    for (index, row) in table.rows.enumerated() {
      guard rows.updateValue(Vessel(row: Int32(index)), forKey: row[0]) == nil else { return nil }
    }
    var facts: [Vessel.Facts] = []
    for row in table.rows {
      guard let territory = Vessel.Territory(rawValue: row[2]),
        let kind = Vessel.Kind(rawValue: row[3]), ["yes", "no"].contains(row[4]),
        row[5].isEmpty || rows[row[5]] != nil
      else { return nil }
      facts.append(
        Vessel.Facts(
          code: row[0], display: row[1], territory: territory, kind: kind,
          isPaired: row[4] == "yes", parent: rows[row[5]], uberon: row[6].nonEmpty,
          fma: row[7].nonEmpty, snomed: row[8].nonEmpty, source: row[9]))
    }
    guard let wholes = Self.wholes(facts) else { return nil }
    self.facts = facts
    self.wholes = wholes
    self.rows = rows
  }

  /// Every vessel, in the order of the table.
  public var vessels: [Vessel] { facts.indices.map { Vessel(row: Int32($0)) } }

  /// The vessel of this code.
  public func vessel(_ code: String) -> Vessel? { rows[code] }

  /// The codes nearest to a text that is none, the nearest first: the fewest insertions, deletions,
  /// replacements and transpositions of letters, a shared word counting for the code.
  public func nearest(to text: String, count: Int = 3) -> [String] {
    let wanted = Array(
      text.lowercased().utf8.prefix(64).map { $0 == 0x20 || $0 == 0x5F ? 0x2D : $0 })
    let words = Set(wanted.split(separator: 0x2D).map(Array.init))
    let ranked = facts.map { facts -> (Int, String) in
      let code = Array(facts.code.utf8)
      let shared = code.split(separator: 0x2D).count { words.contains(Array($0)) }
      return (Spelling.distance(wanted, code) - 3 * shared, facts.code)
    }
    return ranked.sorted { $0 < $1 }.prefix(count).map(\.1)
  }

  /// Follows each row to its outermost parent; nil where parents run in a circle.
  private static func wholes(_ facts: [Vessel.Facts]) -> [Vessel]? {
    var wholes: [Vessel] = []
    for index in facts.indices {
      var vessel = Vessel(row: Int32(index))
      var steps = 0
      while let parent = facts[Int(vessel.row)].parent {
        vessel = parent
        steps += 1
        guard steps <= facts.count else { return nil }
      }
      wholes.append(vessel)
    }
    return wholes
  }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
