public import Procedures

/// One thing that a case still lacks before it can be signed and billed, in words for the lab.
///
/// It is read off the same derivation as the lines: what holds a line has its guidance, and
/// guidance that holds money back stands for a hold or an edit of a line.
public struct Guidance: Hashable, Sendable {
  /// What it is.
  public let code: Code
  /// In words for the lab.
  public let sentence: String
  /// Who can do something about it, the likeliest first; empty where nobody at the table can.
  public let roles: [StaffRole]
  /// What to do, where it is not plain from the sentence.
  public let action: String?
  /// The vessels that it concerns.
  public let vessels: [VesselSite]
  /// The entries that it concerns.
  public let entries: [EventID]
  /// The codes whose lines it concerns.
  public let codes: [BillingCode]
  /// The procedures any one of which would do, where a procedure is missing; not in the document,
  /// since they are hundreds.
  public let procedures: [BillingCode]
  /// The hold that stands for it on lines.
  public let hold: HoldCode?
  /// Whether a line waits for it, or is kept off the claims by it.
  public let holdsMoney: Bool

  /// The kinds of guidance, in the order in which a case is finished.
  public enum Code: String, CaseIterable, Sendable, Comparable {
    // In the room
    case patientUnidentified = "patient-unidentified"
    case timeOutMissing = "time-out-missing"
    case accessBeforeTimeOut = "access-before-time-out"
    case imagesMissing = "images-missing"
    case serviceDateDiffers = "service-date-differs"
    case lesionJoinsVessels = "lesion-joins-vessels"
    case caseNotClosed = "case-not-closed"
    // At the desk
    case readingMissing = "reading-missing"
    case primaryMissing = "primary-missing"
    case lineExcluded = "line-excluded"
    case unitsOverLimit = "units-over-limit"
    case sameDaySession = "same-day-session"
    case authorizationWanted = "authorization-wanted"
    case modifierWithoutLine = "modifier-without-line"
    case payerUnknown = "payer-unknown"
    case caseNotSigned = "case-not-signed"
    case derivationFailed = "derivation-failed"

    /// The order of the list.
    public static func < (left: Self, right: Self) -> Bool { left.place < right.place }

    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  init(
    _ code: Code, _ sentence: String, by roles: [StaffRole], action: String? = nil,
    vessels: [VesselSite] = [], entries: [EventID] = [], codes: [BillingCode] = [],
    procedures: [BillingCode] = [], hold: HoldCode? = nil, holdsMoney: Bool = false
  ) {
    self.code = code
    self.sentence = sentence
    self.roles = roles
    self.action = action
    self.vessels = vessels
    self.entries = entries
    self.codes = codes
    self.procedures = procedures
    self.hold = hold
    self.holdsMoney = holdsMoney
  }

  /// What the lab can do now comes first, then what physicians, coders and nobody at the table can;
  /// among those, what holds money back.
  static func precedes(_ left: Self, _ right: Self) -> Bool {
    if left.rank != right.rank { return left.rank < right.rank }
    if left.holdsMoney != right.holdsMoney { return left.holdsMoney }
    if left.code != right.code { return left.code < right.code }
    if left.vessels != right.vessels {
      return left.vessels.lexicographicallyPrecedes(right.vessels)
    }
    return left.codes.lexicographicallyPrecedes(right.codes)
  }

  private var rank: Int {
    switch roles.first {
    case .recorder: 0
    case .physician: 1
    case .coder: 2
    case .billing, .auditor, .admin, nil: 3
    }
  }

  /// `{"code":…,"sentence":…,"roles":[…],"holdsMoney":…}`, with what it concerns.
  public var json: JSON {
    var members = [
      JSON.Member("code", .string(code.rawValue)), JSON.Member("sentence", .string(sentence)),
      JSON.Member("roles", .texts(roles.map(\.rawValue))),
      JSON.Member("holdsMoney", .bool(holdsMoney)),
    ]
    if let action { members.append(JSON.Member("action", .string(action))) }
    if let hold { members.append(JSON.Member("hold", .string(hold.rawValue))) }
    if !codes.isEmpty { members.append(JSON.Member("codes", .texts(codes.map(\.text)))) }
    if !vessels.isEmpty { members.append(JSON.Member("vessels", .array(vessels.map(\.json)))) }
    if !entries.isEmpty {
      members.append(JSON.Member("entries", .texts(entries.map(\.description))))
    }
    return .object(members)
  }
}

extension Guidance {
  /// What a case still lacks, sorted by what the lab can do now; empty for a cancelled case and one
  /// that was not opened.
  ///
  /// - Parameters:
  ///   - state: the case.
  ///   - context: what its charges are derived in.
  ///   - sentence: why the case cannot be derived, where something beyond it is the reason.
  /// - Returns: the guidance that goes with the charges of the same case in the same context.
  public static func list(
    of state: CaseState, in context: DerivationContext, heldBecause sentence: String? = nil
  ) -> [Guidance] {
    guard state.phase != .cancelled, state.phase != .unknown else { return [] }
    do throws(DerivationError) {
      if let sentence { return failed(sentence, state) }
      let reading = try CaseUnderRules(state, context)
      return reading.guidance(try reading.result()).sorted(by: precedes)
    } catch {
      return failed(error.description, state)
    }
  }

  /// What a case lacks whose charges were made by a book that is not at hand.
  public static func unreadable(_ state: CaseState) -> [Guidance] {
    guard state.phase != .cancelled, state.phase != .unknown else { return [] }
    return failed("the rule book by which they were derived is not at hand", state)
  }

  private static func failed(_ sentence: String, _ state: CaseState) -> [Guidance] {
    let failure = Guidance(
      .derivationFailed, "The charges cannot be derived: " + Self.ended(sentence), by: [],
      action: "Tell whoever runs the service.", hold: .derivationFailed, holdsMoney: true)
    return ([failure] + state.ownGuidance(isHeld: false)).sorted(by: precedes)
  }

  private static func ended(_ sentence: String) -> String {
    sentence.hasSuffix(".") ? sentence : sentence + "."
  }
}
