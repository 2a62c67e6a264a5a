import Charges
import Procedures
import Testing

@Suite struct `Charges that stand by a person's word` {
  private static let vein = "common-iliac-vein/left"
  private static let artery = "renal-artery/right"
  /// A case with an access, so that a code of surgery that is stated in it is shown.
  private static let atTheTable = CaseScript().step(
    "percutaneous-entry", ["vessel": "common-femoral-vein", "side": "left"])

  struct Row: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let script: CaseScript
    let found: [String]

    init(_ sentence: String, _ script: CaseScript, _ found: String...) {
      testDescription = sentence
      self.script = script
      self.found = found
    }
  }

  static let rows: [Row] = [
    Row(
      "with its images, its reading, an access and a procedure, nothing does",
      atTheTable.coded("37238").image(vein).complete()),
    Row(
      "images that were not stored, and the release that lifts the hold",
      atTheTable.coded("37238").image(vein, stored: false).image(artery).complete()
        .released("images-not-stored"),
      "37252×1 images-not-stored the left common iliac vein by entry 7"),
    Row(
      "a release that lifts nothing is none",
      atTheTable.coded("37238").image(vein).complete().released("images-not-stored")),
    Row(
      "of two releases the first that stands",
      atTheTable.coded("37238").image(vein, stored: false).complete()
        .released("images-not-stored").released("images-not-stored", "37252").retracted(6),
      "37252×1 images-not-stored the left common iliac vein by entry 7"),
    Row(
      "a release by the code of the family lifts it from the other code",
      atTheTable.coded("37238").image(vein, stored: false).image(artery, stored: false)
        .complete().released("images-not-stored", "37253"),
      "37252×1 images-not-stored the left common iliac vein by entry 7",
      "37253×1 images-not-stored the right renal artery by entry 7"),
    Row(
      "a missing reading",
      atTheTable.coded("37238").image(vein).signed().released("interpretation-missing"),
      "37252×1 interpretation-missing the left common iliac vein by entry 5"),
    Row(
      "both of one vessel",
      atTheTable.coded("37238").image(vein, stored: false).signed()
        .released("interpretation-missing").released("images-not-stored"),
      "37252×1 images-not-stored the left common iliac vein by entry 6",
      "37252×1 interpretation-missing the left common iliac vein by entry 5"),
    Row(
      "what still waits is no charge",
      atTheTable.coded("37238").image(vein, stored: false).complete()),
    Row("what is not signed is no charge", atTheTable.coded("75710")),
    Row(
      "surgery that is stated, without access, device or intervention",
      CaseScript().coded("37238").image(vein).complete(),
      "37238×1 stated-alone by entry 1"),
    Row(
      "surgery is shown by an intervention",
      CaseScript().coded("37238").intervention("stent-placement", vein).signed()),
    Row(
      "an access that was retracted shows nothing",
      atTheTable.coded("37238").signed().retracted(1).signed(),
      "37238×1 stated-alone by entry 2"),
    Row(
      "imaging that is stated, without an image",
      atTheTable.coded("75710").signed(), "75710×1 stated-alone by entry 2"),
    Row(
      "imaging is shown by an image of any kind",
      CaseScript().coded("75710").image(artery, modality: "XA").signed()),
    Row(
      "any other code is shown by either",
      atTheTable.coded("93458").signed()),
    Row(
      "any other code, without either",
      CaseScript().coded("93458").coded("C9600").signed(),
      "93458×1 stated-alone by entry 1", "C9600×1 stated-alone by entry 2"),
    Row(
      "a supply is its own entry",
      CaseScript().supply("used", "C1753", 2).signed()),
  ]

  @Test(arguments: rows) func `are found, each with the entry behind it`(_ row: Row) throws {
    let review = try review(row.script)
    let summary = try row.script.derivation().summary
    #expect(review.gaps.map { describe($0, row.script) } == row.found, "\(summary)")
    #expect(review.unitsOverLimit.isEmpty)
  }

  @Test func `are units over the limit of a day, once the hold is released`() throws {
    let six = `Holds`.veins(7).complete()
    #expect(try review(six).unitsOverLimit.isEmpty, "held, so not charged")
    let released = try review(six.released("mue-exceeded"))
    #expect(released.unitsOverLimit == [try #require(BillingCode("37253")): 1])
  }

  private func review(_ script: CaseScript) throws -> ChargeReview {
    let state = try script.state()
    return try ChargeReview(of: state, in: try CaseScript.collection([script]).context(of: state))
  }

  private func describe(_ gap: ChargeReview.Gap, _ script: CaseScript) -> String {
    let sites = gap.vessels.map { " " + $0.phrase }.joined()
    let entry = (0..<script.lines.count).first { script.entryID($0) == gap.entry }
    return "\(gap.code)×\(gap.units) \(gap.kind.rawValue)\(sites) by entry "
      + (entry.map(String.init) ?? "-")
  }
}
