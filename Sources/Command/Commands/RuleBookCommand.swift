import ArgumentParser
import Charges
import Procedures

/// `cathlog rule-book`: the rules as data.
struct RuleBookCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rule-book",
    abstract: "Lists, shows, checks, compares and adopts rule books.",
    discussion: """
      A rule book holds the dated tables and rules from which lines are derived, each row with its \
      source. A site's own book extends a shipped one: it has the rows that it changes or adds.
      """,
    subcommands: [
      List.self, Show.self, Validate.self, Diff.self, RuleBookAdoptCommand.self,
    ])

  /// `cathlog rule-book list`.
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the rule books at hand: the shipped ones, or all those of a facility.")

    @OptionGroup var kept: KeptRuleBooks

    @Option(help: "table or json.")
    var format: OutputFormat = .table

    func run() async throws {
      if let text = try await kept.list(format) { return Terminal.write(text) }
      let books = try await RuleBooksAtHand().books()
      switch format {
      case .json:
        for book in books { Terminal.write(book.listing.compactText + "\n") }
      case .table:
        var table = TextTable(["EDITION", "DIGEST", "EXTENDS", "ROWS"], rightAligned: [3])
        for book in books {
          table.add([
            book.edition.text, book.digest, book.base?.edition.text ?? "-", "\(book.rowCount)",
          ])
        }
        Terminal.write(table.text)
      }
    }
  }

  /// `cathlog rule-book validate`.
  struct Validate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Checks the file of a rule book.",
      discussion: """
        Each fault is a line on standard error, FILE:LINE: table: sentence, and the status is 65. Of a \
        good book it writes the edition, the digest, the rows of each table, and the holes between \
        dates, which are allowed: what falls into one is not checked, and the result says so.
        """)

    @Argument(help: "The file; - is standard input.", completion: .file(extensions: ["json"]))
    var file: String

    @Option(help: "table or json.")
    var format: OutputFormat = .table

    func run() async throws {
      let book = try await RuleBooksAtHand().book(inFile: file)
      switch format {
      case .json:
        var members = book.listing.members ?? []
        members.append(JSON.Member("holes", .texts(book.holes.map(\.description))))
        Terminal.write(JSON.object(members).compactText + "\n")
      case .table:
        Terminal.write(book.summary)
      }
    }
  }
}

extension RuleBook {
  fileprivate var rowCount: Int { rowCounts.reduce(0) { $0 + $1.rows } }

  /// Edition, digest, what it extends, and how many rows each table has.
  fileprivate var listing: JSON {
    let counts = rowCounts.map { JSON.Member($0.table, .integer($0.rows)) }
    return [
      "ruleBook": .string(edition.text), "digest": .string(digest),
      "extends": base.map { .string($0.edition.text) } ?? .null, "rows": .object(counts),
    ]
  }

  /// The same for people, and the holes.
  var summary: String {
    var text = "Rule book \(edition)"
    if let base { text += ", which extends \(base.edition)" }
    text += "\n\(digest)\n\n"
    var table = TextTable(["TABLE", "ROWS"], rightAligned: [1])
    for (name, rows) in rowCounts { table.add([name, "\(rows)"]) }
    text += table.text
    let holes = holes
    guard !holes.isEmpty else { return text + "\nNo holes between dates.\n" }
    text += "\nHoles between dates, where a table does not check:\n"
    return text + holes.map { "  \($0)\n" }.joined()
  }
}
