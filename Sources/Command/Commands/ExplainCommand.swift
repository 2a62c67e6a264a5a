import ArgumentParser
import Charges
import Procedures
import Projectors
import Store

/// `cathlog explain CASE CODE`: each unit back to its entries, its rule and the rule's source.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explains the units of a code: entries, rules, sources, and what would change them.",
    discussion: """
      Also says why a code has no unit, and why a vessel earned none. What would change a code is \
      derived, not guessed. The case is read as for replay: --at takes a version or a time, \
      --rule-book and --policy other rules than those in force. The look is recorded.
      """)

  @Argument(help: "The case's id.")
  var id: CaseArgument

  @Argument(help: "A CPT or HCPCS code, such as 37253.")
  var code: String

  @OptionGroup var replay: ReplayOptions

  @Flag(help: PriceColumn.help)
  var price = false

  @Option(help: "text or json.")
  var format: Format = .text

  @OptionGroup var facility: FacilityOption
  @OptionGroup var database: DatabaseOptions

  /// How the explanation is written.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
  }

  func run() async throws {
    guard let code = BillingCode(code) else {
      throw ValidationError("The code has five characters, such as 37253.")
    }
    let moment = try replay.moment
    let choice = try replay.choice
    let explanation = try await Wiring.withParts(database.settings) { parts in
      let facility = try await facility.resolve(in: parts.store)
      try await parts.record(.replay, id.caseID, in: facility)
      let replayed = try await parts.replayed(
        id.caseID, in: facility, at: moment, under: choice)
      let events = try await parts.allEvents(of: id.caseID, in: facility)
      return replayed.explanation(of: code, events: events, isPriced: price)
    }
    switch format {
    case .json: Terminal.write(explanation.json.compactText + "\n")
    case .text: Terminal.write(explanation.text(head: Style.bold))
    }
  }
}
