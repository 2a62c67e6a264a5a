import Foundation
import Procedures
import Testing

@Suite struct `A file of events` {
  private func line(_ number: UInt64, _ more: String = "") -> String {
    #"{"id":"\#(EventID(number))","case":"\#(CaseID(1))","type":"case-closed","occurredAt":"2026-03-02T13:31:00Z","data":{}\#(more)}"#
  }

  private func read(_ bytes: [UInt8]) throws(EventFile.Fault) -> [EventFile.Line] {
    var file = EventFile()
    var lines: [EventFile.Line] = []
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      if let line = try file.next(line) { lines.append(line) }
    }
    return lines
  }

  @Test(arguments: ["\n", "\r\n"])
  func `has an event a line, blank lines allowed`(_ end: String) throws {
    let text = ["", line(1), " \t", line(2, #","recorder":"rn-1""#), line(3), ""].joined(
      separator: end)
    let lines = try read(Array(text.utf8))
    #expect(lines.map(\.number) == [2, 4, 5])
    #expect(lines.map(\.submitted.event.id) == [EventID(1), EventID(2), EventID(3)])
    #expect(lines.map(\.submitted.annotations.recorder?.text) == [nil, "rn-1", nil])
  }

  @Test func `refuses a line by its number, its code and its field`() throws {
    let table: [([UInt8], Int, Refusal.Code, String?)] = [
      (Array("\u{FEFF}\(line(1))".utf8), 1, .fieldInvalid, nil),
      (Array("\u{FEFF}".utf8), 1, .fieldInvalid, nil),
      (Array("\(line(1))\n\u{FEFF}\(line(2))".utf8), 2, .fieldInvalid, nil),
      (Array("\(line(1))\n\(line(2).dropLast(9))".utf8), 2, .fieldInvalid, nil),
      (Array("\(line(1))\n\n[]".utf8), 3, .fieldInvalid, nil),
      (Array("\(line(1)) \(line(2))".utf8), 1, .fieldInvalid, nil),
      (Array("\(line(1)),".utf8), 1, .fieldInvalid, nil),
      (Array("\n\(line(1, #","data":{}"#))".utf8), 2, .fieldInvalid, nil),
      (Array("\(line(1))\n".utf8) + [0xFF, 0xFE], 2, .fieldInvalid, nil),
      (Array("\(line(1))\n".utf8) + [0], 2, .fieldInvalid, nil),
      (Array("\n\n\(line(1, #","ward":"3""#))".utf8), 3, .fieldUnknown, "ward"),
      (Array(line(1, #","position":0"#).utf8), 1, .fieldInvalid, "position"),
      (Array(line(1, #","schema":2"#).utf8), 1, .fieldInvalid, "schema"),
      (Array(line(1, #","recordedAt":"today""#).utf8), 1, .fieldInvalid, "recordedAt"),
      (Array(#"{"case":"x"}"#.utf8), 1, .fieldMissing, "id"),
      (Array(#"{"id":"\#(EventID(1))"}"#.utf8), 1, .fieldMissing, "type"),
    ]
    for (bytes, number, code, field) in table {
      let text = String(decoding: bytes, as: UTF8.self)
      let fault = try #require(throws: EventFile.Fault.self, "\(text)") { try read(bytes) }
      #expect(fault.line == number, "\(text)")
      #expect(fault.refusal.code == code, "\(text): \(fault.refusal)")
      #expect(fault.refusal.field == field, "\(text)")
    }
  }

  @Test func `refuses a line that is longer than its limit`() throws {
    let padding = String(repeating: " ", count: EventFile.lineLimit - line(1).utf8.count)
    #expect(throws: Never.self) { try read(Array((line(1) + padding).utf8)) }
    let fault = #expect(throws: EventFile.Fault.self) {
      try read(Array((line(1) + padding + " ").utf8))
    }
    #expect(fault?.line == 1)
  }

  private static let cases = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Cases").standardizedFileURL

  private static func caseNames() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: cases.path())
      .filter { $0.hasSuffix(".ndjson") }.sorted()
  }

  @Test func `of each acceptance case is taken event by event`() throws {
    let names = try Self.caseNames()
    #expect(names.count == 30)
    for name in names {
      let bytes = [UInt8](try Data(contentsOf: Self.cases.appending(path: name)))
      var states: [CaseID: CaseState] = [:]
      let lines = try read(bytes)
      #expect(!lines.isEmpty)
      for line in lines {
        let event = line.submitted.event
        var state = states[event.caseID] ?? CaseState(event.caseID)
        do {
          let decided = try state.decide(event, in: context(at: event.occurredAt))
          state.evolve(decided, version: state.version + 1)
        } catch {
          Issue.record("\(name):\(line.number): \(error)")
        }
        states[event.caseID] = state
      }
      #expect(states.values.allSatisfy { $0.unreadable.isEmpty && $0.phase != .unknown }, "\(name)")
    }
  }

  private func context(at time: Instant) -> DecisionContext {
    var context = ProceduresTests.context
    context.now = time
    return context
  }
}
