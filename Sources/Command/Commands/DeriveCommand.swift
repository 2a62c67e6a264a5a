import ArgumentParser
import Charges
import Procedures

/// `cathlog derive`: from event files to line items, without a database or a setting.
struct DeriveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "derive",
    abstract: "Derives line items from event files alone.",
    discussion: """
      Reads files of events (one JSON object a line, UTF-8; - is standard input) in the order given \
      and derives each case, in order of first appearance: one JSON document a line, or a table. \
      Needs no database and no configuration. A line at fault ends it with status 65, the file's \
      name and the line, and nothing on standard output.
      """)

  @Argument(
    help: "Files of events; - is standard input.", completion: .file(extensions: ["ndjson"]))
  var files: [String]

  @Option(help: "The rule book: an edition, a digest, or a file.", completion: .ruleBooks)
  var ruleBook: String?

  @Option(
    help: "What counts as one vessel: a policy of the book, such as sir; else by payer and date.",
    completion: .policies)
  var policy: String?

  @Option(help: "Derives each case as it stood at this version.")
  var through: Int64?

  @Flag(help: PriceColumn.help)
  var price = false

  @Option(help: "json or table.")
  var format: OutputFormat = .json

  func run() throws {
    if ruleBook == "-", files.contains("-") {
      throw ValidationError("Standard input is either the rule book or the events.")
    }
    let ruleBook = try RuleBook.named(self.ruleBook)
    let policy = try ruleBook.policy(named: self.policy)
    if let through, through < 1 {
      throw ValidationError("--through takes a version: 1 or more.")
    }
    var cases = CaseCollection(ruleBook: ruleBook)
    cases.heedsAdoptions = self.ruleBook == nil
    try EventFiles.forEachLine(of: files) { line throws(EventFile.Fault) in try cases.add(line) }
    let derivations = cases.derivations(policy: policy, through: through)
    guard price else {
      switch format {
      case .json: for each in derivations { Terminal.write(each.json.compactText + "\n") }
      case .table: Terminal.write(LineItemTable.text(derivations))
      }
      return
    }
    let priced = zip(derivations, cases.states(through: through)).map {
      PricedCharges($0, setting: $1.opening?.setting, ruleBook: ruleBook)
    }
    switch format {
    case .json: for each in priced { Terminal.write(each.json.compactText + "\n") }
    case .table: Terminal.write(LineItemTable.text(priced))
    }
  }
}

/// How a command writes its result.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case table
  case json
}

extension RuleBook {
  /// The book of this edition or digest, or in this file; the standard one where none is named.
  static func named(_ name: String?) throws(CommandFailure) -> RuleBook {
    guard let name else { return .standard }
    return try RuleBooksAtHand.book(named: name)
  }

  /// The policy of this name; nil for none.
  func policy(named name: String?) throws(CommandFailure) -> GroupingPolicyName? {
    guard let name else { return nil }
    guard let policy = policies.first(where: { $0.text == name }) else {
      let known = policies.map(\.text).joined(separator: ", ")
      throw CommandFailure(
        "policy-unknown", "There is no policy \(name); there are \(known).", .data)
    }
    return policy
  }
}
