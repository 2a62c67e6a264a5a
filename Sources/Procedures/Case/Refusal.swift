/// Why the log will not take an event: a code for programs, a sentence for the person at the
/// table, and the field at fault.
///
/// The sentence repeats codes of the catalogue and names of fields, never what was entered: an
/// entry may hold a patient's data.
public struct Refusal: Error, Equatable, Sendable {
  /// What kind of refusal it is; the spelling is the contract's.
  public enum Code: String, CaseIterable, Sendable {
    case caseUnknown = "case-unknown"
    case caseAlreadyOpen = "case-already-open"
    case caseCancelled = "case-cancelled"
    case caseNotOpen = "case-not-open"
    case vesselUnknown = "vessel-unknown"
    case sideRequired = "side-required"
    case sideNotApplicable = "side-not-applicable"
    case lesionUnknown = "lesion-unknown"
    case entryUnknown = "entry-unknown"
    case entryAlreadyRetracted = "entry-already-retracted"
    case occurredInFuture = "occurred-in-future"
    case occurredBeforeCase = "occurred-before-case"
    case fieldMissing = "field-missing"
    case fieldUnknown = "field-unknown"
    case fieldInvalid = "field-invalid"
    case eventIDReused = "event-id-reused"
    case versionConflict = "version-conflict"
  }

  /// What kind of refusal it is.
  public let code: Code
  /// One sentence that says what is wrong and, where it can, what to do.
  public let sentence: String
  /// The path of the field at fault, such as `data.vessel`; nil when no field is.
  public let field: String?
  /// For an unknown vessel, the codes nearest to what was given, the nearest first.
  public let nearest: [String]
  /// For a version conflict, what was expected and what is.
  public let versions: Versions?

  /// The version of a case that a caller expected, and the one that it has.
  public struct Versions: Equatable, Sendable {
    /// The version that the caller expected.
    public let expected: Int64
    /// The version that the case has.
    public let current: Int64

    /// These two versions.
    public init(expected: Int64, current: Int64) {
      self.expected = expected
      self.current = current
    }
  }

  /// A refusal of this code, in this sentence, at this field.
  public init(
    _ code: Code, _ sentence: String, field: String? = nil, nearest: [String] = [],
    versions: Versions? = nil
  ) {
    self.code = code
    self.sentence = sentence
    self.field = field
    self.nearest = nearest
    self.versions = versions
  }
}

extension Refusal: CustomStringConvertible {
  /// `code: sentence`, the form of the command line.
  public var description: String { "\(code.rawValue): \(sentence)" }
}
