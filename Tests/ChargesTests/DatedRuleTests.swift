import Charges
import Procedures
import Testing

/// Rules that begin and end on a day: each on its last day, and on the day beside it.
@Suite
struct `Dated rules` {
  private func summary(
    _ date: String, _ code: String, setting: String = "hospital-outpatient"
  ) throws -> String {
    try CaseScript(date: date, setting: setting).coded(code).complete().derivation().summary
  }

  /// All codes whose three last digits lie in a range.
  private static func codes(_ range: ClosedRange<Int>) -> [String] { range.map(String.init) }

  @Test(arguments: codes(37220...37235))
  func `leg codes of before 2026 end with 2025`(_ code: String) throws {
    #expect(try summary("2025-12-31", code) == "\(code)×1 billable")
    #expect(try summary("2026-01-01", code) == "\(code)×1 not-billable [code-not-active]")
  }

  @Test(arguments: codes(37254...37299))
  func `leg codes of 2026 begin with it`(_ code: String) throws {
    #expect(try summary("2025-12-31", code) == "\(code)×1 not-billable [code-not-active]")
    #expect(try summary("2026-01-01", code) == "\(code)×1 billable")
  }

  @Test(arguments: ["C9754", "C9755"])
  func `fistula codes end with June 2020`(_ code: String) throws {
    #expect(try summary("2020-06-30", code) == "\(code)×1 billable")
    #expect(try summary("2020-07-01", code) == "\(code)×1 not-billable [code-not-active]")
  }

  /// Each date with the codes of two noncoronary vessels.
  @Test(arguments: [
    ("2015-12-31", "37250 37251 75945 75946"), ("2016-01-01", "37252 37253"),
    ("2009-01-01", "37250 37251 75945 75946"), ("2026-12-31", "37252 37253"),
  ])
  func `the codes of vessels change with 2016`(_ date: String, _ codes: String) throws {
    let lines = try CaseScript(date: date).image("renal-artery/left").image("renal-artery/right")
      .complete().derivation().lines
    #expect(lines.map(\.code.text).joined(separator: " ") == codes)
    #expect(lines.allSatisfy { $0.units == 1 })
  }

  @Test(arguments: ["2015-12-31", "2016-01-01", "2026-03-02"])
  func `those of the heart do not`(_ date: String) throws {
    let script = CaseScript(date: date).coded("92928").image("right-coronary-artery")
      .image("ramus-intermedius").image("left-main-coronary-artery").complete()
    #expect(
      try script.derivation().summary
        == "92928×1 billable; 92978×1 billable; 92979×2 billable")
  }

  /// A leg code is a primary while it is in force; whether another is, no date changes.
  @Test(arguments: [
    ("2025-12-31", "37221", true), ("2026-01-01", "37221", false), ("2026-01-01", "37254", true),
    ("2025-12-31", "37254", false), ("2025-12-31", "75710", true), ("2026-01-01", "75710", true),
    ("2016-01-01", "75710", true), ("2026-01-01", "36005", false), ("2020-01-01", "92928", false),
  ])
  func `a primary is one of the list of the date`(
    _ date: String, _ code: String, _ isPrimary: Bool
  ) throws {
    let script = CaseScript(date: date).coded(code).image("renal-vein/left")
      .image("renal-vein/right").modified(code, "59").complete()
    let lines = try script.derivation().lines.filter { ["37252", "37253"].contains($0.code.text) }
    #expect(lines.count == 2)
    for line in lines {
      #expect(line.holds.map(\.code) == (isPrimary ? [] : [.addOnWithoutPrimary]))
    }
  }

  /// The last day of a pair, and the day after it: `(column 2, last day, day after)`.
  @Test(arguments: [
    ("76000", "2017-12-31", "2018-01-01"), ("62310", "2016-12-31", "2017-01-01"),
    ("64402", "2019-12-31", "2020-01-01"), ("0228T", "2020-12-31", "2021-01-01"),
  ])
  func `a pair ends with its last day`(_ code: String, _ last: String, _ after: String) throws {
    func status(_ date: String) throws -> LineStatus? {
      try CaseScript(date: date).coded(code).image("renal-vein/left").complete().derivation().lines
        .first { $0.code.text == code }?.status
    }
    #expect(try status(last) == .notBillable)
    #expect(try status(after) == .billable)
  }

  @Test(arguments: ["2019-12-31", "2020-01-01", "2026-03-02"])
  func `a pair with several rows holds on all their days`(_ date: String) throws {
    let script = CaseScript(date: date).coded("99213").image("renal-vein/left")
    func status(_ script: CaseScript) throws -> LineStatus? {
      try script.complete().derivation().lines.first { $0.code.text == "99213" }?.status
    }
    #expect(try status(script) == .notBillable)
    #expect(try status(script.modified("99213", "XU")) == .billable)
    #expect(try status(script.modified("99213", "25")) == .notBillable)
  }

  struct Limit: Sendable, CustomTestStringConvertible {
    let code: String
    let setting: String
    let date: String
    let units: Int
    /// Nil where no table covers the date.
    let isOver: Bool?

    init(_ code: String, _ setting: String, _ date: String, _ units: Int, _ isOver: Bool?) {
      self.code = code
      self.setting = setting
      self.date = date
      self.units = units
      self.isOver = isOver
    }

    var testDescription: String { "\(units) × \(code), \(setting), \(date)" }
  }

  static let limits: [Limit] = [
    Limit("37238", "hospital-outpatient", "2024-06-30", 9, nil),
    Limit("37238", "hospital-outpatient", "2024-07-01", 1, false),
    Limit("37238", "hospital-outpatient", "2024-07-01", 2, true),
    Limit("37238", "hospital-outpatient", "2026-10-01", 2, true),
    Limit("37238", "office", "2024-06-30", 9, nil),
    Limit("37238", "office", "2024-07-01", 2, true),
    Limit("37238", "office", "2026-10-01", 2, true),
    Limit("37197", "asc", "2026-03-02", 2, false),
    Limit("37197", "asc", "2026-03-02", 3, true),
    Limit("37236", "hospital-outpatient", "2026-09-30", 2, nil),
    Limit("37236", "hospital-outpatient", "2026-10-01", 1, false),
    Limit("37236", "hospital-outpatient", "2026-10-01", 2, true),
    Limit("37236", "hospital-inpatient", "2026-10-01", 2, nil),
    Limit("37236", "asc", "2026-10-01", 2, nil),
    Limit("37236", "office", "2026-10-01", 2, nil),
    Limit("37262", "hospital-outpatient", "2026-09-30", 5, nil),
    Limit("37262", "hospital-outpatient", "2026-10-01", 4, false),
    Limit("37262", "hospital-outpatient", "2026-10-01", 5, true),
    Limit("75710", "hospital-outpatient", "2026-10-01", 999, nil),
  ]

  @Test(arguments: limits)
  func `a limit of units is that of the setting's table on the date`(_ row: Limit) throws {
    let derivation = try CaseScript(date: row.date, setting: row.setting)
      .coded(row.code, units: row.units).complete().derivation()
    let line = try #require(derivation.lines.first)
    #expect(line.units == row.units)
    #expect(line.holds.map(\.code) == (row.isOver == true ? [.mueExceeded] : []))
    let isUnchecked = derivation.unchecked.contains {
      $0.code.text == row.code && $0.table == "medicallyUnlikelyEdits"
    }
    #expect(isUnchecked == (row.isOver == nil))
  }
}
