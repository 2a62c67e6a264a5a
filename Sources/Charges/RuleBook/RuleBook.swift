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

  /// The edition, such as `2026.1`.
  public var edition: RuleBookEdition { tables.edition }

  /// `sha256:` and the hexadecimal digest over the canonical bytes of ``document``.
  public var digest: String { tables.digest }

  /// The whole book as one document, which ``init(document:)`` reads back with the same digest, also
  /// in another edition of the program: it holds all that a derivation takes from the book.
  public var document: JSON { tables.document }

  /// The book that a site's book extends; nil for a book of its own.
  public var base: RuleBookBase? { tables.book.base }

  /// The codes that are counted from imaged vessels, of any date, and so cannot be stated.
  public var derivedCodes: Set<BillingCode> { tables.derivedCodes }

  /// The policies of grouping vessels, the default first.
  public var policies: [GroupingPolicyName] { tables.policyNames }

  /// The families, in the order of the book.
  public var families: [CodeFamily] { tables.families.map(\.family) }

  /// The policy where neither a facility nor the book says otherwise.
  public static var defaultPolicy: GroupingPolicyName { standard.tables.policyNames[0] }

  /// The payers that the book knows, by name and first day; what is not known of one is nil or not
  /// there.
  public var payers: [Payer] {
    tables.payerRules.map(\.payerRow).sorted { $0.payer < $1.payer }
  }

  /// A short label of a code in the book's words; nil where it has none.
  public func label(of code: BillingCode) -> String? { tables.labels[code] }

  /// What is not settled and therefore shown to a person, in sentences.
  public var notSettled: [String] { tables.notSettled }

  /// The policy for a payer and a date of service.
  ///
  /// - Parameters:
  ///   - payer: who pays, as the case names it.
  ///   - date: the date of service.
  ///   - assignments: what the facility assigned, in the order of its log: of those for the payer
  ///     the one with the latest `from` not after the date holds, of equals the last.
  /// - Returns: the facility's assignment, else that of the book's row for the payer on that date,
  ///   else the default. It may be a policy that this book does not have; deriving by it then fails.
  public func policy(
    for payer: PayerCode?, on date: CalendarDate, assignments: [PayerPolicyAssigned]
  ) -> GroupingPolicyName {
    guard let payer else { return tables.policyNames[0] }
    var chosen: PayerPolicyAssigned?
    for assignment in assignments where assignment.payer == payer && assignment.from <= date {
      if let chosen, assignment.from < chosen.from { continue }
      chosen = assignment
    }
    return chosen?.policy ?? tables.payer(payer, on: date)?.policy ?? tables.policyNames[0]
  }
}
