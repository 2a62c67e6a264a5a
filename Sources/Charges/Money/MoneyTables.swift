internal import Procedures

/// The tables from which Medicare's amounts are computed.
struct MoneyTables: Sendable {
  /// Relative value units of one code, for a span of dates.
  struct RelativeValue: Sendable {
    let span: DateSpan
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

  private let relativeValues: [BillingCode: [RelativeValue]]
  /// The factors of physicians without an advanced payment model.
  let conversionFactors: [ConversionFactor]
  private let outpatientStatus: [BillingCode: [(span: DateSpan, status: OutpatientStatus)]]

  /// Whether a code has a value on some date.
  func hasValue(of code: BillingCode) -> Bool { relativeValues[code] != nil }

  func relativeValue(of code: BillingCode, on date: CalendarDate) -> RelativeValue? {
    relativeValues[code]?.first { $0.span.contains(date) }
  }

  func outpatientStatus(of code: BillingCode, on date: CalendarDate) -> OutpatientStatus? {
    outpatientStatus[code]?.first { $0.span.contains(date) }?.status
  }

  init(_ book: BookDocument) throws(RuleBookError) {
    var values: [BillingCode: [RelativeValue]] = [:]
    for row in book.rows("relativeValues") {
      values[try row.code("code"), default: []].append(
        RelativeValue(
          span: try row.span(), work: try row.amount("work"),
          practiceExpenseOffice: try row.amount("practiceExpenseNonfacility"),
          practiceExpenseFacility: try row.amount("practiceExpenseFacility"),
          malpractice: try row.amount("malpractice"), source: row.source,
          isAssumed: row.isAssumed))
    }
    relativeValues = values
    var factors: [ConversionFactor] = []
    for row in book.rows("conversionFactors") where try row.text("category") == "standard" {
      factors.append(
        ConversionFactor(
          span: try row.span(), dollars: try row.amount("value"), source: row.source,
          isAssumed: row.isAssumed))
    }
    conversionFactors = factors
    var status: [BillingCode: [(span: DateSpan, status: OutpatientStatus)]] = [:]
    for row in book.rows("opps") {
      status[try row.code("code"), default: []].append(
        (
          try row.span(),
          OutpatientStatus(
            indicator: try row.text("status"),
            group: try row.optional("apc", "a text") { $0.text }, source: row.source)
        ))
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
