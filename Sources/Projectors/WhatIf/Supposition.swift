public import Charges
public import Postgres
public import Procedures

/// What is supposed: other rules, events that were not recorded, or both.
public struct Supposition: Sendable {
  /// The most events that can be supposed.
  public static let eventLimit = 10_000

  /// The book for every case; nil for the one in force.
  public var ruleBook: RuleBook?
  /// The policy for every case; nil for the one in force.
  public var policy: GroupingPolicyName?
  /// Events as if they were recorded now, in this order: of cases of the log, or the facility's own.
  public var events: [Event]

  /// A supposition of these parts.
  public init(
    ruleBook: RuleBook? = nil, policy: GroupingPolicyName? = nil, events: [Event] = []
  ) {
    self.ruleBook = ruleBook
    self.policy = policy
    self.events = events
  }
}

/// Why nothing can be supposed.
public enum WhatIfError: Error {
  /// The log would refuse an event, by its place in the list.
  case refused(Refusal, index: Int)
  /// More events than can be supposed.
  case tooManyEvents
  /// The rule book has no such policy.
  case policyUnknown(GroupingPolicyName, known: [GroupingPolicyName])
  /// So much is not projected yet that the cases of a day cannot be found; try again later.
  case projectionBehind(by: Int64)
  /// The database answered with an error or not at all.
  case database(PostgresError)
}

/// How far a comparison of all cases has come.
public struct WhatIfProgress: Hashable, Sendable {
  /// How many events of the log were replayed.
  public var eventCount: Int64
  /// How many there are.
  public var logEnd: Int64
}
