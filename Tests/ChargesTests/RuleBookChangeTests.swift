import Charges
import Procedures
import Testing

@Suite
struct `The difference of two rule books` {
  private let base = RuleBook.standard

  @Test
  func `is nothing between a book and itself`() {
    #expect(base.changes(to: base) == [])
  }

  @Test
  func `is what a site's book says, by table and row`() throws {
    let changes = base.changes(to: try RuleBookFiles.siteBook())
    #expect(
      changes.map { "\($0.table): \($0.key) \($0.word)" } == [
        "labels: 37252 changed", "labels: 37253 changed",
        "addOnPrimaries: 37252 0505T (from 2026-01-15 on) added",
        "addOnPrimaries: 37253 0505T (from 2026-01-15 on) added", "policies: st-mary added",
        "vesselGroups: st-mary iliac-arteries added",
        "vesselGroups: st-mary femoropopliteal-artery added",
        "policyYields: st-mary tibioperoneal-trunk added", "payers: cigna (all days) changed",
        "payers: cigna (from 2026-03-01 on) added",
        "payers: prairie-health (2026-01-01 to 2026-06-30) added",
        "payers: prairie-health (from 2026-07-01 on) added",
        "payerNotes: prairie-health Asks for the images of each vessel with … added",
      ])
  }

  @Test
  func `turns round when the books do`() throws {
    let site = try RuleBookFiles.siteBook()
    let words = ["added": "removed", "removed": "added", "changed": "changed"]
    let there = base.changes(to: site)
    let back = site.changes(to: base)
    #expect(
      Set(there.map { "\($0.table) \(words[$0.word] ?? "")" })
        == Set(back.map { "\($0.table) \($0.word)" }))
    #expect(there.count == back.count)
  }

  @Test
  func `names each field with both values`() throws {
    let site = try RuleBook.site(
      "labels", [#"{"code":"37252","label":"IVUS one","note":"short"}"#])
    #expect(
      base.changes(to: site).map(\.description) == [
        #"labels: 37252 changed: label from "Noncoronary IVUS, first vessel" to "IVUS one"; "#
          + #"source from "Cathlog's own words" to "a test"; note from nothing to "short""#
      ])
  }

  @Test
  func `sees a row that begins on another day as the same row`() throws {
    let first = try RuleBook.site(
      "codes", [#"{"code":"C1753","from":"2026-01-01","to":null}"#])
    let second = try RuleBook.site(
      "codes", [#"{"code":"C1753","from":"2026-02-01","to":null}"#])
    #expect(
      first.changes(to: second).map(\.description) == [
        #"codes: C1753 (from 2026-01-01 on) changed: from from "2026-01-01" to "2026-02-01""#
      ])
  }

  @Test
  func `is a document a change`() throws {
    let site = try RuleBook.site("labels", [#"{"code":"C1753","label":"IVUS catheter"}"#])
    #expect(
      base.changes(to: site).map(\.json.compactText) == [
        #"{"table":"labels","key":"C1753","change":"added","#
          + #""row":{"code":"C1753","label":"IVUS catheter","source":"a test"}}"#
      ])
  }
}
