public import Procedures

/// Something that speaks against a line or a case: a hold, an edit or a warning.
public struct Finding: Hashable, Sendable {
  /// What it is.
  public let code: Code
  /// Why, in a sentence that ends with the source where a published rule decides.
  public let because: String
  /// The vessels that it concerns, where it does not concern the whole line.
  public let vessels: [VesselSite]

  /// A finding of these parts.
  public init(_ code: Code, because: String, vessels: [VesselSite] = []) {
    self.code = code
    self.because = because
    self.vessels = vessels
  }

  /// The contract's lists of holds, edits and warnings.
  public enum Code: String, CaseIterable, Sendable, Comparable {
    // Holds
    case caseNotSigned = "case-not-signed"
    case addOnWithoutPrimary = "add-on-without-primary"
    case interpretationMissing = "interpretation-missing"
    case imagesNotStored = "images-not-stored"
    case mueExceeded = "mue-exceeded"
    case sameDaySession = "same-day-session"
    case payerPreauthorization = "payer-preauthorization"
    case derivationFailed = "derivation-failed"
    // Edits
    case nationalCorrectCoding = "ncci-ptp"
    case mutuallyExclusive = "mutually-exclusive"
    case codeNotActive = "code-not-active"
    case modifierNotApplicable = "modifier-not-applicable"
    case modifierLimit = "modifier-limit"
    // Warnings
    case serviceDateDiffers = "service-date-differs"
    case accessBeforeTimeOut = "access-before-time-out"
    case modifierWithoutLine = "modifier-without-line"

    /// The hold of the same name; nil for an edit or a warning.
    public var hold: HoldCode? { HoldCode(rawValue: rawValue) }

    /// Whether it is an edit that keeps its line off every claim.
    public var excludesLine: Bool {
      switch self {
      case .nationalCorrectCoding, .mutuallyExclusive, .codeNotActive: true
      case .caseNotSigned, .addOnWithoutPrimary, .interpretationMissing, .imagesNotStored,
        .mueExceeded, .sameDaySession, .payerPreauthorization, .derivationFailed,
        .modifierNotApplicable, .modifierLimit, .serviceDateDiffers, .accessBeforeTimeOut,
        .modifierWithoutLine:
        false
      }
    }

    /// The order of the lists.
    public static func < (left: Self, right: Self) -> Bool { left.place < right.place }

    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  /// `{"code":…,"because":…,"vessels":[…]?}`.
  public var json: JSON {
    var members = [
      JSON.Member("code", .string(code.rawValue)), JSON.Member("because", .string(because)),
    ]
    if !vessels.isEmpty { members.append(JSON.Member("vessels", .array(vessels.map(\.json)))) }
    return .object(members)
  }
}

/// A table that says nothing of a code on the date of service, so that it was not checked.
public struct UncheckedCode: Hashable, Sendable, Comparable {
  /// The code.
  public let code: BillingCode
  /// The table's name in the rule book, such as `medicallyUnlikelyEdits`.
  public let table: String

  /// By code, then table.
  public static func < (left: Self, right: Self) -> Bool {
    (left.code, left.table) < (right.code, right.table)
  }

  /// `{"code":…,"table":…}`.
  public var json: JSON { ["code": .string(code.text), "table": .string(table)] }
}

extension VesselSite {
  /// `{"vessel":…,"side":…?}`.
  var json: JSON {
    var members = [JSON.Member("vessel", .string(vessel.code))]
    if let side { members.append(JSON.Member("side", .string(side.rawValue))) }
    return .object(members)
  }
}

extension Citation {
  /// `{"rule":…,"source":…}`, and `"assumed":true` where no source was found.
  public var json: JSON {
    var members = [JSON.Member("rule", .string(rule)), JSON.Member("source", .string(source))]
    if isAssumed { members.append(JSON.Member("assumed", true)) }
    return .object(members)
  }
}
