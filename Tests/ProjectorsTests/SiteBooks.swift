import Charges
import Procedures
import Testing

/// Rule books of a site: the shipped one, changed in one thing.
enum SiteBooks {
  /// Without a word about the payer, vessels are grouped by `sir`.
  static func groupingBySIR(edition: String = "2026.1-sir") throws -> RuleBook {
    try book(edition, "policies") { row in
      row.changing("default") { _ in .bool(row["policy"]?.text == "sir") }
    }
  }

  /// Outside the heart only OCT is counted, so that cases mean other things to each other.
  static func countingOCT(edition: String = "2026.1-oct") throws -> RuleBook {
    try book(edition, "families") { row in
      row["territory"]?.text == "noncoronary" ? row.changing("modalities") { _ in ["OCT"] } : row
    }
  }

  /// It knows one policy alone.
  static func withoutPolicies(edition: String = "2026.1-plain") throws -> RuleBook {
    try book(edition, "policies", "vesselGroups", "policyYields") { row in
      row["policy"]?.text == "named-vessel" ? row : nil
    }
  }

  /// The shipped book under another edition, each row of these tables changed or left out.
  private static func book(
    _ edition: String, _ tables: String..., change: (JSON) -> JSON?
  ) throws -> RuleBook {
    var document = RuleBook.standard.document.changing("ruleBook") { _ in .string(edition) }
    for table in tables {
      document = document.changing("tables") { all in
        all.changing(table) { table in
          table.changing("rows") { .array(($0.elements ?? []).compactMap(change)) }
        }
      }
    }
    let book = try RuleBook(document: document)
    #expect(book.edition.text == edition)
    #expect(book.digest != RuleBook.standard.digest)
    return book
  }
}

extension JSON {
  /// The object with another value of one of its members.
  fileprivate func changing(_ name: String, _ change: (JSON) -> JSON) -> JSON {
    .object((members ?? []).map { $0.name == name ? Member(name, change($0.value)) : $0 })
  }
}
