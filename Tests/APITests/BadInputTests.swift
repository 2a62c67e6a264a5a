import HTTPTypes
import Procedures
import Testing

@testable import API

/// Something that is no event, the status it meets and the problem's code.
private struct Row: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let status: Int
  let code: String
  let body: [UInt8]

  init(_ name: String, _ status: Int, _ code: String, _ body: some Sequence<UInt8>) {
    testDescription = name
    self.status = status
    self.code = code
    self.body = Array(body)
  }

  init(_ name: String, _ status: Int, _ code: String, _ body: String) {
    self.init(name, status, code, body.utf8)
  }
}

private func event(_ changed: [(String, JSON?)]) -> [UInt8] {
  let members = Steps.image("renal-artery", "left").members ?? []
  let names = Set(changed.map(\.0))
  return JSON.object(
    members.filter { !names.contains($0.name) }
      + changed.compactMap { name, value in value.map { JSON.Member(name, $0) } }
  ).bytes
}

private let image: JSON = [
  "modality": "IVUS", "vessel": "inferior-vena-cava", "phase": "diagnostic", "imagesStored": true,
]
private let deep = String(repeating: "[", count: 1_000_000)

private let rows = [
  Row("nothing", 400, "field-invalid", ""),
  Row("half of an object", 400, "field-invalid", #"{"id":"#),
  Row("two documents", 400, "field-invalid", "{}{}"),
  Row("a name twice", 400, "field-invalid", #"{"id":"a","id":"b"}"#),
  Row("bytes that are no UTF-8", 400, "field-invalid", [0x22, 0xC3, 0x28, 0x22]),
  Row("a NUL character", 400, "field-invalid", #"{"id":"\u0000"}"#),
  Row("a NUL byte", 400, "field-invalid", [0x7B, 0x00, 0x7D]),
  Row("half a surrogate pair", 400, "field-invalid", #"{"id":"\ud800"}"#),
  Row("nesting a million deep", 413, "body-too-large", deep + deep),
  Row("nesting as deep as a body holds", 400, "field-invalid", deep),
  Row("a number", 422, "field-invalid", "7"),
  Row("an empty list", 422, "field-invalid", "[]"),
  Row("an unknown type", 422, "field-invalid", event([("type", "image-forgotten")])),
  Row("an unknown field", 422, "field-unknown", event([("colour", "red")])),
  Row("what a store adds", 422, "field-unknown", event([("recordedAt", "2026-03-02T08:31:00Z")])),
  Row("a text for a number", 422, "field-invalid", event([("data", ["imagesStored": "yes"])])),
  Row("no id", 422, "field-missing", event([("id", nil)])),
  Row("an id that is none", 422, "field-invalid", event([("id", "7")])),
  Row("another case", 422, "field-invalid", event([("case", .string(Steps.id()))])),
  Row("a time without an offset", 422, "field-invalid", event([("occurredAt", "2026-03-02T08:31")])),
  Row("a time to come", 422, "occurred-in-future", event([("occurredAt", "2999-01-01T00:00:00Z")])),
  Row(
    "a time long before", 422, "occurred-before-case",
    event([("occurredAt", "2026-02-28T00:00:00Z")])),
  Row(
    "a side on an unpaired vessel", 422, "side-not-applicable",
    event([("data", .object((image.members ?? []) + [JSON.Member("side", "left")]))])),
  Row("no side on a paired vessel", 422, "side-required", Steps.image("renal-artery").bytes),
  Row("a vessel that is none", 422, "vessel-unknown", Steps.image("cava").bytes),
  Row("a sealed value", 422, "field-invalid", event([("reason", ["sealed": "AAAA"])])),
  Row("an erased value", 422, "field-invalid", event([("reason", ["erased": true])])),
]

@Suite struct `Bad input` {
  @Test func `is refused with its code, and the log holds nothing of it`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      let path = "/v1/cases/\(Steps.id())/events"
      try await lab.asking { asker in
        _ = try await asker.post(path, recorder, Steps.opening())
      }
      let before = try await lab.eventCount()
      try await lab.asking { asker in
        for row in rows {
          let answer = try await asker.call(.post, path, recorder, [:], row.body)
          #expect(answer.status == row.status, "\(row.testDescription)")
          #expect(answer.code == row.code, "\(row.testDescription)")
          #expect(answer.headers[.contentType] == "application/problem+json")
        }
      }
      #expect(try await lab.eventCount() == before)
    }
  }

  @Test(arguments: [nil, "text/plain", "application/x-www-form-urlencoded", "application/jsonp",
    "application/json; charset=latin1"])
  func `of another kind is not read`(_ type: String?) async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      try await lab.asking { asker in
        let answer = try await asker.call(
          .post, "/v1/cases/\(Steps.id())/events", recorder,
          [.contentType: type ?? ""], Steps.opening().bytes)
        #expect(answer.status == 415)
        #expect(answer.code == "media-type-unsupported")
      }
    }
  }

  @Test func `in a query is refused by the parameter's name`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      try await lab.asking { asker in
        let path = "/v1/cases/\(Steps.id())/events"
        for (query, code, field) in [
          ("colour=red", "field-unknown", "colour"), ("after=-1", "field-invalid", "after"),
          ("limit=0", "field-invalid", "limit"), ("limit=99999", "field-invalid", "limit"),
        ] {
          let answer = try await asker.get("\(path)?\(query)", recorder)
          #expect(answer.status == 400)
          #expect(answer.code == code)
          #expect(answer.json["field"] == .string(field))
        }
        var headers: HTTPFields = [.accept: "text/event-stream"]
        headers[HTTPField.Name.lastEventID] = "x"
        let stream = try await asker.get(path, recorder, headers)
        #expect(stream.status == 400)
      }
    }
  }

  @Test func `addresses and methods that are not there are problems too`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      let unknown = try #require(HTTPRequest.Method("BREW"))
      try await lab.asking { asker in
        for (method, path, status, code) in [
          (HTTPRequest.Method.get, "/v2/cases", 404, "not-found"),
          (.get, "/", 404, "not-found"),
          (.get, "/v1/cases/7/secrets", 404, "not-found"),
          (.delete, "/v1/cases/\(Steps.id())/events", 405, "method-not-allowed"),
          (.get, "/v1/facility/events", 405, "method-not-allowed"),
          (.post, "/healthz", 405, "method-not-allowed"),
          (unknown, "/v1/cases", 501, "method-unknown"),
        ] {
          let answer = try await asker.call(method, path, recorder)
          #expect(answer.status == status, "\(method.rawValue) \(path)")
          #expect(answer.code == code, "\(method.rawValue) \(path)")
        }
        let answer = try await asker.call(.put, "/v1/cases/\(Steps.id())/events", recorder)
        #expect(answer.headers[.allow] == "GET, POST")
      }
    }
  }
}
