internal import Procedures

/// How the tables are applied: which modifiers pass a pair, which table a setting reads, which
/// hold a person may lift.
struct EditRules: Sendable {
  let pairSource: String
  let bypassModifiers: Set<Modifier>
  let bypassIndicator: Int
  let mutuallyExclusiveRationales: Set<String>
  let unitLimitSource: String
  let unitLimitTables: [CareSetting: String]
  let releasableIndicators: Set<Int>
  let addOnSource: String
  let listedAddOnType: Int
  /// Add-ons without a list of primaries here; they matter to modifier 50 alone.
  let furtherAddOns: Set<BillingCode>
  let modifiers: ModifierRules
  let holds: [HoldCode: HoldRules]

  init(_ root: TableRow) throws(RuleBookError) {
    let pairs = try root.section("pairEdits")
    pairSource = try pairs.text("source")
    bypassModifiers = Set(try pairs.modifiers("bypassModifiers"))
    bypassIndicator = try pairs.integer("bypassIndicator")
    mutuallyExclusiveRationales = Set(
      try pairs.list("mutuallyExclusiveRationales", "a text") { $0.text })
    let limits = try root.section("medicallyUnlikely")
    unitLimitSource = try limits.text("source")
    let tables = try limits.section("tables")
    var unitLimitTables: [CareSetting: String] = [:]
    for setting in CareSetting.allCases {
      unitLimitTables[setting] = try tables.text(setting.rawValue)
    }
    self.unitLimitTables = unitLimitTables
    releasableIndicators = Set(
      try limits.list("releasableIndicators", "a whole number") { $0.number?.integer })
    let addOns = try root.section("addOns")
    addOnSource = try addOns.text("source")
    listedAddOnType = try addOns.integer("listedType")
    furtherAddOns = Set(try addOns.section("furtherCodes").codes("codes"))
    modifiers = try ModifierRules(try root.section("modifiers"))
    holds = try HoldRules.table(root)
  }
}

/// Which modifiers say something that a code may not mean.
struct ModifierRules: Sendable {
  let components: Set<Modifier>
  let componentsSource: String
  let bilateral: Modifier
  let bilateralSource: String
  let sides: Set<Modifier>
  let sidesSource: String
  let limit: Int
  let limitSource: String

  init(_ row: TableRow) throws(RuleBookError) {
    components = Set(try row.modifiers("components"))
    componentsSource = try row.text("componentsSource")
    bilateral = try row.required("bilateral", "a modifier") { $0.text.flatMap(Modifier.init) }
    bilateralSource = try row.text("bilateralSource")
    sides = Set(try row.modifiers("sides"))
    sidesSource = try row.text("sidesSource")
    limit = try row.integer("limit")
    limitSource = try row.text("limitSource")
  }
}

/// Where a hold comes from and whether a person may lift it.
struct HoldRules: Sendable {
  let source: String
  let isReleasable: Bool

  static func table(_ root: TableRow) throws(RuleBookError) -> [HoldCode: HoldRules] {
    var table: [HoldCode: HoldRules] = [:]
    for row in try root.rows("holds") {
      let hold = try row.required("hold", "a hold") { $0.text.flatMap(HoldCode.init) }
      table[hold] = HoldRules(
        source: try row.text("source"), isReleasable: try row.flag("releasable"))
    }
    for hold in HoldCode.allCases where table[hold] == nil {
      throw RuleBookError("holds", nil, "\(hold.rawValue) is missing")
    }
    return table
  }
}
