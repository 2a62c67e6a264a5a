internal import Crypto
internal import Procedures

/// The tables behind a book: immutable and shared by all its copies.
final class RuleTables: Sendable {
  let book: BookDocument
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
  /// In the order of the book, several of one payer where they hold on other days.
  let payerRules: [PayerRules]
  /// By each name under which cases may name a payer.
  private let payers: [PayerCode: [PayerRules]]
  let labels: [BillingCode: String]
  let edits: EditRules
  let places: [Vessel: VesselPlace]
  let notSettled: [String]

  init(_ book: BookDocument) throws(RuleBookError) {
    self.book = book
    document = book.json
    digest = Self.digest(document)
    edition = book.edition
    cms = try CMSTables(book)
    money = try MoneyTables(book)
    let texts = try RuleTexts(book)
    self.texts = texts
    rules = try CountingRules(texts)
    places = Self.vesselPlaces()
    var families: [FamilyRules] = []
    for row in book.rows("families") { families.append(try FamilyRules(row, book, rules: texts)) }
    self.families = families
    familyOfCode = try Self.familyOfCode(families)
    derivedCodes = Set(familyOfCode.keys)
    let policies = try Self.policies(book, texts)
    policyNames = policies.map(\.name)
    self.policies = Dictionary(policies.map { ($0.name, $0) }) { first, _ in first }
    payerRules = try PayerRules.all(book)
    payers = Self.byName(payerRules)
    labels = try Self.labels(book)
    edits = try EditRules(book)
    var notSettled: [String] = []
    for row in book.rows("notSettled") { notSettled.append(try row.text("question")) }
    self.notSettled = notSettled
  }

  /// What the book says of a payer on a date, by any of its names.
  func payer(_ name: PayerCode, on date: CalendarDate) -> PayerRules? {
    payers[name]?.first { $0.span.contains(date) }
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

  private static func digest(_ document: JSON) -> String {
    let hex = Array("0123456789abcdef".utf8)
    let digits = SHA256.hash(data: document.canonicalBytes).flatMap {
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
          throw RuleBookError("familyCodes", nil, "\(code) stands twice.")
        }
      }
    }
    return table
  }

  /// The default policy first, the others in the order of the book.
  private static func policies(
    _ book: BookDocument, _ texts: RuleTexts
  ) throws(RuleBookError) -> [GroupingPolicy] {
    var policies: [GroupingPolicy] = []
    for row in book.rows("policies") {
      policies.append(try GroupingPolicy(row, book, rules: texts))
    }
    return policies.filter(\.isDefault) + policies.filter { !$0.isDefault }
  }

  private static func byName(_ payers: [PayerRules]) -> [PayerCode: [PayerRules]] {
    var table: [PayerCode: [PayerRules]] = [:]
    for rules in payers {
      for name in Set([rules.payer] + rules.aliases) { table[name, default: []].append(rules) }
    }
    return table
  }

  private static func labels(_ book: BookDocument) throws(RuleBookError) -> [BillingCode: String] {
    var labels: [BillingCode: String] = [:]
    for row in book.rows("labels") { labels[try row.code("code")] = try row.text("label") }
    return labels
  }
}
