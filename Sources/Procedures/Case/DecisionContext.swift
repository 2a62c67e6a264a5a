/// What a decision needs to know from outside the case.
public struct DecisionContext: Sendable {
  /// The facility whose log this is; nil where a file tells, which may hold several.
  public var facility: FacilityCode?
  /// The database's clock; nil where there is none, and then no time is in the future.
  public var now: Instant?
  /// The codes that the rule book derives, which nobody states.
  public var derivedCodes: Set<BillingCode>
  /// The editions of the rule books that can be adopted, by their digests; nil where nobody knows,
  /// and then any is taken.
  public var ruleBooks: [String: RuleBookEdition]?

  /// A context of these parts.
  public init(
    facility: FacilityCode?, now: Instant?, derivedCodes: Set<BillingCode>,
    ruleBooks: [String: RuleBookEdition]? = nil
  ) {
    self.facility = facility
    self.now = now
    self.derivedCodes = derivedCodes
    self.ruleBooks = ruleBooks
  }

  /// How far ahead of the database's clock an event may have happened: clocks differ.
  public static let secondsAhead: Int64 = 5 * 60
  /// How long before the opening of its case an event may have happened.
  public static let secondsBeforeCase: Int64 = 24 * 3600

  /// Refuses a time that the log's clock has not reached.
  func checkReached(_ time: Instant, field: String) throws(Refusal) {
    guard let now, time > now.adding(seconds: Self.secondsAhead) else { return }
    throw Refusal(
      .occurredInFuture, "This time is more than five minutes ahead of the log's clock.",
      field: field)
  }

  /// Refuses an opening, of the facility or of a case, in the log of another facility.
  func checkOwn(_ named: FacilityCode) throws(Refusal) {
    guard let facility, named != facility else { return }
    throw Refusal(
      .fieldInvalid, "This names another facility than the one whose log it is.",
      field: "data.facility")
  }
}

extension Refusal {
  /// An event of the facility sent to a case, or one of a case sent to the facility.
  static var wrongCase: Refusal {
    Refusal(
      .fieldInvalid, "Events of the facility, and only those, belong to the case of all zeros.",
      field: "case")
  }
}
