internal import Procedures

extension RuleBook {
  /// The bytes over which ``digest`` is the SHA-256: the canonical form of ``document`` and of what
  /// the catalogue says of each vessel.
  public var contents: [UInt8] {
    let vessels = VesselCatalogue.standard.vessels.map { vessel -> JSON in
      let facts = vessel.facts
      return [
        .string(facts.code), .string(facts.territory.rawValue), .bool(facts.isPaired),
        facts.parent.map { .string($0.code) } ?? .null,
      ]
    }
    let all: JSON = ["book": document, "vessels": .array(vessels)]
    return all.canonicalBytes
  }

  /// The most bytes that ``contents`` may have to be kept.
  public static let contentsLimit = 4 << 20

  /// Reads a book from its ``contents``.
  ///
  /// Its digest is another than theirs where the catalogue of vessels has changed since: then the
  /// book would decide otherwise than it did.
  /// - Throws: ``RuleBookError`` where they are no book's, or not one that this edition reads.
  public init(contents: [UInt8]) throws(RuleBookError) {
    let json: JSON
    do throws(JSONError) {
      json = try JSON.read(contents, limits: JSON.Limits(bytes: Self.contentsLimit))
    } catch {
      throw RuleBookError("rule book", nil, "\(error.sentence) (byte \(error.offset + 1))")
    }
    guard let document = json["book"] else {
      throw RuleBookError("rule book", nil, "book is missing")
    }
    try self.init(document: document)
  }
}
