internal import Crypto
public import Procedures

/// All the rules of one edition: what counts, under which codes, and what speaks against a line.
///
/// One book holds all dates of service; its edition is a version of the whole. Its tables are
/// read once and only looked up after that.
public struct RuleBook: Sendable {
  /// The book that the product ships.
  public static let standard: RuleBook = {
    do throws(RuleBookError) {
      return try RuleBook(document: try shippedDocument())
    } catch {
      preconditionFailure("The shipped rule book is broken: \(error)")
    }
  }()

  let tables: RuleTables

  /// Reads a book from one document: `cms`, `rules`, and `vesselGroups` as text.
  ///
  /// - Throws: ``RuleBookError`` with the first row at fault.
  public init(document: JSON) throws(RuleBookError) {
    tables = try RuleTables(document)
  }

  /// The edition, such as `2026.1`.
  public var edition: RuleBookEdition { tables.edition }

  /// `sha256:` and the hexadecimal digest over the canonical bytes of all its tables, and of what
  /// the catalogue says of each vessel.
  public var digest: String { tables.digest }

  /// The whole book as one document, which ``init(document:)`` reads back.
  public var document: JSON { tables.document }

  /// The codes that are counted from imaged vessels, of any date, and so cannot be stated.
  public var derivedCodes: Set<BillingCode> { tables.derivedCodes }

  /// The policies of grouping vessels, the default first.
  public var policies: [GroupingPolicyName] { tables.policyNames }

  /// The families, in the order of the book.
  public var families: [CodeFamily] { tables.families.map(\.family) }

  /// The policy where neither a facility nor the book says otherwise.
  public static var defaultPolicy: GroupingPolicyName { standard.tables.policyNames[0] }

  /// What is not settled and therefore shown to a person, in sentences.
  public var notSettled: [String] { tables.notSettled }

  /// The policy for a payer and a date of service.
  ///
  /// - Parameters:
  ///   - payer: who pays, as the case names it.
  ///   - date: the date of service.
  ///   - assignments: what the facility assigned, in the order of its log: of those for the payer
  ///     the one with the latest `from` not after the date holds, of equals the last.
  /// - Returns: the facility's assignment, else that of the book's row for the payer, else the
  ///   default. It may be a policy that this book does not have; deriving by it then fails.
  public func policy(
    for payer: PayerCode?, on date: CalendarDate, assignments: [PayerPolicyAssigned]
  ) -> GroupingPolicyName {
    guard let payer else { return tables.policyNames[0] }
    var chosen: PayerPolicyAssigned?
    for assignment in assignments where assignment.payer == payer && assignment.from <= date {
      if let chosen, assignment.from < chosen.from { continue }
      chosen = assignment
    }
    return chosen?.policy ?? tables.payers[payer]?.policy ?? tables.policyNames[0]
  }

  private static func shippedDocument() throws(RuleBookError) -> JSON {
    [
      "cms": try json(Embedded.cms_json, "cms"),
      "rules": try json(Embedded.rules_json, "rules"),
      "vesselGroups": .string(Embedded.vessel_groups_csv),
    ]
  }

  private static func json(_ text: String, _ table: String) throws(RuleBookError) -> JSON {
    do throws(JSONError) {
      return try JSON.read(Array(text.utf8))
    } catch {
      throw RuleBookError(table, nil, "\(error.sentence) (byte \(error.offset + 1))")
    }
  }
}

/// The tables behind a book: immutable and shared by all its copies.
final class RuleTables: Sendable {
  let document: JSON
  let digest: String
  let edition: RuleBookEdition
  let cms: CMSTables
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
    cms = try CMSTables(try root.required("cms", "an object") { $0 })
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
