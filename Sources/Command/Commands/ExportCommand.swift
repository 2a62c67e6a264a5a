import ArgumentParser
import Procedures
import Store

/// `cathlog export`: a facility's log, or a case, as a file of events.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a facility's log, or one case, as events: one JSON object a line.",
    discussion: """
      What identifies a patient is opened with the master key; the patient is a pseudonym. What was \
      erased reads {"erased":true}. The export is recorded. The file derives and imports.
      """)

  @Option(name: .customLong("case"), help: "One case only.")
  var caseID: CaseArgument?

  @Option(help: "Only what stands after this position of the log.")
  var after: Int64 = 0

  @OptionGroup var facility: FacilityOption
  @OptionGroup var database: DatabaseOptions

  /// How many events are held at once.
  static let pageSize = 1_000

  func run() async throws {
    try await Wiring.withParts(database.settings) { parts in
      let code = try await facility.resolve(in: parts.store)
      try await parts.record(.export, caseID?.caseID, in: code)
      // The end is fixed first, so that a busy log is no reason never to come to an end.
      guard let end = try await parts.store.head(of: code) else { return }
      if let caseID = caseID?.caseID {
        try await writeCase(caseID, parts, code)
      } else {
        try await writeLog(through: end.position, parts, code)
      }
    }
  }

  private func writeLog(
    through end: Int64, _ parts: Parts, _ facility: FacilityCode
  ) async throws {
    var last = after
    while last < end {
      let events = try await parts.reader.events(
        of: facility, after: last, limit: min(Self.pageSize, Int(end - last)), disclosure: .clear)
      guard let final = events.last else { return }
      write(events)
      last = final.position
    }
  }

  private func writeCase(
    _ caseID: CaseID, _ parts: Parts, _ facility: FacilityCode
  ) async throws {
    var last: Int64 = 0
    while true {
      let events = try await parts.reader.events(
        of: caseID, in: facility, after: last, limit: Self.pageSize, disclosure: .clear)
      guard let final = events.last else {
        if last == 0 { throw CommandFailure.caseUnknown }
        return
      }
      write(events.filter { $0.position > after })
      last = final.version
    }
  }

  private func write(_ events: [RecordedEvent]) {
    var bytes: [UInt8] = []
    for event in events {
      event.json.write(into: &bytes, sorted: false)
      bytes.append(UInt8(ascii: "\n"))
    }
    Terminal.write(bytes)
  }
}

extension CommandFailure {
  static let caseUnknown = CommandFailure(
    "case-unknown", "There is no such case in this facility's log.", .data)
}

extension Parts {
  /// Records that the operator looked, before anything is shown.
  func record(
    _ action: AccessEntry.Action, _ caseID: CaseID?, in facility: FacilityCode
  ) async throws { try await record(action, [caseID], in: facility) }

  /// The same of several cases.
  func record(
    _ action: AccessEntry.Action, _ cases: [CaseID?], in facility: FacilityCode
  ) async throws {
    do throws(AccessRecordError) {
      try await access.record(
        cases.map {
          AccessEntry(person: Operator.person, tokenID: nil, action: action, caseID: $0)
        }, in: facility)
    } catch {
      switch error {
      case .overloaded: throw CommandFailure("overloaded", "Try again.", .temporary)
      case .store(let cause): throw CommandFailure(cause)
      }
    }
  }
}
