import Charges
import Procedures
import Testing

@Suite
struct `The rule book` {
  private let book = RuleBook.standard

  @Test
  func `has its edition, its policies and the codes that it derives`() throws {
    #expect(book.edition.text == "2026.1")
    #expect(book.policies.map(\.text) == ["named-vessel", "sir", "scai-2026"])
    #expect(RuleBook.defaultPolicy.text == "named-vessel")
    #expect(
      book.derivedCodes.map(\.text).sorted() == [
        "37250", "37251", "37252", "37253", "75945", "75946", "92978", "92979",
      ])
  }

  @Test
  func `is read back from its document, with the same digest`() throws {
    #expect(book.digest.hasPrefix("sha256:"))
    #expect(book.digest.utf8.count == 71)
    let bytes = book.document.canonicalBytes
    let again = try RuleBook(document: try JSON.read(bytes))
    #expect(again.digest == book.digest)
  }

  /// The document with one member of one section replaced.
  private func changed(_ section: String, _ member: String, _ value: JSON) -> JSON {
    func replace(_ json: JSON, _ name: String, _ value: JSON) -> JSON {
      .object((json.members ?? []).map { $0.name == name ? JSON.Member(name, value) : $0 })
    }
    let inner = replace(book.document[section] ?? .null, member, value)
    return replace(book.document, section, inner)
  }

  @Test
  func `has another digest when a table differs`() throws {
    let other = try RuleBook(document: changed("cms", "codes", []))
    #expect(other.digest != book.digest)
  }

  @Test(
    arguments: [
      ("cms", "codes", [["code": "3725"]], "codes[0]: code is not a billing code"),
      (
        "cms", "codes", [["code": "37252", "from": "2020-02-30"]], "codes[0]: from is not a date"
      ),
      (
        "cms", "codes", [["code": "37252", "from": "2020-02-03", "to": "2019-01-01"]],
        "codes[0]: it ends before it begins"
      ),
      (
        "cms", "medicallyUnlikelyEdits", [["code": "37252"]],
        "medicallyUnlikelyEdits[0]: setting is missing"
      ),
      ("rules", "edition", 7, "rules: edition is not a name"),
      ("rules", "rules", [], "rules: vessel-counts-once is missing"),
      ("rules", "holds", [], "holds: case-not-signed is missing"),
      ("rules", "policies", [], "policies: one of them must be the default, none twice"),
    ] as [(String, String, JSON, String)])
  func `says which row of a broken table is at fault`(
    _ section: String, _ member: String, _ value: JSON, _ expected: String
  ) {
    do throws(RuleBookError) {
      _ = try RuleBook(document: changed(section, member, value))
      Issue.record("a broken table was read")
    } catch {
      #expect(error.description == expected)
    }
  }
}
