import Charges
import Procedures
import Testing

@Suite
struct `The rule book` {
  private let book = RuleBook.standard

  @Test
  func `has its edition, its policies and the codes that it derives`() throws {
    #expect(book.edition.text == "2026.1")
    #expect(book.base == nil)
    #expect(RuleBook.shipped.map(\.digest) == [book.digest])
    #expect(book.policies.map(\.text) == ["named-vessel", "sir", "scai-2026"])
    #expect(RuleBook.defaultPolicy.text == "named-vessel")
    #expect(
      book.derivedCodes.map(\.text).sorted() == [
        "37250", "37251", "37252", "37253", "75945", "75946", "92978", "92979",
      ])
    #expect(book.label(of: try #require(BillingCode("37252"))) == "Noncoronary IVUS, first vessel")
  }

  @Test
  func `is read back from its document, with the same digest`() throws {
    #expect(book.digest.hasPrefix("sha256:"))
    #expect(book.digest.utf8.count == 71)
    let bytes = book.document.canonicalBytes
    let again = try RuleBook(document: try JSON.read(bytes))
    #expect(again.digest == book.digest)
    #expect(again.document == book.document)
  }

  /// What CMS's files and the rules held before they took this form, counted then.
  @Test(
    arguments: [
      ("codes", 72), ("labels", 72), ("medicallyUnlikelyEdits", 46), ("unitLimitTables", 4),
      ("unitLimitIndicators", 3), ("addOns", 26), ("addOnTypes", 3), ("addOnPrimaries", 884),
      ("procedureToProcedure", 561), ("pairModifiers", 5), ("pairIndicators", 2),
      ("pairRationales", 1), ("modifierChecks", 4), ("feeScheduleIndicators", 8),
      ("relativeValues", 14), ("conversionFactors", 9), ("opps", 14), ("families", 2),
      ("familyCodes", 4), ("rules", 19), ("policies", 3), ("vesselGroups", 7),
      ("policyYields", 1), ("payers", 5), ("payerNotes", 5), ("preauthorizations", 1),
      ("holds", 8), ("notSettled", 7), ("vessels", 229),
    ])
  func `has all rows of each table`(_ table: String, _ count: Int) throws {
    #expect(try rows(of: table).count == count)
  }

  @Test
  func `has no table but these`() throws {
    #expect(book.document["tables"]?.members?.count == 29)
  }

  @Test
  func `has the figures that the tables add up to`() throws {
    #expect(try sum(of: "value", in: "medicallyUnlikelyEdits") == "82")
    #expect(try sum(of: "adjudicationIndicator", in: "medicallyUnlikelyEdits") == "127")
    #expect(try sum(of: "modifierIndicator", in: "procedureToProcedure") == "412")
    #expect(try sum(of: "work", in: "relativeValues") == "22.68")
    #expect(try sum(of: "practiceExpenseNonfacility", in: "relativeValues") == "224.5")
    #expect(try sum(of: "practiceExpenseFacility", in: "relativeValues") == "5.71")
    #expect(try sum(of: "malpractice", in: "relativeValues") == "4.45")
    #expect(try sum(of: "value", in: "conversionFactors") == "304.8227")
    let primaries = Dictionary(grouping: try rows(of: "addOnPrimaries")) { row in
      "\(row["code"]?.text ?? "") from \(row["from"]?.text ?? "ever")"
    }
    #expect(
      primaries.mapValues(\.count) == [
        "37252 from 2016-01-01": 200, "37252 from 2026-01-01": 230,
        "37253 from 2016-01-01": 200, "37253 from 2026-01-01": 230, "92978 from ever": 23,
        "92979 from ever": 1,
      ])
  }

  @Test
  func `has no hole in its dates`() {
    #expect(book.holes == [])
  }

  @Test
  func `begins the later of two rows of a pair on the day after the earlier ends`() throws {
    let later = try rows(of: "procedureToProcedure").filter { $0["from"] != .null }
    #expect(later.count == 78)
    let rows = try rows(of: "procedureToProcedure").filter {
      $0["column1"] == "37252" && $0["column2"] == "99211"
    }
    #expect(rows.map { $0["to"] ?? .null } == [.null, "2019-12-31"])
    #expect(rows.map { $0["from"] ?? .null } == ["2020-01-01", .null])
  }

  private func rows(of table: String) throws -> [JSON] {
    try #require(book.document["tables"]?[table]?["rows"]?.elements)
  }

  /// The sum of one field, in its shortest form.
  private func sum(of field: String, in table: String) throws -> String {
    var total = 0
    for row in try rows(of: table) {
      let number = try #require(row[field]?.number)
      var part = Int(number.significand)
      for _ in 0..<(number.exponent + 4) { part *= 10 }
      total += part
    }
    return Decimal(significand: Int64(total), exponent: -4).description
  }
}
