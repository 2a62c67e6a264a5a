public import Procedures

/// How a facility's current lines stand to its log.
public struct ProjectorStatus: Hashable, Sendable {
  /// Up to where the log is applied.
  public var position: Int64
  /// Where the log ends.
  public var logEnd: Int64
  /// The age of the oldest event that is not applied, by the database's clock; zero when there is
  /// none.
  public var staleness: Duration
  /// Positions whose case's rows say what they changed.
  public var applied: Int64
  /// Positions that change no line.
  public var irrelevant: Int64
  /// Positions of cases that cannot be derived.
  public var held: Int64
  /// How many cases cannot be derived; the facility's own events count as one.
  public var heldCaseCount: Int64
  /// Whether the rows were made by this program's fold and rule book; where not, they stay as they
  /// are until they are rebuilt.
  public var isOfThisEdition: Bool
  /// Whether a rebuild is under way or was left.
  public var isRebuilding: Bool

  /// How many events are not applied.
  public var lag: Int64 { logEnd - position }
}

/// A case that cannot be derived as it stands.
public struct HeldCase: Hashable, Sendable {
  /// The case; the nil UUID for the facility's own events.
  public var caseID: CaseID
  /// How many positions of the log are held with it.
  public var positions: Int64
  /// The last of them.
  public var position: Int64
  /// Why, in a sentence.
  public var reason: String
}
