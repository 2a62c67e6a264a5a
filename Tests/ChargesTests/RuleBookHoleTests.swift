import Charges
import Procedures
import Testing

/// A hole is made by two rows of a site over a table that has none of that key.
@Suite
struct `A hole between dated rows` {
  @Test(arguments: [
    (
      "codes",
      [
        #"{"code":"75710","from":null,"to":"2025-12-31"}"#,
        #"{"code":"75710","from":"2026-02-01","to":null}"#,
      ], "75710", "75710:codes"
    ),
    (
      "medicallyUnlikelyEdits",
      [
        #"{"code":"75710","setting":"outpatient-hospital","from":null,"to":"2025-12-31","value":1,"adjudicationIndicator":3,"rationale":null}"#,
        #"{"code":"75710","setting":"outpatient-hospital","from":"2026-02-01","to":null,"value":1,"adjudicationIndicator":3,"rationale":null}"#,
      ], "75710 outpatient-hospital", "75710:medicallyUnlikelyEdits"
    ),
    (
      "procedureToProcedure",
      [
        #"{"column1":"75710","column2":"75625","from":null,"to":"2025-12-31","modifierIndicator":0,"rationale":"r"}"#,
        #"{"column1":"75710","column2":"75625","from":"2026-02-01","to":null,"modifierIndicator":0,"rationale":"r"}"#,
      ], "75710 75625", "75625:procedureToProcedure 75710:procedureToProcedure"
    ),
    (
      "feeScheduleIndicators",
      [
        indicator(from: "null", to: #""2025-12-31""#),
        indicator(from: #""2026-02-01""#, to: "null"),
      ], "75710 null", "75710:feeScheduleIndicators"
    ),
  ])
  func `is reported, and what falls into it is unchecked`(
    _ table: String, _ rows: [String], _ key: String, _ expected: String
  ) throws {
    let book = try RuleBook.site(table, rows)
    #expect(
      book.holes.map(\.description) == [
        "\(table): \(key) has no row for 2026-01-01 to 2026-01-31."
      ])
    func unchecked(_ date: String) throws -> Set<String> {
      let derivation = try CaseScript(date: date).coded("75710", "26").coded("75625").complete()
        .derivation(under: book)
      #expect(derivation.lines.count == 2 || date != "2026-01-15")
      return Set(derivation.unchecked.map { "\($0.code):\($0.table)" })
    }
    let wanted = Set(expected.split(separator: " ").map(String.init))
    #expect(try unchecked("2026-01-15").isSuperset(of: wanted))
    for date in ["2025-12-31", "2026-02-01"] {
      #expect(try unchecked(date).isDisjoint(with: wanted), "\(date)")
    }
  }

  private static func indicator(from: String, to: String) -> String {
    """
    {"code":"75710","modifier":null,"from":\(from),"to":\(to),"year":2026,"status":"A",\
    "professionalTechnical":1,"global":"XXX","multipleProcedure":0,"bilateral":0,"assistant":0,\
    "coSurgeon":0,"team":0}
    """
  }

  @Test
  func `of an add-on leaves its primaries unchecked, and holds nothing`() throws {
    let row = #"{"code":"37252","type":null,"from":"2026-01-10","to":"2026-01-20"}"#
    let book = try RuleBook.site("addOns", [row])
    let script = CaseScript(date: "2026-01-15").image("renal-artery/left").complete()
    let derivation = try script.derivation(under: book)
    #expect(derivation.summary == "37252×1 billable")
    #expect(derivation.unchecked.map(\.table).contains("addOnPrimaries"))
    let before = CaseScript(date: "2026-01-09").image("renal-artery/left").complete()
    #expect(
      try before.derivation(under: book).summary == "37252×1 planned (add-on-without-primary)")
  }

  @Test
  func `of a payer leaves the default policy`() throws {
    let book = try RuleBook.site(
      "payers",
      [
        #"{"payer":"prairie","aliases":[],"from":null,"to":"2025-12-31","policy":"sir"}"#,
        #"{"payer":"prairie","aliases":[],"from":"2026-01-02","to":null,"policy":"sir"}"#,
      ])
    #expect(book.holes.map(\.description) == ["payers: prairie has no row for 2026-01-01."])
    let policies = try ["2025-12-31", "2026-01-01", "2026-01-02"].map { date in
      book.policy(
        for: PayerCode("prairie"), on: try #require(CalendarDate(date)), assignments: []
      ).text
    }
    #expect(policies == ["sir", "named-vessel", "sir"])
  }

  @Test
  func `is none before the first row or after the last`() throws {
    let book = try RuleBook.site(
      "codes", [#"{"code":"75710","from":"2026-01-01","to":"2026-01-31"}"#])
    #expect(book.holes == [])
    for (date, edits) in [("2025-12-31", 1), ("2026-01-31", 0), ("2026-02-01", 1)] {
      let derivation = try CaseScript(date: date).coded("75710").complete()
        .derivation(under: book)
      #expect(derivation.lines.flatMap(\.edits).count == edits, "\(date)")
    }
  }
}
