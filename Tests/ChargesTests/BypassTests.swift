import Charges
import Procedures
import Testing

/// What passes a pair of codes, and on which of the two it may stand.
@Suite
struct `Passing a pair` {
  static let passing = ["59", "XE", "XS", "XP", "XU"]
  static let columns1 = ["37191", "37192", "37193", "37197", "33275", "0645T"]

  private func statuses(_ script: CaseScript) throws -> [String: LineStatus] {
    try script.complete().derivation().lines.reduce(into: [:]) { $0[$1.code.text] = $1.status }
  }

  private func vein(_ code: String, date: String = "2026-03-02") -> CaseScript {
    CaseScript(date: date).coded("75822").image("renal-vein/left").image("renal-vein/right")
      .coded(code)
  }

  @Test(arguments: passing, columns1)
  func `takes each of the five modifiers, on either code`(
    _ modifier: String, _ code: String
  ) throws {
    for (script, first, further) in [
      (vein(code), LineStatus.notBillable, LineStatus.notBillable),
      (vein(code).modified(code, modifier), .billable, .billable),
      (vein(code).modified("37252", modifier), .billable, .notBillable),
      (vein(code).modified("37253", modifier), .notBillable, .billable),
      (vein(code).modified("75822", modifier), .notBillable, .notBillable),
    ] {
      let statuses = try statuses(script)
      #expect(statuses["37252"] == first)
      #expect(statuses["37253"] == further)
      #expect(statuses[code] == .billable)
    }
  }

  @Test(arguments: ["25", "58", "76", "77", "78", "79", "91", "LT", "RT", "26", "50", "XA"])
  func `takes no other modifier`(_ modifier: String) throws {
    let statuses = try statuses(vein("37191").modified("37191", modifier))
    #expect(statuses["37252"] == .notBillable)
  }

  @Test(arguments: passing)
  func `takes none that was stated without a reason`(_ modifier: String) throws {
    let script = CaseScript().coded("75822").image("renal-vein/left").coded("37191", modifier)
    #expect(try statuses(script)["37252"] == .notBillable)
  }

  @Test(arguments: ["C9754", "C9755"])
  func `is possible for fistula codes while they are in force`(_ code: String) throws {
    #expect(try statuses(vein(code, date: "2020-06-30"))["37252"] == .notBillable)
    let passed = vein(code, date: "2020-06-30").modified(code, "XS")
    #expect(try statuses(passed)["37252"] == .billable)
    #expect(try statuses(vein(code, date: "2020-07-01"))["37252"] == .billable)
  }

  /// Column 2 beside a vessel: the edit, and whether a modifier passes it.
  @Test(arguments: [
    ("93978", Finding.Code.mutuallyExclusive, true), ("93979", .mutuallyExclusive, true),
    ("36000", .nationalCorrectCoding, true), ("36005", .nationalCorrectCoding, true),
    ("99213", .nationalCorrectCoding, true), ("01916", .nationalCorrectCoding, false),
    ("0694T", .nationalCorrectCoding, false),
  ])
  func `is possible where the vessel's code excludes another, by the pair's indicator`(
    _ code: String, _ edit: Finding.Code, _ mayPass: Bool
  ) throws {
    let derivation = try vein(code).complete().derivation()
    let line = try #require(derivation.lines.first { $0.code.text == code })
    #expect(line.status == .notBillable)
    #expect(Set(line.edits.map(\.code)) == [edit])
    #expect(line.holds.isEmpty)
    let others = derivation.lines.filter { $0.code.text != code }
    #expect(others.allSatisfy { $0.status == .billable })
    // Both of the vessels' codes may exclude it, so that a modifier on one of them is not enough.
    let passed = try statuses(vein(code).modified(code, "59"))
    #expect(passed[code] == (mayPass ? .billable : .notBillable))
  }

  @Test
  func `on one of two codes leaves the other's edit`() throws {
    func edits(_ script: CaseScript) throws -> [String] {
      let lines = try script.complete().derivation().lines
      return lines.filter { $0.code.text == "36000" }.flatMap(\.edits).map {
        String($0.because.prefix(22))
      }
    }
    let script = vein("36000")
    #expect(try edits(script) == ["36000 is part of 37252", "36000 is part of 37253"])
    #expect(try edits(script.modified("37252", "59")) == ["36000 is part of 37253"])
    #expect(try edits(script.modified("37253", "59")) == ["36000 is part of 37252"])
    #expect(try edits(script.modified("37253", "59").modified("37252", "XU")).isEmpty)
    #expect(try edits(script.modified("36000", "59")).isEmpty)
  }

  @Test
  func `or none: the edit says which two codes exclude each other`() throws {
    let line = try #require(
      try vein("93978").complete().derivation().lines.first { $0.code.text == "93978" })
    #expect(line.edits.first?.because.hasPrefix("37252 and 93978 exclude each other") == true)
  }
}
