internal import Postgres
public import Procedures

/// Which entries of a ledger are wanted; what is nil does not matter.
public struct LedgerSelection: Hashable, Sendable {
  /// Whether billing has posted an entry, which stands in no entry: the acknowledgement says so.
  public enum Status: String, CaseIterable, Sendable {
    /// Entered, and not acknowledged yet.
    case billable
    /// Acknowledged by billing.
    case billed
  }

  /// The first date of service.
  public var from: CalendarDate?
  /// The last date of service.
  public var through: CalendarDate?
  /// The code.
  public var code: BillingCode?
  /// The case.
  public var caseID: CaseID?
  /// Whether it is acknowledged.
  public var status: Status?

  /// A selection of these parts.
  public init(
    from: CalendarDate? = nil, through: CalendarDate? = nil, code: BillingCode? = nil,
    caseID: CaseID? = nil, status: Status? = nil
  ) {
    self.from = from
    self.through = through
    self.code = code
    self.caseID = caseID
    self.status = status
  }

  /// Whether it leaves out entries between others, as a status does not.
  var hasHoles: Bool { from != nil || through != nil || code != nil || caseID != nil }
}

extension SQL.StringInterpolation {
  /// Appends the conditions on an entry `e` in a range of numbers.
  mutating func appendEntries(
    of facility: FacilityCode, _ selection: LedgerSelection, after number: Int64,
    through last: Int64
  ) {
    appendLiteral(" WHERE e.facility = ")
    appendInterpolation(facility.text)
    appendLiteral(" AND e.number > ")
    appendInterpolation(number)
    appendLiteral(" AND e.number <= ")
    appendInterpolation(last)
    if let from = selection.from {
      appendLiteral(" AND e.service_date >= DATE '1970-01-01' + ")
      appendInterpolation(Int32(clamping: from.daysSince1970))
    }
    if let through = selection.through {
      appendLiteral(" AND e.service_date <= DATE '1970-01-01' + ")
      appendInterpolation(Int32(clamping: through.daysSince1970))
    }
    if let code = selection.code {
      appendLiteral(" AND e.code = ")
      appendInterpolation(code.text)
    }
    if let caseID = selection.caseID {
      appendLiteral(" AND e.case_id = ")
      appendInterpolation(caseID)
    }
  }
}
