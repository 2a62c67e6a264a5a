/// A short word or code that a person or another system chose.
///
/// 1 to 128 characters, none of them a control character. The subject keeps a room from being
/// passed for a person.
public struct Term<Subject>: Hashable, Sendable {
  /// The text as it was given.
  public let text: String

  /// The term of this text; nil when it is empty, too long, or holds a control character.
  public init?(_ text: String) {
    // Characters are counted only where there are more bytes than characters may be.
    guard !text.isEmpty, text.utf8.count <= 512, text.utf8.count <= 128 || text.count <= 128,
      !text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
    else { return nil }
    self.text = text
  }
}

extension Term {
  // Byte by byte: Unicode writes some letters in two ways, and a log keeps which one was used.

  /// Whether the texts are the same, byte by byte.
  public static func == (left: Self, right: Self) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Hashes the bytes of the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(utf8Of: text) }
}

extension Hasher {
  mutating func combine(utf8Of text: String) {
    var text = text
    text.withUTF8 { combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension Term: CustomStringConvertible, Comparable {
  /// The text itself.
  public var description: String { text }

  /// Byte order.
  public static func < (left: Self, right: Self) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}

/// The kinds of things that a ``Term`` names.
public enum Subjects {
  /// A hospital with a log of its own.
  public enum Facility {}
  /// A person of the staff.
  public enum Person {}
  /// A patient: outside the log an identifier, inside it a pseudonym.
  public enum Patient {}
  /// A lesion within one case.
  public enum Lesion {}
  /// A room.
  public enum Room {}
  /// A payer.
  public enum Payer {}
  /// A rule book's edition.
  public enum RuleBook {}
  /// A policy of grouping vessels.
  public enum GroupingPolicy {}
  /// Anything else that is recorded as it was said.
  public enum Words {}
}

/// A facility's code, as its log's events name it.
public typealias FacilityCode = Term<Subjects.Facility>
/// A person of the staff.
public typealias PersonCode = Term<Subjects.Person>
/// A patient's identifier at the edge; a pseudonym (a UUID's text) inside the log.
public typealias PatientReference = Term<Subjects.Patient>
/// A lesion's name within its case.
public typealias LesionCode = Term<Subjects.Lesion>
/// A room's name.
public typealias RoomName = Term<Subjects.Room>
/// A payer's code.
public typealias PayerCode = Term<Subjects.Payer>
/// A rule book's edition, such as `2026.1`.
public typealias RuleBookEdition = Term<Subjects.RuleBook>
/// The name of a policy that says which named vessels count as one.
public typealias GroupingPolicyName = Term<Subjects.GroupingPolicy>
/// Words recorded as they were said.
public typealias Words = Term<Subjects.Words>

extension FacilityCode {
  /// Whether the text can be a facility's code: 1 to 63 of `a-z`, `0-9` and `-`, first a letter or
  /// a digit, so that it can stand in a URL, a file name and a setting of the database.
  public var isWellFormed: Bool {
    let bytes = Array(text.utf8)
    return bytes.count <= 63 && bytes.first != UInt8(ascii: "-")
      && bytes.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
      }
  }
}
