internal import Procedures

/// Whose code it is.
///
/// CPT codes begin with a digit (the AMA's categories I to III), those of HCPCS Level II with a
/// letter and have four digits (CMS, "HCPCS Level II Coding Procedures").
enum CodeSystem: Equatable {
  case cpt
  case hcpcs

  init(_ code: BillingCode) {
    self = code.text.utf8.first.map(Self.isDigit) ?? false ? .cpt : .hcpcs
  }

  /// CPT's modifiers are two digits, `P1` to `P6` (physical status) and `1P`, `2P`, `3P`, `8P`
  /// (performance measures); all others are of HCPCS Level II.
  init(_ modifier: Modifier) {
    let bytes = Array(modifier.text.utf8)
    let isCPT =
      Self.isDigit(bytes[0]) && (Self.isDigit(bytes[1]) || bytes[1] == UInt8(ascii: "P"))
      || bytes[0] == UInt8(ascii: "P") && (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(bytes[1])
    self = isCPT ? .cpt : .hcpcs
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

extension CareSetting {
  /// The place of service on a professional claim.
  ///
  /// Source: CMS Place of Service Code Set (cms.gov/Medicare/Coding/place-of-service-codes): 22 on
  /// campus outpatient hospital, 21 inpatient hospital, 24 ambulatory surgical center, 11 office.
  /// A case does not say whether the hospital's outpatient department is off its campus (19).
  var placeOfService: String {
    switch self {
    case .hospitalOutpatient: "22"
    case .hospitalInpatient: "21"
    case .ambulatorySurgeryCenter: "24"
    case .office: "11"
    }
  }
}
