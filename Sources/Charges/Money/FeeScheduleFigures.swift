public import Procedures

/// The figures of Medicare's physician fee schedule behind an amount: what was added, and by what
/// the sum was multiplied.
public struct FeeScheduleFigures: Hashable, Sendable {
  /// Relative value units of the physician's work.
  public let work: Decimal
  /// Relative value units of the practice's expense in the case's setting.
  public let practiceExpense: Decimal
  /// Relative value units of malpractice insurance.
  public let malpractice: Decimal
  /// Dollars a relative value unit.
  public let conversionFactor: Decimal
  /// Whether the practice bears the expense, as in an office; else a facility does.
  public let isOffice: Bool
  /// Where the relative values come from.
  public let valuesSource: String
  /// Where the conversion factor comes from.
  public let factorSource: String
  /// (work + practice expense + malpractice) × conversion factor, half-up to the cent.
  public let perUnit: MedicareAmount

  /// The calculation in words, such as `(1.8 + 27.51 + 0.34) × $34.6062`.
  public var sentence: String {
    "(\(work) work + \(practiceExpense) practice expense in \(isOffice ? "an office" : "a facility")"
      + " + \(malpractice) malpractice) × $\(conversionFactor)"
  }
}

/// What the fee schedule says of one unit of a code.
enum FeeScheduleValue {
  case figures(FeeScheduleFigures)
  /// The book knows the code, and has no value or no factor for the year.
  case unpublished(year: Int)
  /// The book has no value of the code for any year.
  case unknownCode
}

extension RuleBook {
  func feeSchedule(
    of code: BillingCode, on date: CalendarDate, setting: CareSetting
  ) -> FeeScheduleValue {
    let money = tables.money
    let year = date.components.year
    guard money.hasValue(of: code) else { return .unknownCode }
    guard let value = money.relativeValue(of: code, on: date),
      let factor = money.conversionFactors.first(where: { $0.span.contains(date) })
    else { return .unpublished(year: year) }
    let isOffice = setting == .office
    let expense = isOffice ? value.practiceExpenseOffice : value.practiceExpenseFacility
    guard let sum = Decimal.sum([value.work, expense, value.malpractice]),
      let cents = sum.cents(at: factor.dollars)
    else { return .unpublished(year: year) }
    return .figures(
      FeeScheduleFigures(
        work: value.work, practiceExpense: expense, malpractice: value.malpractice,
        conversionFactor: factor.dollars, isOffice: isOffice, valuesSource: value.source,
        factorSource: factor.source,
        perUnit: MedicareAmount(cents: cents, isAssumed: value.isAssumed || factor.isAssumed)))
  }
}

extension Decimal {
  /// The significand at a smaller exponent; nil where it does not fit.
  fileprivate func significand(at exponent: Int) -> Int64? {
    var value = significand
    for _ in 0..<max(0, self.exponent - exponent) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = product
    }
    return value
  }

  /// The exact sum; nil where it does not fit.
  fileprivate static func sum(_ numbers: [Decimal]) -> Decimal? {
    let exponent = numbers.map(\.exponent).min() ?? 0
    var total: Int64 = 0
    for number in numbers {
      guard let value = number.significand(at: exponent) else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(value)
      if overflow { return nil }
      total = sum
    }
    return Decimal(significand: total, exponent: exponent)
  }

  /// The product with an amount of dollars, half-up to the cent; nil where it does not fit.
  ///
  /// Neither is negative.
  fileprivate func cents(at dollars: Decimal) -> Int64? {
    let (product, overflow) = significand.multipliedReportingOverflow(by: dollars.significand)
    guard !overflow else { return nil }
    let places = -(exponent + dollars.exponent)
    if places <= 2 {
      return Decimal(significand: product, exponent: -places).significand(at: -2)
    }
    guard places <= 20 else { return 0 }
    var divisor: Int64 = 1
    for _ in 0..<(places - 2) { divisor *= 10 }
    return product / divisor + (product % divisor >= divisor - divisor / 2 ? 1 : 0)
  }
}
