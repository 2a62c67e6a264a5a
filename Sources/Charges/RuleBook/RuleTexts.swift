internal import Procedures

/// A rule by which a unit or a line was derived, and where the rule comes from.
public struct Citation: Hashable, Sendable {
  /// The rule's name, such as `each-further-noncoronary-vessel`.
  public let rule: String
  /// Where it comes from.
  public let source: String
  /// Whether no source was found, so that a reviewer may overturn it.
  public let isAssumed: Bool

  /// A citation of these parts.
  public init(rule: String, source: String, isAssumed: Bool = false) {
    self.rule = rule
    self.source = source
    self.isAssumed = isAssumed
  }
}

/// The rules in words, by name.
struct RuleTexts: Sendable {
  private let citations: [String: Citation]
  private let sentences: [String: String]

  init(_ book: BookDocument) throws(RuleBookError) {
    var citations: [String: Citation] = [:]
    var sentences: [String: String] = [:]
    for row in book.rows("rules") + book.rows("policies") + book.rows("policyYields") {
      let citation = Citation(
        rule: try row.text("rule"), source: row.source, isAssumed: row.isAssumed)
      citations[citation.rule] = citation
      sentences[citation.rule] = try row.text("says")
    }
    self.citations = citations
    self.sentences = sentences
  }

  func citation(_ rule: String) throws(RuleBookError) -> Citation {
    guard let citation = citations[rule] else {
      throw RuleBookError("rules", nil, "The rule \(rule) is missing.")
    }
    return citation
  }

  func sentence(_ rule: String) -> String { sentences[rule] ?? rule }
}

/// The rules that every derivation cites, looked up once.
struct CountingRules: Sendable {
  let vesselCountsOnce: Citation
  let segmentBelongsToVessel: Citation
  let lesionAcrossVessels: Citation
  let lesionsInAChain: Citation
  let firstByTime: Citation
  let heldUnitsLast: Citation
  let modalityDoesNotCount: Citation
  let statedProcedure: Citation
  let supplyUsed: Citation
  let supplyDisposed: Citation
  let supplyClaim: Citation

  /// Their names, all of which a book must have.
  static let names = [
    "vessel-counts-once", "segment-belongs-to-vessel", "lesion-across-vessels",
    "lesions-in-a-chain", "first-by-time", "held-units-last", "modality-does-not-count",
    "stated-procedure", "supply-used", "supply-disposed", "supply-claim",
  ]

  init(_ texts: RuleTexts) throws(RuleBookError) {
    vesselCountsOnce = try texts.citation("vessel-counts-once")
    segmentBelongsToVessel = try texts.citation("segment-belongs-to-vessel")
    lesionAcrossVessels = try texts.citation("lesion-across-vessels")
    lesionsInAChain = try texts.citation("lesions-in-a-chain")
    firstByTime = try texts.citation("first-by-time")
    heldUnitsLast = try texts.citation("held-units-last")
    modalityDoesNotCount = try texts.citation("modality-does-not-count")
    statedProcedure = try texts.citation("stated-procedure")
    supplyUsed = try texts.citation("supply-used")
    supplyDisposed = try texts.citation("supply-disposed")
    supplyClaim = try texts.citation("supply-claim")
  }
}
