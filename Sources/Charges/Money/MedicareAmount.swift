public import Procedures

/// Medicare's professional amount, in cents of a dollar: exact decimals, never binary ones.
public struct MedicareAmount: Hashable, Sendable, CustomStringConvertible {
  /// The amount in cents.
  public let cents: Int64
  /// Whether a figure behind it was not confirmed by a source.
  public let isAssumed: Bool

  /// An amount of cents.
  public init(cents: Int64, isAssumed: Bool = false) {
    self.cents = cents
    self.isAssumed = isAssumed
  }

  /// Dollars with two places, such as `1026.07`.
  public var description: String {
    let magnitude = cents.magnitude
    let rest = magnitude % 100
    return "\(cents < 0 ? "-" : "")\(magnitude / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// Dollars for people, such as `$1,026.07`.
  public var dollars: String {
    let plain = description
    let whole = plain.prefix { $0 != "." }.drop { $0 == "-" }
    var grouped = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index).isMultiple(of: 3) { grouped.append(",") }
      grouped.append(digit)
    }
    return (cents < 0 ? "-$" : "$") + grouped + plain.suffix(3)
  }

  /// As many times as there are units; nil where that does not fit.
  func times(_ units: Int) -> MedicareAmount? {
    let (product, overflow) = cents.multipliedReportingOverflow(by: Int64(units))
    return overflow ? nil : MedicareAmount(cents: product, isAssumed: isAssumed)
  }

  /// Together with another; nil where that does not fit.
  func plus(_ other: MedicareAmount) -> MedicareAmount? {
    let (sum, overflow) = cents.addingReportingOverflow(other.cents)
    return overflow
      ? nil : MedicareAmount(cents: sum, isAssumed: isAssumed || other.isAssumed)
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
    guard case .figures(let figures) = feeSchedule(of: code, on: date, setting: setting) else {
      return nil
    }
    return figures.perUnit.times(units)
  }

  /// How Medicare pays a hospital outpatient department for a code; nil where no year's table
  /// says.
  public func outpatientStatus(of code: BillingCode, on date: CalendarDate) -> OutpatientStatus? {
    tables.money.outpatientStatus(of: code, on: date)
  }
}
