public import Procedures

/// What Medicare pays for a line, by the date of service and the setting of its case.
///
/// The rule book holds no percentage for a modifier, for several procedures of one day or for a
/// locality, so amounts are those of the plain national schedule; ``basis`` says so.
public struct Price: Hashable, Sendable {
  /// What the physician is paid.
  public let professional: Professional
  /// How the facility is paid; nil for a line that is not on its claim.
  public let facility: Facility?

  /// The physician's part.
  public enum Professional: Hashable, Sendable {
    /// The amount of the line, and the figures of one unit.
    case amount(MedicareAmount, FeeScheduleFigures)
    /// There is none, which is not zero.
    case none(Absence, because: String)

    /// The amount of the line, where there is one.
    public var amount: MedicareAmount? {
      if case .amount(let amount, _) = self { amount } else { nil }
    }
  }

  /// Why a line has no professional amount.
  public enum Absence: String, CaseIterable, Sendable {
    /// The code has values in other years, and none for this one.
    case noPublishedValue = "no-published-value"
    /// The rule book has no value of this code for any year.
    case codeWithoutValue = "code-without-value"
    /// The line is on the facility's claim alone.
    case notOnProfessionalClaim = "not-on-professional-claim"
    /// An edit keeps the line off every claim.
    case notBillable = "not-billable"
  }

  /// The facility's part: how it is paid; the rule book has no amount of it.
  public struct Facility: Hashable, Sendable {
    /// What is known of the payment.
    public enum Payment: String, CaseIterable, Sendable {
      /// Reported, and not paid by itself.
      case packaged
      /// Paid under its status and classification; how much is not in the rule book.
      case byStatus = "by-status"
      /// No table of the rule book says.
      case unknown
    }

    /// What is known.
    public let payment: Payment
    /// The outpatient status, where a table has it.
    public let status: OutpatientStatus?
    /// The same in a sentence.
    public let because: String
  }

  /// On what all amounts rest.
  public static let basis =
    "Medicare's physician fee schedule, national amounts: the rule book holds no percentages for "
    + "modifiers, several procedures or localities, so none are applied."
}

extension RuleBook {
  /// What Medicare pays for a line of a case of this date and setting.
  public func price(
    of line: LineItem, on date: CalendarDate, setting: CareSetting
  ) -> Price {
    price(
      of: line.code, units: line.units, status: line.status, claims: line.claims, on: date,
      setting: setting)
  }

  /// What Medicare pays for units of a code on these claims.
  public func price(
    of code: BillingCode, units: Int, status: LineStatus, claims: [Claim], on date: CalendarDate,
    setting: CareSetting
  ) -> Price {
    guard status != .notBillable else {
      return Price(
        professional: .none(.notBillable, because: "An edit keeps the line off every claim."),
        facility: nil)
    }
    return Price(
      professional: claims.contains(.professional)
        ? professional(code, units, date, setting)
        : .none(.notOnProfessionalClaim, because: "The line is not on the professional claim."),
      facility: claims.contains(.facility) ? facility(code, date, setting) : nil)
  }

  private func professional(
    _ code: BillingCode, _ units: Int, _ date: CalendarDate, _ setting: CareSetting
  ) -> Price.Professional {
    let year = date.components.year
    switch feeSchedule(of: code, on: date, setting: setting) {
    case .figures(let figures):
      guard let amount = figures.perUnit.times(units) else { break }
      return .amount(amount, figures)
    case .unpublished: break
    case .unknownCode:
      return .none(
        .codeWithoutValue, because: "The rule book has no value of \(code) for any year.")
    }
    return .none(.noPublishedValue, because: "No published value for \(year).")
  }

  private func facility(
    _ code: BillingCode, _ date: CalendarDate, _ setting: CareSetting
  ) -> Price.Facility {
    guard setting == .hospitalOutpatient else {
      return Price.Facility(
        payment: .unknown, status: nil,
        because: "The rule book has no table of facility payment for \(setting.rawValue).")
    }
    guard let status = outpatientStatus(of: code, on: date) else {
      return Price.Facility(
        payment: .unknown, status: nil,
        because: "No published outpatient status for \(date.components.year).")
    }
    if status.isPackaged {
      return Price.Facility(
        payment: .packaged, status: status,
        because: "Packaged (status \(status.indicator)): reported, no separate payment "
          + "(\(status.source)).")
    }
    let group = status.group.map { ", APC \($0)" } ?? ""
    return Price.Facility(
      payment: .byStatus, status: status,
      because: "Status \(status.indicator)\(group): the amount is not in the rule book "
        + "(\(status.source)).")
  }
}
