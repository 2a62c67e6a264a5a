import ArgumentParser
import Charges
import Procedures
import Projectors
import Store

/// Whose rule books are meant beside the shipped ones, for commands that need no database otherwise.
struct KeptRuleBooks: ParsableArguments {
  @Option(help: "A facility's code: also the books that it keeps, from the database.")
  var facility: String?

  @OptionGroup var database: DatabaseOptions

  /// The books of these names: edition, digest, or file.
  func books(named names: [String]) async throws -> [RuleBook] {
    guard let facility else { return try names.map(RuleBooksAtHand.book(named:)) }
    return try await Wiring.withParts(database.settings) { parts in
      let code = try await FacilityOption.named(facility, in: parts.store)
      var books: [RuleBook] = []
      for name in names {
        books.append(
          RuleBooksAtHand.isFile(name)
            ? try RuleBooksAtHand.book(inFile: name)
            : try await parts.ruleBook(named: name, in: code))
      }
      return books
    }
  }

  /// The list of a facility's books and the shipped ones; nil where no facility is named.
  func list(_ format: OutputFormat) async throws -> String? {
    guard let facility else { return nil }
    let books = try await Wiring.withParts(database.settings) { parts in
      let code = try await FacilityOption.named(facility, in: parts.store)
      return try await parts.ruleBooks.list(of: code)
    }
    switch format {
    case .json: return books.map { $0.json.compactText + "\n" }.joined()
    case .table:
      var table = TextTable(["EDITION", "DIGEST", "STORED", "BY", "ADOPTED FROM"])
      for book in books {
        table.add([
          book.edition.text, book.digest, book.recordedAt?.description ?? "shipped",
          book.recorder?.text ?? "-",
          book.adoptedFrom.map(\.description).joined(separator: " "),
        ])
      }
      return table.text
    }
  }
}
