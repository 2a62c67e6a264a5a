import ArgumentParser

/// `cathlog rule-book`: the rules by which lines are derived.
struct RuleBookCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rule-book", abstract: "Adopts rule books.",
    subcommands: [RuleBookAdoptCommand.self])
}
