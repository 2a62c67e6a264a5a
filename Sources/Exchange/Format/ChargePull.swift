public import Charges
public import Procedures

/// What an encoder must know of a pull besides its entries.
public struct ChargePull: Hashable, Sendable {
  /// The facility whose ledger it is.
  public var facility: FacilityCode
  /// What HL7 messages call a credit, and the CSV too.
  public var creditCode: CreditCode
  /// After which entry the pull begins; nil at the beginning of the ledger.
  public var after: EntryID?
  /// The address of this pull, which a FHIR Bundle names.
  public var address: String?
  /// How many entries the pull has over all its pages, where that is known.
  public var total: Int?

  /// A pull from a facility's ledger.
  public init(
    facility: FacilityCode, creditCode: CreditCode = .credit, after: EntryID? = nil,
    address: String? = nil, total: Int? = nil
  ) {
    self.facility = facility
    self.creditCode = creditCode
    self.after = after
    self.address = address
    self.total = total
  }
}

/// The type of a transaction that takes a charge back, as the receiver's HL7 interface calls it.
///
/// HL7 v2 table 0017 (transaction type) has `CG` charge and `CD` credit; it is user-defined, and
/// some receivers want another code.
public struct CreditCode: Hashable, Sendable, CustomStringConvertible {
  /// One to eight capital letters or digits, other than `CG`.
  public let text: String

  /// The code of this text; nil when it has not the shape of one, or would charge.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard (1...8).contains(bytes.count), text != "CG",
      bytes.allSatisfy({
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
      })
    else { return nil }
    self.text = text
  }

  private init(standard text: String) { self.text = text }

  /// `CD`, the code of table 0017.
  public static let credit = CreditCode(standard: "CD")

  /// The code.
  public var description: String { text }
}
