public import Procedures

/// Each unit of a code traced to its entries and rules, why other vessels earned none, and what
/// would change it.
public struct Explanation: Hashable, Sendable {
  /// The code that is explained.
  public let code: BillingCode
  /// The charges in which it stands.
  public let derivation: Derivation
  /// Its lines with their units.
  public let lines: [ExplainedLine]
  /// Why it has no unit, in sentences; empty where it has one.
  public let noUnit: [String]
  /// The vessels that earned no unit of this code.
  public let unearned: [UnearnedVessel]
  /// What would change its units or their status, each derived and not guessed.
  public let alternatives: [Alternative]
  /// The other policies of the book under which nothing of this code changes.
  public let indifferentPolicies: [GroupingPolicyName]
  /// How many entries were not tried, since more would change the code than are looked at.
  public let untriedEntries: Int

  /// Who recorded an entry, and when, as far as a caller may see it.
  public struct Record: Hashable, Sendable {
    /// Who recorded it.
    public let recorder: PersonCode
    /// When.
    public let recordedAt: Instant

    /// A record of these parts.
    public init(recorder: PersonCode, recordedAt: Instant) {
      self.recorder = recorder
      self.recordedAt = recordedAt
    }
  }

  /// Who recorded entries, by entry; those that are not there are not shown.
  public var records: [EventID: Record] = [:]

  /// Explains a code of a case.
  ///
  /// - Parameters:
  ///   - code: the code; it may have no unit.
  ///   - state: the case, with its reasons clear where the caller may see them.
  ///   - context: what its charges are derived in.
  ///   - isPriced: whether each line has its price.
  /// - Throws: why the case cannot be derived.
  public init(
    of code: BillingCode, in state: CaseState, _ context: DerivationContext,
    isPriced: Bool = false
  ) throws(DerivationError) {
    let reading = try CaseUnderRules(state, context)
    let derivation = try Derivation(of: state, in: context)
    let hypothesis = Hypothesis(state: state, context: context, derivation: derivation)
    self.code = code
    self.derivation = derivation
    let mine = derivation.lines.filter { $0.code == code }
    lines = mine.map { line in
      reading.explained(
        line, hypothesis,
        price: isPriced
          ? context.ruleBook.price(
            of: line, on: reading.date, setting: reading.opening.setting) : nil)
    }
    noUnit = mine.isEmpty ? reading.reasonsForNoUnit(of: code) : []
    guard state.phase != .cancelled else {
      unearned = []
      alternatives = []
      indifferentPolicies = []
      untriedEntries = 0
      return
    }
    unearned = reading.unearned(by: code, in: derivation)
    let found = Alternatives(of: code, reading, hypothesis, lines)
    alternatives = found.all
    indifferentPolicies = found.indifferentPolicies
    untriedEntries = found.untriedEntries
  }

  /// The explanation of a code in a case that cannot be derived.
  public init(of code: BillingCode, failed derivation: Derivation) {
    self.code = code
    self.derivation = derivation
    lines = []
    noUnit = derivation.holds.map(\.because)
    unearned = []
    alternatives = []
    indifferentPolicies = []
    untriedEntries = 0
  }

  /// How many units it has, over all its lines.
  public var unitCount: Int { lines.reduce(0) { $0 + $1.units.count } }
}

/// A line with its units, what it waits for and what was lifted.
public struct ExplainedLine: Hashable, Sendable {
  /// The line.
  public let line: LineItem
  /// Its units.
  public let units: [ExplainedUnit]
  /// The rules that made it, in words.
  public let rules: [ExplainedRule]
  /// What it waits for.
  public let holds: [ExplainedHold]
  /// What was lifted from it.
  public let releases: [ExplainedRelease]
  /// The rule book's verdicts, with what would pass them.
  public let edits: [ExplainedEdit]
  /// What Medicare pays for it, where that was asked for.
  public let price: Price?
}

/// A unit with each of its entries and the rules that made it.
public struct ExplainedUnit: Hashable, Sendable {
  /// The unit.
  public let unit: CountedUnit
  /// Its entries, by time, then version.
  public let entries: [ExplainedEntry]
  /// The names of the rules of its line that bear on it.
  public let rules: [String]
  /// The holds of its line that concern it.
  public let holds: [HoldCode]
}

/// A rule in words, and where it comes from.
public struct ExplainedRule: Hashable, Sendable {
  /// The rule's name and source.
  public let citation: Citation
  /// What it says.
  public let sentence: String
}

/// A hold with what clears it.
public struct ExplainedHold: Hashable, Sendable {
  /// The hold, with its vessels.
  public let finding: Finding
  /// What clears it: one a unit, where it concerns single units.
  public let remedies: [Remedy]
}

/// A hold that a person lifted.
public struct ExplainedRelease: Hashable, Sendable {
  /// The hold.
  public let hold: HoldCode
  /// The code that the release named; nil for all lines.
  public let code: BillingCode?
  /// The entry that lifted it.
  public let entry: EventID
  /// Its number in the case.
  public let version: Int64
  /// When it was lifted.
  public let occurredAt: Instant
  /// Why, as far as the caller may see it.
  public let reason: Confidential
  /// Whether the hold would stand without it.
  public let isNeeded: Bool
}

/// An edit with what would pass it.
public struct ExplainedEdit: Hashable, Sendable {
  /// The edit.
  public let finding: Finding
  /// What would pass it, in words; nil for one that lets the line stand.
  public let passedBy: String?
}
