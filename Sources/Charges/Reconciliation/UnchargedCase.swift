public import Procedures

/// Why no charge of a case stands; a case has the first of these that is true of it.
public enum UnchargedReason: String, CaseIterable, Sendable {
  /// A line is billable and nothing was posted, though the ledger has come that far: a fault.
  case notPosted = "not-posted"
  /// It is signed, and every line that no edit excludes is held.
  case held
  /// No signature covers it.
  case notSigned = "not-signed"
  /// Its charges cannot be derived.
  case derivationFailed = "derivation-failed"
  /// It was recorded, and its lines are not projected yet.
  case notProjected = "not-projected"
  /// It is signed, and an edit of the rule book excludes every line.
  case excluded = "excluded-by-edits"
  /// It is signed, and nothing in it makes a line.
  case nothingToCharge = "nothing-to-charge"
  /// It was cancelled.
  case cancelled
  /// It was imported to be kept and not to be charged.
  case withheld

  /// For a heading: what these cases are.
  var phrase: String {
    switch self {
    case .notPosted: "billable, and not posted"
    case .held: "held"
    case .notSigned: "not signed"
    case .derivationFailed: "cannot be derived"
    case .notProjected: "not projected yet"
    case .excluded: "excluded by edits"
    case .nothingToCharge: "nothing to charge"
    case .cancelled: "cancelled"
    case .withheld: "withheld from the ledger"
    }
  }
}

/// The cases that have no charge for one reason.
public struct UnchargedCases: Hashable, Sendable {
  /// The reason.
  public let reason: UnchargedReason
  /// The cases, the oldest date of service first.
  public let cases: Listing<UnchargedCase>

  /// The cases of a reason.
  public init(_ reason: UnchargedReason, _ cases: Listing<UnchargedCase>) {
    self.reason = reason
    self.cases = cases
  }
}

/// A case of which no charge stands.
public struct UnchargedCase: Hashable, Sendable {
  /// How a case came to have no signature that covers it.
  public enum SignatureGap: String, Sendable {
    /// It goes on, and was never signed.
    case open
    /// It was closed, and never signed.
    case closed
    /// It was reopened.
    case reopened
    /// It was changed after it was signed.
    case changed

    var sentence: String {
      switch self {
      case .open: "Open and never signed"
      case .closed: "Closed and never signed"
      case .reopened: "Reopened and not signed again"
      case .changed: "Changed after its signature, to be signed again"
      }
    }
  }

  /// The case.
  public let subject: ReconciledCase
  /// Why.
  public let reason: UnchargedReason
  /// The holds on its lines, but for the missing signature.
  public let holds: [HoldCode]
  /// The edits that exclude its lines.
  public let edits: [Finding.Code]
  /// Of a case that is not signed, how that came.
  public let gap: SignatureGap?
  /// Of a case that is not signed, since when it stands so.
  public let since: Instant?
  /// Of a case that cannot be derived, why.
  public let fault: String?

  /// A case of these parts.
  public init(
    _ subject: ReconciledCase, _ reason: UnchargedReason, holds: [HoldCode] = [],
    edits: [Finding.Code] = [], gap: SignatureGap? = nil, since: Instant? = nil,
    fault: String? = nil
  ) {
    self.subject = subject
    self.reason = reason
    self.holds = holds
    self.edits = edits
    self.gap = gap
    self.since = since
    self.fault = fault
  }

  /// Why, in words.
  ///
  /// - Parameter moment: by whose clock times are told.
  /// - Returns: one sentence.
  public func sentence(at moment: ReconciledMoment) -> String {
    switch reason {
    case .notPosted: return "Its lines are billable, and nothing was posted."
    case .held: return "Held by \(holds.map(\.rawValue).joined(separator: ", "))."
    case .notSigned:
      let others = holds.map(\.rawValue).joined(separator: ", ")
      return "\(gap?.sentence ?? "Not signed")"
        + (since.map { ", since \(moment.local($0))" } ?? "")
        + (others.isEmpty ? "." : "; then held by \(others).")
    case .derivationFailed:
      let because = fault ?? "its lines cannot be read."
      return "It cannot be derived: \(because.hasSuffix(".") ? because : because + ".")"
    case .notProjected: return "Recorded; its lines follow."
    case .excluded:
      let codes = edits.map(\.rawValue).joined(separator: ", ")
      return "Every line is kept off the claims by \(codes)."
    case .nothingToCharge: return "Signed, and nothing in it makes a line."
    case .cancelled: return "Cancelled."
    case .withheld: return "Imported to be kept, not to be charged."
    }
  }
}
