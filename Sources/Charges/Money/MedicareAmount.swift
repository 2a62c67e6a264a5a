public import Procedures

/// Medicare's professional amount, in cents of a dollar: exact decimals, never binary ones.
public struct MedicareAmount: Hashable, Sendable, CustomStringConvertible {
  /// The amount in cents.
  public let cents: Int64
  /// Whether a figure behind it was not confirmed by a source.
  public let isAssumed: Bool

  /// Dollars with two places, such as `1026.07`.
  public var description: String {
    let rest = cents % 100
    return "\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}

extension RuleBook {
  /// Medicare's professional amount for units of a code: (work + practice expense by setting +
  /// malpractice) × conversion factor, half-up to the cent a unit.
  ///
  /// - Returns: nil where no value was published for the date, which is not zero.
  public func medicareAmount(
    of code: BillingCode, units: Int, on date: CalendarDate, setting: CareSetting
  ) -> MedicareAmount? {
    let money = tables.money
    guard let value = money.relativeValue(of: code, on: date),
      let factor = money.conversionFactors.first(where: { $0.span.contains(date) })
    else { return nil }
    let expense: Decimal
    switch setting {
    case .office: expense = value.practiceExpenseOffice
    case .hospitalOutpatient, .hospitalInpatient, .ambulatorySurgeryCenter:
      expense = value.practiceExpenseFacility
    }
    guard let sum = Decimal.sum([value.work, expense, value.malpractice]),
      let cents = sum.cents(at: factor.dollars)
    else { return nil }
    let (total, overflow) = cents.multipliedReportingOverflow(by: Int64(units))
    return overflow ? nil : MedicareAmount(cents: total, isAssumed: factor.isAssumed)
  }

  /// How Medicare pays a hospital outpatient department for a code; nil where no year's table
  /// says.
  public func outpatientStatus(of code: BillingCode, on date: CalendarDate) -> OutpatientStatus? {
    tables.money.outpatientStatus(of: code, on: date)
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
