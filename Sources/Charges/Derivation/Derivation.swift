public import Procedures

/// The charges of one case under one rule book: the lines, and all that speaks against them.
///
/// The same case and context give the same derivation, byte for byte.
public struct Derivation: Hashable, Sendable {
  /// The case.
  public let caseID: CaseID
  /// The version of the case up to which its events were read.
  public let throughVersion: Int64
  /// The date that selects from dated tables; nil where the case could not tell it.
  public let serviceDate: CalendarDate?
  /// The rule book's edition.
  public let ruleBook: RuleBookEdition
  /// The digest of the rule book's tables.
  public let ruleBookDigest: String
  /// The policy by which vessels were grouped.
  public let groupingPolicy: GroupingPolicyName
  /// The lines, in order of code, modifiers and status.
  public let lines: [LineItem]
  /// Holds on the whole case.
  public let holds: [Finding]
  /// Edits of the whole case.
  public let edits: [Finding]
  /// What a person should look at; it changes nothing.
  public let warnings: [Finding]
  /// Codes that a table does not cover on the date of service.
  public let unchecked: [UncheckedCode]

  /// Derives a case.
  ///
  /// - Throws: why the case cannot be derived; it is to be held then, see
  ///   ``failed(_:in:because:)``.
  public init(of state: CaseState, in context: DerivationContext) throws(DerivationError) {
    let reading = try CaseUnderRules(state, context)
    let result = try reading.result()
    caseID = state.id
    throughVersion = state.version
    serviceDate = reading.date
    ruleBook = context.ruleBook.edition
    ruleBookDigest = context.ruleBook.digest
    groupingPolicy = context.policy
    lines = result.lines
    holds = []
    edits = []
    warnings = result.warnings
    unchecked = result.unchecked
  }

  private init(
    failed caseID: CaseID, _ throughVersion: Int64, _ serviceDate: CalendarDate?,
    _ ruleBook: RuleBook, _ policy: GroupingPolicyName, _ sentence: String
  ) {
    self.caseID = caseID
    self.throughVersion = throughVersion
    self.serviceDate = serviceDate
    self.ruleBook = ruleBook.edition
    ruleBookDigest = ruleBook.digest
    groupingPolicy = policy
    lines = []
    holds = [Finding(.derivationFailed, because: sentence)]
    edits = []
    warnings = []
    unchecked = []
  }

  /// The document of a case that cannot be derived: no line, and the hold `derivation-failed`.
  public static func failed(
    caseID: CaseID, throughVersion: Int64, serviceDate: CalendarDate?, ruleBook: RuleBook,
    groupingPolicy: GroupingPolicyName, because sentence: String
  ) -> Derivation {
    Derivation(failed: caseID, throughVersion, serviceDate, ruleBook, groupingPolicy, sentence)
  }

  /// The document of a case that cannot be derived in this context.
  public static func failed(
    _ state: CaseState, in context: DerivationContext, because error: DerivationError
  ) -> Derivation {
    failed(
      caseID: state.id, throughVersion: state.version, serviceDate: state.opening?.serviceDate,
      ruleBook: context.ruleBook, groupingPolicy: context.policy, because: error.description)
  }

  /// The derivation, its members in the contract's order.
  public var json: JSON {
    [
      "case": .string(caseID.description), "throughVersion": .integer(throughVersion),
      "serviceDate": serviceDate.map { .string($0.description) } ?? .null,
      "ruleBook": .string(ruleBook.text), "ruleBookDigest": .string(ruleBookDigest),
      "groupingPolicy": .string(groupingPolicy.text), "lines": .array(lines.map(\.json)),
      "holds": .array(holds.map(\.json)), "edits": .array(edits.map(\.json)),
      "warnings": .array(warnings.map(\.json)), "unchecked": .array(unchecked.map(\.json)),
    ]
  }
}
