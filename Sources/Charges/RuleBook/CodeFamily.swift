internal import Procedures

/// A family of codes of which the first distinct vessel earns one and each further one the other.
public struct CodeFamily: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The stable name, such as `noncoronary-ivus`.
  public let name: String

  /// The family of this name; nil when it is not 1 to 64 small letters, digits and hyphens.
  public init?(name: String) {
    guard (1...64).contains(name.utf8.count),
      name.utf8.allSatisfy({ "abcdefghijklmnopqrstuvwxyz0123456789-".utf8.contains($0) })
    else { return nil }
    self.name = name
  }

  /// The name.
  public var description: String { name }

  /// Byte order of names.
  public static func < (left: Self, right: Self) -> Bool { left.name < right.name }
}

/// What a family counts and under which codes.
struct FamilyRules: Sendable {
  /// The codes of a span of dates; before 2016 there were two pairs at once.
  struct Pair: Sendable {
    let first: BillingCode
    let further: BillingCode
    let span: DateSpan
    let firstRule: Citation
    let furtherRule: Citation
  }

  let family: CodeFamily
  let territory: Vessel.Territory
  let modalities: Set<ImageAcquired.Modality>
  let pairs: [Pair]

  init(
    _ row: TableRow, _ book: BookDocument, rules: RuleTexts
  ) throws(RuleBookError) {
    family = try row.required("family", "a family's name") {
      $0.text.flatMap(CodeFamily.init(name:))
    }
    territory = try row.required("territory", "a territory") {
      $0.text.flatMap(Vessel.Territory.init)
    }
    modalities = Set(
      try row.list("modalities", "a modality") { $0.text.flatMap(ImageAcquired.Modality.init) })
    var pairs: [Pair] = []
    for row in book.rows("familyCodes") where row.json["family"]?.text == family.name {
      pairs.append(
        Pair(
          first: try row.code("first"), further: try row.code("further"), span: try row.span(),
          firstRule: try rules.citation(try row.text("firstRule")),
          furtherRule: try rules.citation(try row.text("furtherRule"))))
    }
    self.pairs = pairs
  }

  func counts(_ image: ImageAcquired, _ place: VesselPlace) -> Bool {
    place.territory == territory && modalities.contains(image.modality)
  }

  func codes(on date: CalendarDate) -> [BillingCode] {
    pairs.filter { $0.span.contains(date) }.flatMap { [$0.first, $0.further] }
  }
}
