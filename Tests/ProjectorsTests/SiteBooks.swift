import Charges
import Procedures
import Testing

/// Rule books of a site: the shipped one, changed in one thing.
enum SiteBooks {
  /// Without a word about the payer, vessels are grouped by `sir`.
  static func groupingBySIR(edition: String = "2026.1-sir") throws -> RuleBook {
    try book(edition) { rules in
      rules.changing("policies") { policies in
        .array(
          (policies.elements ?? []).map { policy in
            policy.changing("default") { _ in .bool(policy["policy"]?.text == "sir") }
          })
      }
    }
  }

  /// Outside the heart only OCT is counted, so that cases mean other things to each other.
  static func countingOCT(edition: String = "2026.1-oct") throws -> RuleBook {
    try book(edition) { rules in
      rules.changing("families") { families in
        .array(
          (families.elements ?? []).map { family in
            guard family["territory"]?.text == "noncoronary" else { return family }
            return family.changing("modalities") { _ in ["OCT"] }
          })
      }
    }
  }

  /// It knows one policy alone.
  static func withoutPolicies(edition: String = "2026.1-plain") throws -> RuleBook {
    try book(edition) { rules in
      rules.changing("policies") { policies in
        .array((policies.elements ?? []).filter { $0["policy"]?.text == "named-vessel" })
      }
    }
  }

  private static func book(_ edition: String, _ change: (JSON) -> JSON) throws -> RuleBook {
    let document = RuleBook.standard.document.changing("rules") { rules in
      change(rules.changing("edition") { _ in .string(edition) })
    }
    let book = try RuleBook(document: document)
    #expect(book.edition.text == edition)
    #expect(book.digest != RuleBook.standard.digest)
    return book
  }
}

extension JSON {
  /// The object with another value of one member, which it may not have had.
  fileprivate func changing(_ name: String, _ change: (JSON) -> JSON) -> JSON {
    let members = members ?? []
    guard members.contains(where: { $0.name == name }) else {
      return .object(members + [Member(name, change(.null))])
    }
    return .object(
      members.map { $0.name == name ? Member(name, change($0.value)) : $0 })
  }
}
