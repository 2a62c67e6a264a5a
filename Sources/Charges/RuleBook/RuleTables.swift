internal import Crypto
internal import Procedures

/// The tables behind a book: immutable and shared by all its copies.
final class RuleTables: Sendable {
  let document: JSON
  let digest: String
  let edition: RuleBookEdition
  let cms: CMSTables
  let money: MoneyTables
  let texts: RuleTexts
  let rules: CountingRules
  let families: [FamilyRules]
  let derivedCodes: Set<BillingCode>
  let familyOfCode: [BillingCode: CodeFamily]
  let policyNames: [GroupingPolicyName]
  let policies: [GroupingPolicyName: GroupingPolicy]
  let payers: [PayerCode: PayerRules]
  let edits: EditRules
  let places: [Vessel: VesselPlace]
  let notSettled: [String]

  init(_ document: JSON) throws(RuleBookError) {
    self.document = document
    let root = TableRow(document, of: "rule book")
    let rulesJSON = try root.required("rules", "an object") { $0 }
    let book = TableRow(rulesJSON, of: "rules")
    guard let groups = CSVTable(try root.text("vesselGroups")) else {
      throw RuleBookError("vessel-groups", nil, "its rows differ in length")
    }
    edition = try book.term("edition")
    let cmsJSON = try root.required("cms", "an object") { $0 }
    cms = try CMSTables(cmsJSON)
    money = try MoneyTables(cmsJSON)
    let texts = try RuleTexts(book)
    self.texts = texts
    rules = try CountingRules(texts)
    places = Self.vesselPlaces()
    digest = Self.digest(document, places)
    var families: [FamilyRules] = []
    for row in try book.rows("families") { families.append(try FamilyRules(row, rules: texts)) }
    self.families = families
    familyOfCode = try Self.familyOfCode(families)
    derivedCodes = Set(familyOfCode.keys)
    let policies = try Self.policies(book, texts, groups, places)
    policyNames = policies.map(\.name)
    self.policies = Dictionary(policies.map { ($0.name, $0) }) { first, _ in first }
    payers = try Self.payers(book)
    edits = try EditRules(book)
    notSettled = try book.list("notSettled", "a text") { $0.text }
  }

  private static func vesselPlaces() -> [Vessel: VesselPlace] {
    var places: [Vessel: VesselPlace] = [:]
    for vessel in VesselCatalogue.standard.vessels {
      let facts = vessel.facts
      places[vessel] = VesselPlace(
        whole: vessel.whole, parent: facts.parent, territory: facts.territory,
        isPaired: facts.isPaired)
    }
    return places
  }

  private static func digest(_ document: JSON, _ places: [Vessel: VesselPlace]) -> String {
    let vessels = VesselCatalogue.standard.vessels.map { vessel -> JSON in
      let facts = vessel.facts
      return [
        .string(facts.code), .string(facts.territory.rawValue), .bool(facts.isPaired),
        facts.parent.map { .string($0.code) } ?? .null,
      ]
    }
    let all: JSON = ["book": document, "vessels": .array(vessels)]
    let hex = Array("0123456789abcdef".utf8)
    let digits = SHA256.hash(data: all.canonicalBytes).flatMap {
      [hex[Int($0 >> 4)], hex[Int($0 & 15)]]
    }
    return "sha256:" + String(decoding: digits, as: UTF8.self)
  }

  private static func familyOfCode(
    _ families: [FamilyRules]
  ) throws(RuleBookError) -> [BillingCode: CodeFamily] {
    var table: [BillingCode: CodeFamily] = [:]
    for rules in families {
      for code in rules.pairs.flatMap({ [$0.first, $0.further] }) {
        guard table.updateValue(rules.family, forKey: code) == nil else {
          throw RuleBookError("families", nil, "\(code) stands twice")
        }
      }
    }
    return table
  }

  /// The default policy first, the others in the order of the book.
  private static func policies(
    _ book: TableRow, _ texts: RuleTexts, _ groups: CSVTable, _ places: [Vessel: VesselPlace]
  ) throws(RuleBookError) -> [GroupingPolicy] {
    var policies: [GroupingPolicy] = []
    for row in try book.rows("policies") {
      policies.append(try GroupingPolicy(row, rules: texts, table: groups, places: places))
    }
    guard policies.count(where: \.isDefault) == 1,
      Set(policies.map(\.name)).count == policies.count
    else { throw RuleBookError("policies", nil, "one of them must be the default, none twice") }
    return policies.filter(\.isDefault) + policies.filter { !$0.isDefault }
  }

  private static func payers(_ book: TableRow) throws(RuleBookError) -> [PayerCode: PayerRules] {
    var table: [PayerCode: PayerRules] = [:]
    for row in try book.rows("payers") {
      let rules = try PayerRules(row)
      for name in [rules.payer] + rules.aliases {
        guard table.updateValue(rules, forKey: name) == nil else {
          throw row.fault("\(name) stands twice")
        }
      }
    }
    return table
  }
}
