/// One unbroken history of a ledger.
///
/// A restore from a backup can lose entries whose numbers are then given again; so it begins a new
/// epoch, and an entry is known by its epoch and its number.
public struct LedgerEpoch: Hashable, Sendable, CustomStringConvertible {
  /// Four characters, drawn at random: a consonant, then consonants or digits from 2 to 9.
  public let text: String

  /// The epoch of this text; nil when it has not the shape of one.
  ///
  /// It begins with a letter, so that no spreadsheet takes it for a number, and has no vowel, so
  /// that it is no word.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 4, Self.letters.contains(bytes[0]),
      bytes.allSatisfy({ Self.letters.contains($0) || Self.digits.contains($0) })
    else { return nil }
    self.text = text
  }

  private static let letters = Array("bcdfghjkmnpqrstvwxyz".utf8)
  private static let digits = Array("23456789".utf8)

  /// The four characters.
  public var description: String { text }
}

/// What names an entry of a facility's ledger for ever, here and at billing: `k7q3-1042`.
///
/// At most twelve characters up to entry 9,999,999, as HL7 v2.5.1 wants of FT1-2.
public struct EntryID: Hashable, Sendable, CustomStringConvertible {
  /// The epoch in which it was entered.
  public let epoch: LedgerEpoch
  /// Its number in the facility's ledger: 1, 2, 3 … without a gap, over all epochs.
  public let number: Int64

  /// The id of these parts.
  public init(epoch: LedgerEpoch, number: Int64) {
    self.epoch = epoch
    self.number = number
  }

  /// The id of this text; nil when it has not the shape of one.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let epoch = LedgerEpoch(String(parts[0])),
      let number = Int64(parts[1]), number > 0, String(number) == parts[1]
    else { return nil }
    self.init(epoch: epoch, number: number)
  }

  /// `EPOCH-NUMBER`.
  public var description: String { "\(epoch.text)-\(number)" }
}
