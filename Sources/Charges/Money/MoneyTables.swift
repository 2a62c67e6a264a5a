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
  }

  /// Dollars a relative value unit, for a span of dates.
  struct ConversionFactor: Sendable {
    let span: DateSpan
    let dollars: Decimal
    let isAssumed: Bool
  }

  let relativeValues: [Key: RelativeValue]
  /// The factors of physicians without an advanced payment model.
  let conversionFactors: [ConversionFactor]
  let outpatientStatus: [Key: OutpatientStatus]

  init(_ cms: JSON) throws(RuleBookError) {
    let root = TableRow(cms, of: "cms")
    var values: [Key: RelativeValue] = [:]
    for row in try root.rows("relativeValues") {
      values[Key(code: try row.code("code"), year: try row.integer("year"))] = RelativeValue(
        work: try row.amount("work"),
        practiceExpenseOffice: try row.amount("practiceExpenseNonfacility"),
        practiceExpenseFacility: try row.amount("practiceExpenseFacility"),
        malpractice: try row.amount("malpractice"))
    }
    relativeValues = values
    var factors: [ConversionFactor] = []
    for row in try root.rows("conversionFactors") where try row.text("category") == "standard" {
      factors.append(
        ConversionFactor(
          span: try row.span(), dollars: try row.amount("value"),
          isAssumed: try row.flag("assumed")))
    }
    conversionFactors = factors
    var status: [Key: OutpatientStatus] = [:]
    for row in try root.rows("opps") {
      status[Key(code: try row.code("code"), year: try row.integer("year"))] = OutpatientStatus(
        indicator: try row.text("status"), group: try row.optional("apc", "a text") { $0.text })
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

  /// Whether the code is reported and not paid by itself.
  public var isPackaged: Bool { indicator == "N" }
}
