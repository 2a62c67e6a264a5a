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

  /// The payers that the book knows, by name; what is not known of one is nil or not there.
  public var payers: [Payer] {
    tables.payers.filter { $0.key == $0.value.payer }.map(\.value.payerRow)
      .sorted { $0.payer < $1.payer }
  }

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
