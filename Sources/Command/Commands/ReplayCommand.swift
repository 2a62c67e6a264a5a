import ArgumentParser
import Charges
import Procedures
import Projectors
import Store

/// `cathlog replay CASE`: a case at any moment, and how it came there.
struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Replays a case to a moment: its charges then, and what each step changed.",
    discussion: """
      --at takes a version, or a time with an offset: what was recorded by then, or with \
      --basis occurred, what had happened by then as far as is known today. The look is recorded.
      """)

  @Argument(help: "The case's id.")
  var id: CaseArgument

  @OptionGroup var replay: ReplayOptions

  @Option(help: "table or json.")
  var format: OutputFormat = .table

  @OptionGroup var facility: FacilityOption
  @OptionGroup var database: DatabaseOptions

  func run() async throws {
    let moment = try replay.moment
    let choice = try replay.choice
    let replayed = try await Wiring.withParts(database.settings) { parts in
      let code = try await facility.resolve(in: parts.store)
      try await parts.record(.replay, id.caseID, in: code)
      return try await parts.replayed(id.caseID, in: code, at: moment, under: choice)
    }
    switch format {
    case .json: Terminal.write(replayed.json.compactText + "\n")
    case .table: Terminal.write(replayed.text)
    }
  }
}

extension Parts {
  /// A case at a moment, with what cannot be replayed as a command's failure.
  func replayed(
    _ caseID: CaseID, in facility: FacilityCode, at moment: Moment = .now,
    under choice: RuleChoice = RuleChoice()
  ) async throws(CommandFailure) -> ReplayedCase {
    do throws(ReplayError) {
      return try await replay.replay(caseID, in: facility, at: moment, under: choice)
    } catch {
      switch error {
      case .caseUnknown: throw .caseUnknown
      case .ruleBook(let error): throw CommandFailure(error)
      case .policyUnknown(let policy, let known):
        throw CommandFailure(
          "policy-unknown",
          "There is no policy \(policy); there are \(known.map(\.text).joined(separator: ", ")).",
          .data)
      case .projectionBehind(let count):
        throw CommandFailure(
          "projection-behind", "\(count) events are not projected yet; try again.", .temporary)
      case .database(let cause): throw CommandFailure(StoreError.database(cause))
      }
    }
  }
}

extension ReplayedCase {
  /// The replay as one document.
  var json: JSON {
    [
      "case": .string(state.id.description), "position": .integer(position),
      "version": .integer(state.version), "phase": .string(state.phase.rawValue),
      "charges": derivation.json, "steps": .array(steps.map(\.json)),
    ]
  }

  /// The steps and the charges in which they end, for people.
  var text: String {
    var table = TextTable(["", "WHEN", "WHAT", "CASE", "LINES"])
    for step in steps {
      // A line may differ in more than a row shows, such as the entries that it rests on.
      let removed = step.removed.map(\.brief)
      let added = step.added.map(\.brief)
      let lines =
        removed.filter { !added.contains($0) }.map { "-" + $0 }
        + added.filter { !removed.contains($0) }.map { "+" + $0 }
      table.add([
        step.mark, step.occurredAt.description, step.type,
        step.phaseBefore == step.phaseAfter ? "" : step.phaseAfter.rawValue,
        lines.joined(separator: "  "),
      ])
    }
    return table.text + "\n" + LineItemTable.text([derivation])
      + GuidanceList.text(guidance)
  }
}

extension ReplayStep {
  fileprivate var mark: String {
    switch origin {
    case .own(let version): String(version)
    case .otherCase: "other case"
    case .facility: "facility"
    }
  }

  fileprivate var json: JSON {
    var members = [
      JSON.Member("event", .string(eventID.description)),
      JSON.Member("type", .string(type)),
      JSON.Member("position", .integer(position)),
      JSON.Member("occurredAt", .string(occurredAt.description)),
      JSON.Member("recordedAt", .string(recordedAt.description)),
      JSON.Member("phase", .string(phaseAfter.rawValue)),
      JSON.Member("removed", .array(removed.map(\.json))),
      JSON.Member("added", .array(added.map(\.json))),
    ]
    switch origin {
    case .own(let version): members.insert(JSON.Member("version", .integer(version)), at: 0)
    case .otherCase(let caseID):
      members.insert(JSON.Member("case", .string(caseID.description)), at: 0)
    case .facility: break
    }
    return .object(members)
  }
}

extension LineItem {
  fileprivate var brief: String {
    let findings = (holds + edits).map(\.code.rawValue).joined(separator: ", ")
    return "\(code)\(modifiers.map { "-" + $0.text }.joined())×\(units) \(status.rawValue)"
      + (findings.isEmpty ? "" : " (\(findings))")
  }
}
