internal import Procedures

/// Where a vessel of the catalogue stands: what a derivation needs of it, looked up once.
struct VesselPlace: Sendable {
  let whole: Vessel
  let parent: Vessel?
  let territory: Vessel.Territory
  let isPaired: Bool
}

/// Which named vessels count as one.
struct GroupingPolicy: Sendable {
  /// A vessel that counts only where none of some others was imaged on its side.
  struct Yield: Sendable {
    let others: Set<Vessel>
    let citation: Citation
  }

  let name: GroupingPolicyName
  let isDefault: Bool
  let citation: Citation
  /// The group of each noncoronary vessel; one that has none is a group of its own.
  let groups: [Vessel: String]
  let yields: [Vessel: Yield]
  /// Groups for which no source was found.
  let assumedGroups: Set<String>

  init(
    _ row: TableRow, rules: RuleTexts, table: CSVTable, places: [Vessel: VesselPlace]
  ) throws(RuleBookError) {
    name = try row.term("policy")
    isDefault = try row.flag("default")
    citation = try rules.citation(try row.text("rule"))
    groups = try Self.groups(name, table, places)
    assumedGroups = Set(
      try row.optional("assumedGroups", "a list of groups") { $0.elements?.compactMap(\.text) }
        ?? [])
    var yields: [Vessel: Yield] = [:]
    for yield in try row.rows("yields") {
      let vessel = try yield.required("vessel", "a vessel") { $0.text.flatMap(Vessel.init(code:)) }
      let others = try yield.list("to", "a vessel") { $0.text.flatMap(Vessel.init(code:)) }
      yields[vessel] = Yield(
        others: Set(others), citation: try rules.citation(try yield.text("rule")))
    }
    self.yields = yields
  }

  private static func groups(
    _ name: GroupingPolicyName, _ table: CSVTable, _ places: [Vessel: VesselPlace]
  ) throws(RuleBookError) -> [Vessel: String] {
    guard let column = table.index(of: name.text), table.index(of: "vessel") == 0 else {
      throw RuleBookError("vessel-groups", nil, "it has no column \(name)")
    }
    var groups: [Vessel: String] = [:]
    for (index, row) in table.rows.enumerated() {
      guard let vessel = Vessel(code: row[0]), vessel.whole == vessel, !row[column].isEmpty else {
        throw RuleBookError("vessel-groups", index, "it names no whole vessel and its group")
      }
      guard groups.updateValue(row[column], forKey: vessel) == nil else {
        throw RuleBookError("vessel-groups", index, "\(vessel) stands twice")
      }
    }
    for (vessel, place) in places
    where place.whole == vessel && place.territory == .noncoronary && groups[vessel] == nil {
      throw RuleBookError("vessel-groups", nil, "\(vessel) has no row")
    }
    return groups
  }
}
