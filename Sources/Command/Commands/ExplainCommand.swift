import ArgumentParser
import Charges
import Procedures
import Projectors
import Store

/// `cathlog explain CASE CODE`: each unit back to its entries, its rule and the rule's source.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explains the units of a code: entries, rule, source, and what earned none.",
    discussion: "The look is recorded.")

  @Argument(help: "The case's id.")
  var id: CaseArgument

  @Argument(help: "A CPT or HCPCS code, such as 37253.")
  var code: String

  @OptionGroup var facility: FacilityOption
  @OptionGroup var database: DatabaseOptions

  func run() async throws {
    guard let code = BillingCode(code) else {
      throw ValidationError("The code has five characters, such as 37253.")
    }
    let text = try await Wiring.withParts(database.settings) { parts in
      let facility = try await facility.resolve(in: parts.store)
      try await parts.record(.replay, id.caseID, in: facility)
      let replayed = try await parts.replayed(id.caseID, in: facility)
      do throws(DerivationError) {
        return try Explanation(of: code, in: replayed.state, replayed.context).text
      } catch {
        throw CommandFailure("derivation-failed", "\(error)", .data)
      }
    }
    Terminal.write(text)
  }
}
