internal import Procedures

/// The tables from which Medicare's amounts are computed.
struct MoneyTables: Sendable {
  struct Key: Hashable, Sendable {
    let code: BillingCode
    let year: Int
  }

  /// Relative value units of one code in one year.
  struct RelativeValue: Sendable {
    let work: Decimal
    let practiceExpenseOffice: Decimal
    let practiceExpenseFacility: Decimal
    let malpractice: Decimal
    let source: String
    let isAssumed: Bool
  }

  /// Dollars a relative value unit, for a span of dates.
  struct ConversionFactor: Sendable {
    let span: DateSpan
    let dollars: Decimal
    let source: String
    let isAssumed: Bool
  }

  let relativeValues: [Key: RelativeValue]
  /// The codes that have a value in some year.
  let valuedCodes: Set<BillingCode>
  /// The factors of physicians without an advanced payment model.
  let conversionFactors: [ConversionFactor]
  let outpatientStatus: [Key: OutpatientStatus]

  init(_ cms: JSON) throws(RuleBookError) {
    let root = TableRow(cms, of: "cms")
    let sources = try root.section("sources")
    /// A row's own source, else that of its whole table.
    func source(_ row: TableRow, _ table: String) throws(RuleBookError) -> String {
      if let own = try row.optional("source", "a text", { $0.text }) { return own }
      return try sources.text(table)
    }
    var values: [Key: RelativeValue] = [:]
    for row in try root.rows("relativeValues") {
      values[Key(code: try row.code("code"), year: try row.integer("year"))] = RelativeValue(
        work: try row.amount("work"),
        practiceExpenseOffice: try row.amount("practiceExpenseNonfacility"),
        practiceExpenseFacility: try row.amount("practiceExpenseFacility"),
        malpractice: try row.amount("malpractice"), source: try source(row, "relativeValues"),
        isAssumed: try row.flag("assumed"))
    }
    relativeValues = values
    valuedCodes = Set(values.keys.map(\.code))
    var factors: [ConversionFactor] = []
    for row in try root.rows("conversionFactors") where try row.text("category") == "standard" {
      factors.append(
        ConversionFactor(
          span: try row.span(), dollars: try row.amount("value"),
          source: try source(row, "conversionFactors"), isAssumed: try row.flag("assumed")))
    }
    conversionFactors = factors
    var status: [Key: OutpatientStatus] = [:]
    for row in try root.rows("opps") {
      status[Key(code: try row.code("code"), year: try row.integer("year"))] = OutpatientStatus(
        indicator: try row.text("status"), group: try row.optional("apc", "a text") { $0.text },
        source: try source(row, "opps"))
    }
    outpatientStatus = status
  }
}

/// How Medicare pays a hospital outpatient department for a code.
public struct OutpatientStatus: Hashable, Sendable {
  /// The status indicator; `N` is packaged: reported, and not paid by itself.
  public let indicator: String
  /// The ambulatory payment classification, where the code has one.
  public let group: String?
  /// The table in which it stands.
  public let source: String

  /// Whether the code is reported and not paid by itself.
  public var isPackaged: Bool { indicator == "N" }
}
