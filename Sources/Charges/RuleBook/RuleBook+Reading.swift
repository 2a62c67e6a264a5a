public import Procedures

extension RuleBook {
  /// How long the text of a book may be, in bytes.
  public static let textLimit = 4 << 20
  /// How many levels of lists and objects it may have within each other.
  static let depthLimit = 8

  /// Reads a book from the text of a file: a whole book, or a site's book that extends a shipped
  /// one.
  ///
  /// - Parameters:
  ///   - text: UTF-8, at most ``textLimit`` bytes.
  ///   - bases: the books that a site's book may extend.
  /// - Throws: all that is wrong, each with its line.
  public init(
    reading text: [UInt8], bases: [RuleBook] = RuleBook.shipped
  ) throws(RuleBookError) {
    let json: JSON
    do throws(JSONError) {
      json = try JSON.read(
        text, limits: JSON.Limits(depth: Self.depthLimit, bytes: Self.textLimit))
    } catch {
      var fault = RuleBookFault("Not the JSON of a rule book: \(error.sentence).")
      fault.line = JSONPlaces.line(ofByte: error.offset, in: text)
      throw RuleBookError([fault])
    }
    try self.init(json, text: text, bases: bases)
  }

  /// Reads a book from a whole document, such as ``document`` gives.
  ///
  /// - Throws: all that is wrong, without lines.
  public init(document: JSON) throws(RuleBookError) {
    try self.init(document, text: nil, bases: [])
  }

  private init(_ json: JSON, text: [UInt8]?, bases: [RuleBook]) throws(RuleBookError) {
    var reader = BookReader()
    let read = reader.read(json)
    try reader.faults.check(in: text)
    guard var book = read else {
      throw RuleBookError([RuleBookFault("It is not a rule book.")])
    }
    if let extended = reader.extended {
      let base = try Self.base(extended, of: book, text, bases)
      book = book.laid(over: base)
    }
    try book.inconsistencies().check(in: text)
    tables = try RuleTables(book)
    let digest = tables.digest
    if bases.contains(where: { $0.edition == book.edition && $0.digest != digest }) {
      var faults = RuleBookFaults()
      faults.add(Self.takenEdition(book.edition), field: "ruleBook")
      throw faults.error(in: text)
    }
  }

  private static func takenEdition(_ edition: RuleBookEdition) -> String {
    "\(edition) is the edition of another book; give this one its own."
  }

  private static func base(
    _ extended: (edition: RuleBookEdition, digest: String?), of book: BookDocument,
    _ text: [UInt8]?, _ bases: [RuleBook]
  ) throws(RuleBookError) -> RuleBook {
    var faults = RuleBookFaults()
    let base = bases.first { $0.edition == extended.edition }
    if let base {
      if let digest = extended.digest, digest != base.digest {
        faults.add(
          "The book \(base.edition) at hand has another digest.", field: "extendsDigest")
      }
    } else {
      let known = bases.map(\.edition.text).joined(separator: ", ")
      faults.add(
        "There is no book \(extended.edition) to extend"
          + (known.isEmpty ? "." : "; there is \(known)."), field: "extends")
    }
    if bases.contains(where: { $0.base == nil && $0.edition == book.edition }) {
      faults.add(takenEdition(book.edition), field: "ruleBook")
    }
    try faults.check(in: text)
    guard let base else { throw faults.error(in: text) }
    return base
  }

  /// Whether a text can be a digest: `sha256:` and 64 hexadecimal digits in small letters.
  static func isDigest(_ text: String) -> Bool {
    text.hasPrefix("sha256:") && text.utf8.count == 71
      && text.utf8.dropFirst(7).allSatisfy { "0123456789abcdef".utf8.contains($0) }
  }
}
