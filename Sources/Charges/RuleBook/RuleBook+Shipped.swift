internal import Procedures

extension RuleBook {
  /// The books that the product ships, the standard one first.
  public static var shipped: [RuleBook] { [standard] }

  /// The shipped texts, each an object of tables; together they are one document.
  private static let shippedTexts: [(name: String, text: String)] = [
    ("codes", Embedded.codes_json), ("limits", Embedded.limits_json),
    ("primaries", Embedded.primaries_json), ("pairs", Embedded.pairs_json),
    ("modifiers", Embedded.modifiers_json), ("money", Embedded.money_json),
    ("families", Embedded.families_json), ("policies", Embedded.policies_json),
    ("payers", Embedded.payers_json), ("holds", Embedded.holds_json),
  ]

  /// The shipped book as one document, with what the catalogue says of each vessel.
  static func shippedDocument() throws(RuleBookError) -> JSON {
    var tables: [JSON.Member] = []
    for (name, text) in shippedTexts {
      tables += try shippedJSON(text, name).members ?? []
    }
    let vessels: JSON = [
      "about": "What the catalogue of vessels said when the book was made.",
      "source": "Cathlog's catalogue of vessels",
      "rows": .array(VesselCatalogue.standard.vessels.map(\.bookRow)),
    ]
    tables.append(JSON.Member("vessels", vessels))
    let head = try shippedJSON(Embedded.book_json, "book").members ?? []
    return .object(head + [JSON.Member("tables", .object(tables))])
  }

  private static func shippedJSON(
    _ text: String, _ name: String
  ) throws(RuleBookError) -> JSON {
    let bytes = Array(text.utf8)
    do throws(JSONError) {
      return try JSON.read(bytes)
    } catch {
      var fault = RuleBookFault("\(name).json is not JSON: \(error.sentence).")
      fault.line = JSONPlaces.line(ofByte: error.offset, in: bytes)
      throw RuleBookError([fault])
    }
  }
}
