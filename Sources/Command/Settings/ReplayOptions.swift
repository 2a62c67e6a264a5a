import ArgumentParser
import Charges
import Procedures
import Projectors
import Store

/// The moment at which a case is looked at, and under which rules.
struct ReplayOptions: ParsableArguments {
  @Option(help: "A version or a time (RFC 3339); else now.")
  var at: String?

  @Option(help: "What a time means: recorded or occurred.")
  var basis: Basis = .recorded

  @Option(help: "A rule book's edition or digest; else the one in force.", completion: .ruleBooks)
  var ruleBook: String?

  @Option(help: "What counts as one vessel; else the policy in force.", completion: .policies)
  var policy: String?

  /// What a time means.
  enum Basis: String, CaseIterable, ExpressibleByArgument {
    case recorded
    case occurred
  }

  var moment: Moment {
    get throws {
      guard let at else { return .now }
      if let version = Int64(at), version > 0 { return .version(version) }
      guard let instant = Instant(at) else {
        throw ValidationError(
          "--at takes a version, or a time with an offset such as 2026-03-02T08:31:00-05:00.")
      }
      return basis == .recorded ? .recorded(instant) : .occurred(instant)
    }
  }

  var choice: RuleChoice {
    get throws {
      guard let book = ruleBook.map({ RuleBookName($0) }) ?? .some(nil),
        let policy = policy.map({ GroupingPolicyName($0) }) ?? .some(nil)
      else { throw ValidationError("A rule book and a policy have names of 1 to 128 characters.") }
      return RuleChoice(ruleBook: book, policy: policy)
    }
  }
}
