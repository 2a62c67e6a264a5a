import HTTPTypes
import Hummingbird
import NIOCore
import Procedures
import Projectors
import Testing

@testable import API

private func query(_ text: String) throws(Problem) -> Query {
  try Query(
    Request(
      head: HTTPRequest(method: .get, scheme: "http", authority: "lab", path: "/v1/cases?" + text),
      body: RequestBody(buffer: ByteBuffer())))
}

private func matching(_ tag: String) throws(Problem) -> Int64? {
  try Request(
    head: HTTPRequest(
      method: .post, scheme: "http", authority: "lab", path: "/", headerFields: [.ifMatch: tag]),
    body: RequestBody(buffer: ByteBuffer())
  ).expectedVersion
}

@Suite struct `Parameters` {
  @Test(arguments: [
    ("limit=0", "limit"), ("limit=1001", "limit"), ("limit=ten", "limit"), ("limit=007", "limit"),
    ("limit=%2B7", "limit"), ("limit=", "limit"), ("limit", "limit"), ("limit=1&limit=2", "limit"),
    ("limit=%F", "query"), ("limit=%FF", "query"), ("limit=%00", "query"),
  ])
  func `what cannot be is refused by name`(_ text: String, _ field: String) {
    #expect {
      var query = try query(text)
      _ = try query.limit(1...1000, default: 200)
    } throws: { error in
      let problem = error as? Problem
      return problem?.status == .badRequest && problem?.code.text == "field-invalid"
        && problem?.field == field
    }
  }

  @Test(arguments: [("colour=red", "colour"), ("%70t%20123=1", "(unprintable)")])
  func `what is not known is refused, and repeated only where it is a name`(
    _ text: String, _ field: String
  ) {
    #expect {
      try query(text).finish()
    } throws: { error in
      let problem = error as? Problem
      return problem?.status == .badRequest && problem?.code.text == "field-unknown"
        && problem?.field == field
    }
  }

  @Test func `a plus sign is one, as in the offset of a time`() throws {
    var query = try query("at=2026-03-02T08:31:00+01:00&room=Lab%202")
    let text = try query.optional("at", "a time") { $0 }
    #expect(text == "2026-03-02T08:31:00+01:00")
    let room: RoomName? = try query.term("room")
    #expect(room?.text == "Lab 2")
    try query.finish()
  }

  @Test func `without a query there is no parameter`() throws {
    var query = try query("")
    #expect(try query.limit(1...1000, default: 200) == 200)
    try query.finish()
  }

  @Test(arguments: [("\"0\"", 0), ("\"12\"", 12)])
  func `an expected version is read`(_ tag: String, _ version: Int64) throws {
    #expect(try matching(tag) == version)
  }

  @Test(arguments: ["12", "*", "W/\"12\"", "\"12\", \"13\"", "\"-1\"", "\"\"", "\"", "\"012\""])
  func `what is no version is refused`(_ tag: String) {
    #expect {
      try matching(tag)
    } throws: { error in
      (error as? Problem)?.field == "If-Match" && (error as? Problem)?.status == .badRequest
    }
  }

  @Test func `the next page keeps what was asked for, and replaces the cursor`() throws {
    let query = try query("room=Lab%202%26&cursor=old&limit=3")
    #expect(
      query.address("/v1/cases", at: PageCursor("new"))
        == "/v1/cases?room=Lab%202%26&limit=3&cursor=new")
  }
}
