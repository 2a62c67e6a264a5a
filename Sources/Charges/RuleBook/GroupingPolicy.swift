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
  /// The group of each vessel that is one with others; one that has none is a group of its own.
  let groups: [Vessel: String]
  let yields: [Vessel: Yield]
  /// Groups for which no source was found.
  let assumedGroups: Set<String>

  init(_ row: TableRow, _ book: BookDocument, rules: RuleTexts) throws(RuleBookError) {
    let name: GroupingPolicyName = try row.term("policy")
    self.name = name
    isDefault = try row.flag("default")
    citation = try rules.citation(try row.text("rule"))
    var groups: [Vessel: String] = [:]
    var assumedGroups: Set<String> = []
    for row in book.rows("vesselGroups") where row.json["policy"]?.text == name.text {
      let group = try row.text("group")
      for vessel in try row.vessels("vessels") { groups[vessel] = group }
      if row.isAssumed { assumedGroups.insert(group) }
    }
    self.groups = groups
    self.assumedGroups = assumedGroups
    var yields: [Vessel: Yield] = [:]
    for row in book.rows("policyYields") where row.json["policy"]?.text == name.text {
      yields[try row.vessel("vessel")] = Yield(
        others: Set(try row.vessels("others")),
        citation: try rules.citation(try row.text("rule")))
    }
    self.yields = yields
  }
}
