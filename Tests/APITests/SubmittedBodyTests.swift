import Procedures
import Testing

@testable import API

@Suite struct `The body of a request` {
  private let caseID = CaseID(high: 1, low: 1)

  private func body(_ text: String, limit: Int = 3) throws -> SubmittedBody {
    try SubmittedBody(try JSON.read(Array(text.utf8)), of: caseID, limit: limit)
  }

  private func closed(_ number: Int, more: String = "") -> String {
    #"""
    {"id":"00000000-0000-4000-8000-00000000000\#(number)","type":"case-closed",
     "occurredAt":"2026-03-02T09:00:00Z","data":{}\#(more)}
    """#
  }

  @Test func `is one event`() throws {
    let body = try body(closed(1))
    #expect(body.events.map(\.type) == [.caseClosed])
    #expect(body.events.map(\.caseID) == [caseID])
    #expect(!body.isList)
  }

  @Test func `is a list of events`() throws {
    let body = try body("[\(closed(1)),\(closed(2))]")
    #expect(body.events.count == 2)
    #expect(body.isList)
  }

  @Test(arguments: ["[]", "7", "null", #""text""#])
  func `is nothing else`(_ text: String) {
    #expect(throws: Problem.self) { try body(text) }
  }

  @Test func `is no longer a list than is taken`() {
    let events = (1...4).map { closed($0) }.joined(separator: ",")
    #expect {
      try body("[\(events)]")
    } throws: { error in
      (error as? Problem)?.code.text == "field-invalid"
    }
  }

  @Test func `names the event at fault in a list, and none where there is one event`() {
    let wrong = closed(2, more: #","colour":"red""#)
    for (text, index) in [("[\(closed(1)),\(wrong)]", 1), (wrong, nil)] {
      #expect {
        try body(text)
      } throws: { error in
        let problem = error as? Problem
        return problem?.code.text == "field-unknown" && problem?.field == "colour"
          && problem?.index == index
      }
    }
  }

  @Test func `cannot speak of another case than the address, nor of what a store adds`() {
    for more in [#","case":"00000000-0000-4000-8000-000000000009""#, #","position":7"#] {
      #expect(throws: Problem.self) { try body(closed(1, more: more)) }
    }
  }
}
