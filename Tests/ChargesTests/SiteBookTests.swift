import Charges
import Procedures
import Testing

@Suite
struct `A site's book` {
  private let base = RuleBook.standard

  @Test
  func `is the whole book under its own edition and digest, and names what it extends`() throws {
    let book = try RuleBookFiles.siteBook()
    #expect(book.edition.text == "st-mary-2026.1")
    #expect(book.digest != base.digest)
    #expect(book.base?.edition == base.edition)
    #expect(book.base?.digest == base.digest)
    #expect(book.policies.map(\.text) == ["named-vessel", "sir", "scai-2026", "st-mary"])
    #expect(book.derivedCodes == base.derivedCodes)
    #expect(book.holes == [])
    #expect(book.label(of: try code("37252")) == "IVUS first vessel")
    #expect(book.label(of: try code("92978")) == base.label(of: try code("92978")))
  }

  @Test
  func `is read back from its document alone, with the same digest`() throws {
    let book = try RuleBookFiles.siteBook()
    let again = try RuleBook(document: try JSON.read(book.document.canonicalBytes))
    #expect(again.digest == book.digest)
    #expect(again.base == book.base)
    #expect(again.changes(to: book) == [])
    let shown = try RuleBook(reading: Array(book.text.utf8))
    #expect(shown.digest == book.digest)
  }

  @Test
  func `may say which digest it expects beneath`() throws {
    let text = """
      {"ruleBook":"site-1","extends":"2026.1","extendsDigest":"\(base.digest)","tables":{}}
      """
    let book = try RuleBook(reading: Array(text.utf8))
    #expect(base.changes(to: book) == [])
    #expect(book.digest != base.digest)
  }

  @Test
  func `chooses the policy by payer and date`() throws {
    let book = try RuleBookFiles.siteBook()
    let rows = [
      ("prairie-health", "2025-12-31", "named-vessel"), ("prairie", "2026-06-30", "named-vessel"),
      ("prairie-health", "2026-07-01", "st-mary"), ("prairie-advantage", "2026-07-01", "st-mary"),
      ("prairie-advantage", "2026-06-30", "named-vessel"), ("cigna", "2026-02-28", "named-vessel"),
      ("evicore", "2026-03-01", "sir"), ("cigna", "2031-01-01", "sir"),
      ("aetna", "2026-07-01", "named-vessel"), ("unheard-of", "2026-07-01", "named-vessel"),
    ]
    for (payer, date, policy) in rows {
      let chosen = book.policy(
        for: PayerCode(payer), on: try #require(CalendarDate(date)), assignments: [])
      #expect(chosen.text == policy, "\(payer) on \(date)")
    }
  }

  @Test
  func `takes the days of a row from the row beneath, and leaves the others`() throws {
    let payers = try RuleBookFiles.siteBook().payers
    let cigna = payers.filter { $0.payer.text == "cigna" }
    #expect(cigna.map { $0.firstDay?.description } == [nil, "2026-03-01"])
    #expect(cigna.map { $0.lastDay?.description } == ["2026-02-28", nil])
    #expect(cigna.map { $0.policy?.text } == [nil, "sir"])
    #expect(cigna[1].source == "St. Mary, letter of Cigna of 2026-02-20")
    #expect(payers.map(\.payer.text).filter { $0 == "prairie-health" }.count == 2)
  }

  /// A row for 37253's limit, over the row beneath from 2024-07-01 on with 5 units.
  @Test(arguments: [
    ("null", "null", ["all days 9"]),
    (#""2026-01-01""#, "null", ["2024-07-01 to 2025-12-31 5", "from 2026-01-01 on 9"]),
    (
      #""2026-01-01""#, #""2026-01-31""#,
      ["2024-07-01 to 2025-12-31 5", "2026-01-01 to 2026-01-31 9", "from 2026-02-01 on 5"]
    ),
    ("null", #""2024-07-01""#, ["until 2024-07-01 9", "from 2024-07-02 on 5"]),
    ("null", #""2024-05-31""#, ["until 2024-05-31 9", "from 2024-07-01 on 5"]),
    (#""1900-01-01""#, #""9999-12-31""#, ["1900-01-01 to 9999-12-31 9"]),
  ])
  func `lies over the dated rows beneath`(_ from: String, _ to: String, _ expected: [String]) throws
  {
    let book = try site(
      "medicallyUnlikelyEdits",
      """
      {"code":"37253","setting":"practitioner","from":\(from),"to":\(to),"value":9,\
      "adjudicationIndicator":3,"rationale":null}
      """)
    let rows = try #require(book.columns(ofTable: "medicallyUnlikelyEdits"))
    let limits = rows.rows.filter { $0[0] == "37253" && $0[1] == "practitioner" }
    let shown = limits.map { row -> String in
      let from = row[rows.names.firstIndex(of: "from") ?? 0]
      let to = row[rows.names.firstIndex(of: "to") ?? 0]
      let value = row[rows.names.firstIndex(of: "value") ?? 0]
      switch (from, to) {
      case ("unknown", "open"): return "all days \(value)"
      case ("unknown", _): return "until \(to) \(value)"
      case (_, "open"): return "from \(from) on \(value)"
      default: return "\(from) to \(to) \(value)"
      }
    }
    #expect(shown == expected)
    #expect(try RuleBook(document: book.document).digest == book.digest)
  }

  @Test
  func `may take the first and the last day that can be written`() throws {
    let book = try site(
      "payers",
      """
      {"payer":"aetna","aliases":[],"from":"1900-01-01","to":"9999-12-31","policy":"sir"}
      """)
    #expect(book.payers.filter { $0.payer.text == "aetna" }.count == 1)
    #expect(try RuleBook(document: book.document).digest == book.digest)
  }

  @Test
  func `decides how vessels are grouped and which yield`() throws {
    let book = try RuleBookFiles.siteBook()
    let legs = CaseScript(date: "2026-08-01", payer: "prairie").coded("75710")
      .image("common-iliac-artery/left").image("external-iliac-artery/left")
      .image("popliteal-artery/left").image("tibioperoneal-trunk/left")
      .image("peroneal-artery/left").complete()
    let derivation = try derive(legs, book)
    #expect(derivation.groupingPolicy.text == "st-mary")
    #expect(derivation.ruleBook == book.edition)
    #expect(derivation.ruleBookDigest == book.digest)
    #expect(derivation.summary == "37252×1 billable; 37253×2 billable; 75710×1 billable")
    #expect(
      try derive(legs, base).summary == "37252×1 billable; 37253×4 billable; 75710×1 billable")
    let rules = derivation.lines.flatMap(\.because).map(\.rule)
    #expect(rules.contains("policy-st-mary"))
  }

  @Test
  func `adds a primary from its day on`() throws {
    let book = try RuleBookFiles.siteBook()
    func summary(_ date: String, _ book: RuleBook) throws -> String {
      try derive(
        CaseScript(date: date).coded("0505T").image("popliteal-vein/left").complete(), book
      ).summary
    }
    let held = "0505T×1 billable; 37252×1 planned (add-on-without-primary)"
    #expect(try summary("2026-01-15", base) == held)
    #expect(try summary("2026-01-14", book) == held)
    #expect(try summary("2026-01-15", book) == "0505T×1 billable; 37252×1 billable")
  }

  @Test
  func `replaces a payer's demand for authorization from its day on`() throws {
    let book = try site(
      "preauthorizations",
      """
      {"payer":"blue-cross-nebraska","action":"stent-placement","from":"2026-06-01","to":null,\
      "vessels":[],"statedCodes":[],"diagnoses":[],"heldCodes":[],"note":"dropped"}
      """)
    func summary(_ date: String) throws -> String {
      try derive(
        CaseScript(date: date, payer: "bcbsne").coded("37238").image("common-iliac-vein/left")
          .intervention("stent-placement", "common-iliac-vein/left").complete(), book
      ).summary
    }
    #expect(
      try summary("2026-05-31")
        == "37238×1 planned (payer-preauthorization); 37252×1 planned (payer-preauthorization)")
    #expect(try summary("2026-06-01") == "37238×1 billable; 37252×1 billable")
  }

  @Test
  func `changes an amount for the days of its row`() throws {
    let book = try site(
      "conversionFactors",
      #"{"category":"standard","from":"2022-07-01","to":"2022-07-31","value":10}"#)
    func amount(_ date: String) throws -> String? {
      book.medicareAmount(
        of: try code("37252"), units: 1, on: try #require(CalendarDate(date)), setting: .office
      )?.description
    }
    #expect(try amount("2022-06-30") == "1026.07")
    #expect(try amount("2022-07-01") == "296.50")
    #expect(try amount("2022-08-01") == "1026.07")
  }

  private func site(_ table: String, _ rows: String...) throws -> RuleBook {
    try RuleBook.site(table, rows)
  }

  private func derive(_ script: CaseScript, _ book: RuleBook) throws -> Derivation {
    try script.derivation(under: book)
  }

  private func code(_ text: String) throws -> BillingCode { try #require(BillingCode(text)) }
}

extension RuleBook {
  /// A site's book that lays these rows over one table of the shipped book.
  static func site(_ table: String, _ rows: [String]) throws -> RuleBook {
    let text = """
      {"ruleBook":"site-1","extends":"2026.1","tables":{
       "\(table)":{"source":"a test","rows":[\(rows.joined(separator: ","))]}}}
      """
    return try RuleBook(reading: Array(text.utf8))
  }
}

extension CaseScript {
  /// The charges under a book, the policy chosen by payer and date.
  func derivation(under book: RuleBook) throws -> Derivation {
    let text = lines.map(\.compactText).joined(separator: "\n")
    let collection = try CaseCollection(reading: Array(text.utf8), ruleBook: book)
    guard let derivation = collection.derivations().first else { throw Missing() }
    return derivation
  }
}
