import ArgumentParser
import Charges
import Procedures

extension RuleBookCommand {
  /// `cathlog rule-book show`.
  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows a rule book, or one of its tables.",
      discussion: """
        As JSON it is the whole document with a row a line, which can be kept and read back with the \
        same digest; a site's book is shown joined with the one that it extends.
        """)

    @Argument(help: "An edition, a digest, or a file.", completion: .ruleBooks)
    var book: String

    @OptionGroup var kept: KeptRuleBooks

    @Option(help: "One table, such as addOnPrimaries.", completion: .list(RuleBook.tableNames))
    var table: String?

    @Option(help: "table or json.")
    var format: OutputFormat = .table

    func run() async throws {
      let book = try await kept.books(named: [self.book])[0]
      switch (table, format) {
      case (nil, .json): Terminal.write(book.text)
      case (nil, .table): Terminal.write(book.summary)
      case (let table?, .json):
        guard let text = book.text(ofTable: table) else { throw Self.tableUnknown(table) }
        Terminal.write(text)
      case (let table?, .table):
        guard let columns = book.columns(ofTable: table) else { throw Self.tableUnknown(table) }
        var text = TextTable(columns.names.map { $0.uppercased() })
        for row in columns.rows { text.add(row) }
        Terminal.write(text.text)
      }
    }

    private static func tableUnknown(_ name: String) -> CommandFailure {
      CommandFailure(
        "table-unknown",
        "A rule book has no table \(name); it has \(RuleBook.tableNames.joined(separator: ", ")).",
        .data)
    }
  }

  /// `cathlog rule-book diff`.
  struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compares two rule books row by row.",
      discussion: """
        Rows are compared by what they are about and the day on which they begin. + is a row of the \
        second book only, - of the first only, ~ differs in the fields named. As JSON: a change a line.
        """)

    @Argument(help: "An edition, a digest, or a file.", completion: .ruleBooks)
    var first: String

    @Argument(help: "The other.", completion: .ruleBooks)
    var second: String

    @OptionGroup var kept: KeptRuleBooks

    @Option(help: "table or json.")
    var format: OutputFormat = .table

    func run() async throws {
      let books = try await kept.books(named: [first, second])
      let (before, after) = (books[0], books[1])
      let changes = before.changes(to: after)
      switch format {
      case .json:
        for change in changes { Terminal.write(change.json.compactText + "\n") }
      case .table:
        Terminal.write(Self.text(changes, before, after))
      }
    }

    private static func text(
      _ changes: [RuleBookChange], _ before: RuleBook, _ after: RuleBook
    ) -> String {
      var text = "From \(before.edition) to \(after.edition)"
      text += changes.isEmpty ? ": the tables are the same.\n" : ": \(changes.count) rows differ.\n"
      var table: String?
      for change in changes {
        if change.table != table { text += "\n" + Style.bold(change.table) + "\n" }
        table = change.table
        text += change.line + "\n"
      }
      return text
    }
  }
}

extension RuleBookChange {
  fileprivate var line: String {
    switch kind {
    case .added(let row): "+ \(key): \(row.compactText)"
    case .removed(let row): "- \(key): \(row.compactText)"
    case .changed(let fields):
      "~ \(key): \(fields.map(\.description).joined(separator: "; "))"
    }
  }
}
