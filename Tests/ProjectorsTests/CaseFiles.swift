import Charges
import Foundation
import Procedures
import Store
import Testing

/// The acceptance cases as events.
enum CaseFiles {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Cases")

  static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".ndjson") }.map { String($0.dropLast(7)) }.sorted()
  }

  /// A file's text.
  static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name + ".ndjson"), encoding: .utf8)
  }

  /// The events of a text.
  static func events(of text: String) throws -> [Event] {
    try text.split(separator: "\n").map { line in
      try SubmittedEvent(try JSON.read(Array(line.utf8)), from: .file).event
    }
  }

  static func events(_ name: String) throws -> [Event] { try events(of: try text(name)) }

  /// The events of a file as those of another case: with other ids, of a patient of this name and,
  /// where one is given, of another day.
  static func copy(
    _ name: String, number: Int, patient: String, payer: String? = nil, date: String? = nil
  ) throws -> [Event] {
    var text = try text(name)
    for match in Set(text.matches(of: /"(?:id|case|entry)": "([0-9a-f-]{36})"/).map(\.1)) {
      let digits = String(number, radix: 16)
      let prefix = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
      text = text.replacing(match, with: prefix + match.dropFirst(8))
    }
    text = text.replacing(/"patient": "[^"]*"/, with: "\"patient\": \"\(patient)\"")
    if let date { text = text.replacing("2026-03-02", with: date) }
    if let payer {
      text = text.replacing("\"operator\":", with: "\"payer\": \"\(payer)\", \"operator\":")
    }
    return try events(of: text)
  }

  /// The events of several cases, a few of each in turn, in an order that the seed decides.
  static func interleaved(_ cases: [[Event]], seed: UInt64) -> [Event] {
    var chance = Chance(seed: seed)
    var rest = cases.filter { !$0.isEmpty }.map { $0[...] }
    var events: [Event] = []
    while !rest.isEmpty {
      let place = Int(chance.next() % UInt64(rest.count))
      let count = Int(chance.next() % 4) + 1
      events += rest[place].prefix(count)
      rest[place] = rest[place].dropFirst(count)
      if rest[place].isEmpty { rest.remove(at: place) }
    }
    return events
  }

  /// What the events derive to as a file.
  static func derivations(_ events: [Event]) throws -> [CaseID: String] {
    var collection = CaseCollection(ruleBook: .standard)
    for line in try lines(events) { try collection.add(line) }
    var documents: [CaseID: String] = [:]
    for derivation in collection.derivations() {
      documents[derivation.caseID] = derivation.json.compactText
    }
    return documents
  }

  /// The events as lines of a file.
  static func lines(_ events: [Event]) throws -> [EventFile.Line] {
    var file = EventFile()
    return try events.compactMap { event in
      var members: [JSON.Member] = [
        JSON.Member("id", .string(event.id.description)),
        JSON.Member("case", .string(event.caseID.description)),
        JSON.Member("type", .string(event.type.rawValue)),
        JSON.Member("occurredAt", .string(event.occurredAt.description)),
        JSON.Member("data", event.body.data),
      ]
      if let reason = event.reason { members.append(JSON.Member("reason", reason.json)) }
      return try file.next(JSON.object(members).bytes)
    }
  }

  /// The event as a row of a log that holds nothing else.
  static func row(_ event: Event, version: Int64, in facility: FacilityCode) -> LogRow {
    LogRow(
      facility: facility, position: version, caseID: event.caseID, version: version,
      recordedAt: event.occurredAt,
      entry: LogEntry(
        eventID: event.id, type: event.type.rawValue, form: Int16(event.type.form),
        occurredAt: event.occurredAt, payload: event.body.data.canonicalBytes,
        digest: Array(repeating: 7, count: 32), recorder: "rn-204"),
      leafHash: Array(repeating: 7, count: 32))
  }
}

/// Repeatable chance (SplitMix64).
struct Chance {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// From `CATHLOG_SEED`, or a new one; tests print it with what failed.
  static let seed =
    ProcessInfo.processInfo.environment["CATHLOG_SEED"].flatMap { UInt64($0) }
    ?? UInt64.random(in: 0...UInt64.max)

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
