public import Procedures

/// Each unit of a code traced to its entries and rules, and why other images earned none.
public struct Explanation: Hashable, Sendable {
  /// The code that is explained.
  public let code: BillingCode
  /// The charges in which it stands.
  public let derivation: Derivation
  /// Its units, line by line.
  public let units: [ExplainedUnit]
  /// Images that earned no unit of this code.
  public let unearned: [UnearnedImage]

  /// Explains a code of a case.
  ///
  /// - Throws: why the case cannot be derived.
  public init(
    of code: BillingCode, in state: CaseState, _ context: DerivationContext
  ) throws(DerivationError) {
    let reading = try CaseUnderRules(state, context)
    self.code = code
    derivation = try Derivation(of: state, in: context)
    let isCancelled = state.phase == .cancelled
    units = derivation.lines.filter { $0.code == code }.flatMap { reading.explained($0) }
    unearned = isCancelled ? [] : reading.unearned(by: code, in: derivation)
  }
}

/// A unit with each of its entries and the rules that made it.
public struct ExplainedUnit: Hashable, Sendable {
  /// The unit.
  public let unit: CountedUnit
  /// The status of its line.
  public let status: LineStatus
  /// What its line waits for.
  public let holds: [Finding]
  /// The edits of its line.
  public let edits: [Finding]
  /// Its entries, by time, then version.
  public let entries: [ExplainedEntry]
  /// The rules of its line, in words and with their sources.
  public let rules: [ExplainedRule]
}

/// A rule in words, and where it comes from.
public struct ExplainedRule: Hashable, Sendable {
  /// The rule's name and source.
  public let citation: Citation
  /// What it says.
  public let sentence: String
}

/// An entry on which a unit rests.
public struct ExplainedEntry: Hashable, Sendable {
  /// The original event.
  public let entry: EventID
  /// Its number in the case.
  public let version: Int64
  /// When it happened.
  public let occurredAt: Instant
  /// The vessel or segment that was imaged; nil where no vessel was counted.
  public let site: VesselSite?
  /// What it does for the unit.
  public let part: Part

  /// What an entry does for its unit.
  public enum Part: Hashable, Sendable {
    /// It earns the unit.
    case earns
    /// It is a further look at a place that was imaged before.
    case again
    /// It shows another part of a vessel that was imaged before.
    case segment(of: VesselSite)
    /// It shows a vessel into which a lesion runs on.
    case lesion([LesionCode])
    /// It shows a vessel that the policy counts as one with another.
    case policy(group: String)
    /// It states the unit, or records the supply.
    case states
  }
}

/// An image that earned no unit of the code.
public struct UnearnedImage: Hashable, Sendable {
  /// The original event.
  public let entry: EventID
  /// The vessel or segment.
  public let site: VesselSite
  /// Why it earned none.
  public let reason: Reason

  /// Why an image earned no unit.
  public enum Reason: Hashable, Sendable {
    /// Its entry was retracted.
    case retracted
    /// What made the image does not count for this vessel.
    case modality(ImageAcquired.Modality, Citation)
    /// Its vessel yields to another that was imaged.
    case yields(Citation)
    /// It counts under other codes.
    case countsUnder([BillingCode])
  }
}
