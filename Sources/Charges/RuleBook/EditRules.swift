internal import Procedures

/// How the tables are applied: which modifiers pass a pair, which table a setting reads, which
/// hold a person may lift.
struct EditRules: Sendable {
  let pairSource: String
  let bypassModifiers: Set<Modifier>
  /// The indicators of pairs that a modifier may pass.
  let bypassIndicators: Set<Int>
  let mutuallyExclusiveRationales: Set<String>
  let unitLimitSource: String
  let unitLimitTables: [CareSetting: String]
  let releasableIndicators: Set<Int>
  let addOnSource: String
  /// The types of add-ons whose list of primaries is complete.
  let listedAddOnTypes: Set<Int>
  /// Add-ons without a list of primaries here; they matter to modifier 50 alone.
  let furtherAddOns: Set<BillingCode>
  let modifiers: ModifierRules
  let holds: [HoldCode: HoldRules]

  init(_ book: BookDocument) throws(RuleBookError) {
    pairSource = book.source("pairModifiers")
    bypassModifiers = Set(
      try book.values("pairModifiers") { row throws(RuleBookError) in
        try row.required("modifier", "a modifier") { $0.text.flatMap(Modifier.init) }
      })
    bypassIndicators = try book.numbers("pairIndicators", "indicator", where: "passable")
    mutuallyExclusiveRationales = Set(
      try book.values("pairRationales") { row throws(RuleBookError) in
        try row.text("rationale")
      })
    unitLimitSource = book.source("unitLimitTables")
    var tables: [CareSetting: String] = [:]
    for row in book.rows("unitLimitTables") {
      let setting = try row.required("setting", "a setting") { $0.text.flatMap(CareSetting.init) }
      tables[setting] = try row.text("table")
    }
    unitLimitTables = tables
    releasableIndicators = try book.numbers(
      "unitLimitIndicators", "indicator", where: "releasable")
    addOnSource = book.source("addOnTypes")
    listedAddOnTypes = try book.numbers("addOnTypes", "type", where: "complete")
    var further: Set<BillingCode> = []
    for row in book.rows("addOns") where row.json["type"] == .null {
      further.insert(try row.code("code"))
    }
    furtherAddOns = further
    modifiers = try ModifierRules(book)
    holds = try HoldRules.table(book)
  }
}

extension BookDocument {
  /// The source of a whole table, or of its first row.
  fileprivate func source(_ table: String) -> String {
    tables[table]?.source ?? rows(table).first?.source ?? ""
  }

  fileprivate func values<Value>(
    _ table: String, _ read: (TableRow) throws(RuleBookError) -> Value
  ) throws(RuleBookError) -> [Value] {
    var values: [Value] = []
    for row in rows(table) { values.append(try read(row)) }
    return values
  }

  /// The numbers of the rows whose flag is set.
  fileprivate func numbers(
    _ table: String, _ field: String, where flag: String
  ) throws(RuleBookError) -> Set<Int> {
    var numbers: Set<Int> = []
    for row in rows(table) where try row.flag(flag) { numbers.insert(try row.integer(field)) }
    return numbers
  }
}

/// Which modifiers say something that a code may not mean.
struct ModifierRules: Sendable {
  /// The names of the checks, each of which a book must have.
  static let checks = ["components", "bilateral", "sides", "count"]

  let components: Set<Modifier>
  let componentsSource: String
  let bilateral: Set<Modifier>
  let bilateralSource: String
  let sides: Set<Modifier>
  let sidesSource: String
  let limit: Int
  let limitSource: String

  init(_ book: BookDocument) throws(RuleBookError) {
    func check(_ name: String) throws(RuleBookError) -> TableRow {
      guard let row = book.rows("modifierChecks").first(where: { $0.json["check"]?.text == name })
      else { throw RuleBookError("modifierChecks", nil, "\(name) is missing.") }
      return row
    }
    let components = try check("components")
    self.components = Set(try components.modifiers("modifiers"))
    componentsSource = components.source
    let bilateral = try check("bilateral")
    self.bilateral = Set(try bilateral.modifiers("modifiers"))
    bilateralSource = bilateral.source
    let sides = try check("sides")
    self.sides = Set(try sides.modifiers("modifiers"))
    sidesSource = sides.source
    let count = try check("count")
    limit = try count.integer("limit")
    limitSource = count.source
  }
}

/// Where a hold comes from and whether a person may lift it.
struct HoldRules: Sendable {
  let source: String
  let isReleasable: Bool

  static func table(_ book: BookDocument) throws(RuleBookError) -> [HoldCode: HoldRules] {
    var table: [HoldCode: HoldRules] = [:]
    for row in book.rows("holds") {
      let hold = try row.required("hold", "a hold") { $0.text.flatMap(HoldCode.init) }
      table[hold] = HoldRules(source: row.source, isReleasable: try row.flag("releasable"))
    }
    return table
  }
}
