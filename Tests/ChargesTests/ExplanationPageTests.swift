import Charges
import Foundation
import Procedures
import Testing

@Suite
struct `The explanation for a person` {
  static let folder = AcceptanceCase.folder.appending(path: "explanations")

  static let names: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    return names.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }.sorted()
  }()

  /// A file `CASE.CODE.txt` holds what `cathlog explain` writes of the case of that name.
  @Test(arguments: names)
  func `is this page`(_ name: String) throws {
    let parts = name.split(separator: ".").map(String.init)
    try #require(parts.count == 2)
    let acceptance = try #require(AcceptanceCase(name: parts[0]))
    let collection = try CaseCollection(reading: acceptance.events)
    let state = try #require(collection.states().first)
    let code: BillingCode = try #require(BillingCode(parts[1]))
    let explanation = try Explanation(of: code, in: state, collection.context(of: state))
    let page = try String(
      contentsOf: Self.folder.appending(path: name + ".txt"), encoding: .utf8)
    #expect(explanation.text() == page)
  }

  @Test
  func `is there for a lesion declared late and for seven veins`() {
    #expect(Self.names.contains("lesion-declared-late.37252"))
    #expect(Self.names.contains("seven-veins.37253"))
    #expect(Self.names.count >= 6)
  }

  @Test
  func `has heads that may stand out, and fits a terminal`() throws {
    let script = CaseScript(date: "2022-06-01", setting: "office").coded("37238")
      .image("common-iliac-vein/left").complete()
    let code: BillingCode = try #require(BillingCode("37252"))
    let text = try Explanation(
      of: code, in: try script.state(),
      DerivationContext(ruleBook: .standard, policy: RuleBook.defaultPolicy), isPriced: true
    ).text { "<\($0)>" }
    #expect(text.hasPrefix("<37252 × 1>\n"))
    #expect(text.contains("<Price of 37252 × 1>"))
    #expect(text.contains("Professional: $1,026.07, $1,026.07 a unit ="))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 82 })
  }
}
