import Charges
import Foundation
import Procedures
import Testing

@Suite struct `The forms of a reconciliation` {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Reports")

  /// What a form must be: `Tests/Reports/reconciliation-NAME`.
  private func expected(_ name: String) throws -> String {
    try String(
      contentsOf: Self.folder.appending(path: "reconciliation-" + name), encoding: .utf8)
  }

  @Test(arguments: [
    ("balanced.txt", 9, 410, false, false), ("unbalanced.txt", 10, 410, true, false),
    ("unsettled.txt", 9, 400, false, false), ("empty.txt", 0, 410, false, true),
  ])
  func `for a person, section by section`(
    _ name: String, _ units: Int, _ ledgerPosition: Int64, _ differs: Bool, _ isEmpty: Bool
  ) throws {
    let report = try ReconciliationSample.report(
      ledgerUnits: units, ledgerPosition: ledgerPosition, differs: differs, isEmpty: isEmpty)
    #expect(report.text() == (try expected(name)))
  }

  @Test func `as CSV, one fact a row, in columns that stay`() throws {
    let csv = String(decoding: try ReconciliationSample.report(differs: true).csv, as: UTF8.self)
    #expect(csv == (try expected("facts.csv")))
    #expect(
      Reconciliation.csvColumns.joined(separator: ",")
        == "section,item,key,code,value,case,serviceDate,operator,room,payer,person,at,detail")
  }

  @Test func `as JSON, members in one order`() throws {
    let json = try ReconciliationSample.report(differs: true).json.compactText + "\n"
    #expect(json == (try expected("document.json")))
    #expect(
      try JSON.read(Array(json.utf8)) == (try ReconciliationSample.report(differs: true)).json)
  }

  @Test func `name no patient`() throws {
    let report = try ReconciliationSample.report(differs: true)
    let forms = [
      report.text(), String(decoding: report.csv, as: UTF8.self), report.json.compactText,
    ]
    for form in forms { #expect(!form.lowercased().contains("patient")) }
  }

  @Test func `make heads stand out where there is a way`() throws {
    let text = try ReconciliationSample.report().text { "<\($0)>" }
    #expect(text.contains("<It balances.>\n"))
    #expect(text.contains("<5. Units by code>\n"))
  }

  @Test func `name each case that the record of access must know`() throws {
    let report = try ReconciliationSample.report(differs: true)
    let text = report.json.compactText
    for caseID in report.namedCases { #expect(text.contains(caseID.description)) }
    #expect(report.namedCases.count == Set(text.matches(of: /c0ffee00-[-0-9]*/).map(\.0)).count)
  }
}
