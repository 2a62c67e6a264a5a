import ArgumentParser
import Charges
import Procedures
import Projectors
import Store

/// `cathlog case CASE`: a case's log.
struct CaseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "case",
    abstract: "Shows a case's log, entry by entry, and what the case still lacks.",
    discussion: """
      What was corrected or retracted stays and is marked: ~ corrected, x retracted. Below stands \
      what is missing before the case can be signed and billed, with who can do it. The look is \
      recorded.
      """)

  @Argument(help: "The case's id.")
  var id: CaseArgument

  @Option(help: "table or json.")
  var format: OutputFormat = .table

  @OptionGroup var facility: FacilityOption
  @OptionGroup var database: DatabaseOptions

  func run() async throws {
    let format = format
    let (events, guidance) = try await Wiring.withParts(database.settings) { parts in
      let code = try await facility.resolve(in: parts.store)
      try await parts.record(.eventsRead, id.caseID, in: code)
      let events = try await parts.allEvents(of: id.caseID, in: code)
      guard format == .table else { return (events, [Guidance]()) }
      return (events, try await parts.replayed(id.caseID, in: code).guidance)
    }
    switch format {
    case .json:
      for event in events { Terminal.write(event.json.compactText + "\n") }
    case .table:
      Terminal.write(Self.table(events) + GuidanceList.text(guidance))
    }
  }

  private static func table(_ events: [RecordedEvent]) -> String {
    var state = CaseState(events.first?.event.caseID ?? .zero)
    for event in events { state.evolve(event.event, version: event.version) }
    var table = TextTable(
      ["", "VERSION", "OCCURRED", "RECORDER", "TYPE", "WHAT"], rightAligned: [1])
    for event in events {
      let entry = state.entry(event.event.id)
      let isCorrected = entry.map { $0.body != $0.original.body } ?? false
      table.add([
        entry?.isRetracted == true ? "x" : isCorrected ? "~" : " ", String(event.version),
        event.event.occurredAt.description, event.recorder.text, event.event.type.rawValue,
        EventSummary.text(event.event.body.data),
      ])
    }
    return table.text
  }
}

/// An event's data in one line for people.
enum EventSummary {
  /// Names and values, without those that hold others.
  static func text(_ data: JSON) -> String {
    (data.members ?? []).compactMap { member in
      switch member.value {
      case .string(let text): "\(member.name)=\(text)"
      case .number(let number): "\(member.name)=\(number)"
      case .bool(let flag): "\(member.name)=\(flag)"
      case .array(let elements): elements.isEmpty ? nil : "\(member.name)=[\(elements.count)]"
      case .object: "\(member.name)={…}"
      case .null: nil
      }
    }.joined(separator: " ")
  }
}

extension Parts {
  /// Every event of a case, in clear.
  func allEvents(
    of caseID: CaseID, in facility: FacilityCode
  ) async throws -> [RecordedEvent] {
    var events: [RecordedEvent] = []
    while true {
      let page = try await reader.events(
        of: caseID, in: facility, after: events.last?.version ?? 0, limit: 1_000,
        disclosure: .clear)
      guard !page.isEmpty else { break }
      events += page
    }
    guard !events.isEmpty else { throw CommandFailure.caseUnknown }
    return events
  }
}
