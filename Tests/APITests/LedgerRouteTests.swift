import Exchange
import Foundation
import HTTPTypes
import Procedures
import TestDatabase
import Testing

@testable import API

/// One row a form: what asks for it, and how its answer begins and is called.
private let forms: [(accept: String?, type: String, start: String, file: String?)] = [
  (nil, "application/json", #"{"charges":[{"entry":"#, nil),
  ("*/*", "application/json", #"{"charges":[{"entry":"#, nil),
  ("application/x-ndjson", "application/x-ndjson", #"{"entry":"#, nil),
  ("text/csv", "text/csv; charset=utf-8; header=present", "record,", "csv"),
  (
    "application/fhir+json", "application/fhir+json; fhirVersion=4.0", #"{"resourceType":"Bundle""#,
    nil
  ),
  (
    "application/fhir+ndjson", "application/fhir+ndjson; fhirVersion=4.0",
    #"{"resourceType":"ChargeItem""#, nil
  ),
  ("application/hl7-v2+er7", "application/hl7-v2+er7; charset=utf-8", "BHS|", "hl7"),
  ("text/html;q=0.2, text/csv;q=0.1", "text/csv; charset=utf-8; header=present", "record,", "csv"),
]

@Suite struct `The charge ledger over HTTP` {
  @Test func `comes in the form that is asked for, by GET and by HEAD`() async throws {
    try await Lab.with { lab in
      let billing = try await lab.token(.billing, person: "bi-31")
      try await lab.asking { asker in
        try await lab.charge(asker)
        let last = try #require(
          try await asker.get("/v1/charges", billing).json["after"]?.text)
        for form in forms {
          let headers: HTTPFields = form.accept.map { [.accept: $0] } ?? [:]
          let answer = try await asker.get("/v1/charges", billing, headers)
          #expect(answer.status == 200)
          #expect(answer.headers[.contentType] == form.type)
          #expect(answer.headers[.vary] == "Accept")
          #expect(answer.headers[.cacheControl] == "no-store")
          #expect(answer.text.hasPrefix(form.start), "\(form.type): \(answer.text.prefix(80))")
          let name = answer.headers[.contentDisposition]
          #expect((name == nil) == (form.file == nil))
          if let file = form.file, let name {
            let pattern = try Regex(
              #"attachment; filename="general-charges-\d{4}-\d\d-\d\d-\#(last)\.\#(file)""#)
            #expect(name.wholeMatch(of: pattern) != nil, "\(name)")
          }
          #expect(try await asker.get("/v1/charges", billing, headers).bytes == answer.bytes)
          let head = try await asker.call(.head, "/v1/charges", billing, headers)
          #expect(head.status == 200 && head.bytes.isEmpty)
          #expect(head.headers[.contentType] == form.type)
          #expect(head.headers[.contentDisposition] == name)
        }
        let none = try await asker.get("/v1/charges", billing, [.accept: "text/html, image/*"])
        #expect(none.status == 406 && none.code == "not-acceptable")
        #expect(
          none.json["formats"]?.elements?.compactMap(\.text)
            == ChargeFormat.allCases.map(\.mediaType))
        #expect(none.json["field"] == "Accept")
      }
    }
  }

  @Test func `shows account and encounter, and in no entry whether it is billed`() async throws {
    try await Lab.with { lab in
      let billing = try await lab.token(.billing, person: "bi-31")
      try await lab.asking { asker in
        let caseID = try await lab.charge(asker)
        let before = try await asker.get("/v1/charges", billing)
        let entries = try #require(before.json["charges"]?.elements)
        #expect(entries.count >= 3)
        #expect(entries.allSatisfy { $0["account"] == "acct-77" && $0["encounter"] == "enc-78" })
        #expect(entries.allSatisfy { $0["case"] == .string(caseID) })
        let last = try #require(before.json["after"])
        _ = try await asker.post("/v1/charges/acknowledgements", billing, ["through": last])
        #expect(try await asker.get("/v1/charges", billing).bytes == before.bytes)
        #expect(try await asker.get("/v1/charges?status=billed", billing).bytes == before.bytes)
        let billable = try await asker.get("/v1/charges?status=billable", billing)
        #expect(billable.json["charges"] == [])
      }
    }
  }

  @Test func `gives the same bytes of every entry in pages of any size`() async throws {
    try await Lab.with { lab in
      let billing = try await lab.token(.billing)
      try await lab.enter(2_003)
      try await lab.asking { asker in
        let form: HTTPFields = [.accept: "application/x-ndjson"]
        let whole = try await asker.get("/v1/charges?limit=1000000", billing, form)
        #expect(whole.next == nil)
        #expect(whole.text.split(separator: "\n").count == 2_003)
        for (limit, start) in [(1, 1_990), (2, 1_950), (7, 1_500), (1_000, 0), (1_001, 0)] {
          var next: String? =
            "/v1/charges?limit=\(limit)" + (start > 0 ? "&after=bbbb-\(start)" : "")
          var bytes: [UInt8] = []
          while let address = next {
            let page = try await asker.get(address, billing, form)
            try #require(page.status == 200)
            #expect(try await asker.get(address, billing, form).bytes == page.bytes)
            bytes += page.bytes
            next = page.next
          }
          let rest = whole.text.split(separator: "\n").dropFirst(start).joined(separator: "\n")
          #expect(bytes == Array((rest + "\n").utf8), "\(limit)")
        }
      }
    }
  }

  /// One row a request that is refused: status, code, field.
  private static let refused: [(String, Int, String, String?)] = [
    ("?after=1", 400, "field-invalid", "after"), ("?after=", 400, "field-invalid", "after"),
    ("?after=bbbb-0", 400, "field-invalid", "after"),
    ("?after=bbbb-01", 400, "field-invalid", "after"),
    ("?after=bbbb-11", 409, "cursor-stale", "after"),
    ("?after=cccc-3", 409, "cursor-stale", "after"),
    ("?limit=0", 400, "field-invalid", "limit"),
    ("?limit=1000001", 400, "field-invalid", "limit"),
    ("?from=yesterday", 400, "field-invalid", "from"),
    ("?to=2026-02-30", 400, "field-invalid", "to"),
    ("?code=x", 400, "field-invalid", "code"), ("?case=7", 400, "field-invalid", "case"),
    ("?status=planned", 400, "field-invalid", "status"),
    ("?hold=none", 400, "field-unknown", "hold"),
    ("/bbbb-11", 404, "not-found", "entry"), ("/cccc-3", 404, "not-found", "entry"),
    ("/seven", 400, "field-invalid", "entry"), ("/bbbb-3?x=1", 400, "field-unknown", "x"),
  ]

  @Test func `refuses what it cannot answer truly, and says how the ledger stands`() async throws {
    try await Lab.with { lab in
      let billing = try await lab.token(.billing)
      try await lab.enter(10)
      try await lab.asking { asker in
        for (query, status, code, field) in Self.refused {
          let answer = try await asker.get("/v1/charges" + query, billing)
          #expect(answer.status == status, "\(query)")
          #expect(answer.code == code, "\(query)")
          #expect(answer.json["field"]?.text == field, "\(query)")
        }
        let stale = try await asker.get("/v1/charges?after=bbbb-11", billing)
        #expect(stale.json["epoch"] == "bbbb" && stale.json["firstNumber"] == 1)
        #expect(stale.json["last"] == "bbbb-10" && stale.json["lastCommon"] == "bbbb-10")
        #expect(stale.json["detail"]?.text?.hasSuffix("from after=bbbb-10.") == true)
        #expect(try await asker.get("/v1/charges").status == 401)
        for path in ["", "/bbbb-3", "/acknowledgements"] {
          let answer = try await asker.call(.delete, "/v1/charges" + path, billing)
          #expect(answer.status == 405 && answer.headers[.allow] != nil)
        }
      }
    }
  }

  @Test func `is for billing and auditors, and what they pull is recorded`() async throws {
    try await Lab.with { lab in
      let auditor = try await lab.token(.auditor, person: "au-7")
      let billing = try await lab.token(.billing, person: "bi-31")
      let coder = try await lab.token(.coder, .physician, .recorder, .admin, person: "co-9")
      try await lab.asking { asker in
        let caseID = try await lab.charge(asker)
        let pulled = try await asker.get("/v1/charges", auditor)
        let entry = try #require(pulled.json["after"]?.text)
        #expect(try await asker.get("/v1/charges/\(entry)", billing).status == 200)
        #expect(try await asker.get("/v1/charges?after=\(entry)", billing).status == 200)
        let through: JSON = ["through": .string(entry)]
        #expect(
          try await asker.post("/v1/charges/acknowledgements", auditor, through).status == 403)
        #expect(
          try await asker.post("/v1/charges/acknowledgements", billing, through).status == 201)
        for path in ["", "/\(entry)", "/acknowledgements"] {
          #expect(try await asker.get("/v1/charges\(path)", coder).status == 403)
        }
        let record = try await lab.accessRecord()
        #expect(
          record == [
            "charge-read bi-31 \(caseID)", "charges-acknowledged bi-31 -",
            "charges-read au-7 \(caseID)", "charges-read bi-31 -", "refused au-7 -",
            "refused co-9 -", "refused co-9 -", "refused co-9 -",
          ])
        _ = try await asker.call(.head, "/v1/charges", billing)
        #expect(try await lab.accessRecord().count == record.count)
        try await lab.forbidRecording()
        for path in ["", "/\(entry)"] {
          let answer = try await asker.get("/v1/charges\(path)", billing)
          #expect(answer.status == 503 && answer.code == "database-unavailable")
        }
      }
    }
  }

  @Test func `an entry is shown with its pair and what it rests on, as recorded and as corrected`()
    async throws
  {
    try await Lab.with { lab in
      let billing = try await lab.token(.billing)
      let physician = try await lab.token(.physician, person: "dr-114")
      let wrong = Steps.image("external-iliac-vein", "left")
      let images = [Steps.image("common-iliac-vein", "left"), wrong]
      try await lab.asking { asker in
        let caseID = try await lab.charge(asker, images: images)
        let correction = Steps.event(
          "entry-corrected",
          [
            "entry": wrong["id"] ?? .null, "reason": "other side",
            "data": Steps.image("external-iliac-vein", "right")["data"] ?? .null,
          ])
        let answer = try await asker.post(
          "/v1/cases/\(caseID)/events", physician, [correction, Steps.signing()])
        try #require(answer.status == 201)
        try await lab.settle()
        let all = try await asker.get("/v1/charges", billing)
        let entries = try #require(all.json["charges"]?.elements)
        let old = try #require(
          entries.first { $0["code"] == "37253" && $0["kind"] == "charge" }?["entry"]?.text)
        let credit = try #require(
          entries.first { $0["credits"] == .string(old) }?["entry"]?.text)
        let shown = try await asker.get("/v1/charges/\(old)", billing)
        #expect(shown.status == 200)
        #expect(shown.json["entry"]?["entry"]?.text == old)
        #expect(shown.json["credit"]?["entry"]?.text == credit)
        #expect(shown.json["charge"] == .null && shown.json["status"] == "billable")
        let events = try #require(shown.json["events"]?.elements)
        #expect(events.map { $0["id"] } == [wrong["id"], correction["id"]])
        #expect(events[0]["data"]?["side"] == "left")
        #expect(events[1]["data"]?["data"]?["side"] == "right")
        #expect(events[1]["data"]?["reason"] == "other side")
        let pair = try await asker.get("/v1/charges/\(credit)", billing)
        #expect(pair.json["charge"]?["entry"]?.text == old && pair.json["credit"] == .null)
      }
    }
  }
}

@Suite struct `Acknowledgements over HTTP` {
  private static let path = "/v1/charges/acknowledgements"

  @Test func `say once how far billing is, again without effect, and never backwards`()
    async throws
  {
    try await Lab.with { lab in
      let billing = try await lab.token(.billing, person: "bi-31")
      try await lab.enter(10)
      try await lab.asking { asker in
        let none = try await asker.get(Self.path, billing)
        #expect(none.json["through"] == .null && none.json["outstanding"] == 10)
        let first = try await asker.post(Self.path, billing, ["through": "bbbb-4"])
        #expect(first.status == 201)
        #expect(first.json["acknowledgedBy"] == "bi-31" && first.json["outstanding"] == 6)
        let again = try await asker.post(Self.path, billing, ["through": "bbbb-4"])
        #expect(again.status == 200 && again.json == first.json)
        #expect(try await asker.get(Self.path, billing).json == first.json)
        let back = try await asker.post(Self.path, billing, ["through": "bbbb-3"])
        #expect(back.status == 409 && back.code == "acknowledgement-backwards")
        #expect(back.json["through"] == "bbbb-4" && back.json["field"] == "through")
        for entry in ["bbbb-11", "cccc-5"] {
          let stale = try await asker.post(
            Self.path, billing, ["through": .string(entry)])
          #expect(stale.status == 409 && stale.code == "cursor-stale")
          #expect(stale.json["last"] == "bbbb-10")
        }
        #expect(try await asker.get(Self.path, billing).json == first.json)
      }
    }
  }

  /// One row a body: status, code, field.
  private static let bodies: [(String, Int, String, String?)] = [
    ("", 400, "field-invalid", nil), ("{", 400, "field-invalid", nil),
    ("[]", 422, "field-invalid", nil), ("{}", 422, "field-missing", "through"),
    (#"{"through":7}"#, 422, "field-invalid", "through"),
    (#"{"through":"seven"}"#, 422, "field-invalid", "through"),
    (#"{"through":"bbbb-4","at":1}"#, 422, "field-unknown", "at"),
  ]

  @Test func `are refused with the field at fault`() async throws {
    try await Lab.with { lab in
      let billing = try await lab.token(.billing)
      try await lab.enter(10)
      try await lab.asking { asker in
        for (body, status, code, field) in Self.bodies {
          let answer = try await asker.call(.post, Self.path, billing, [:], Array(body.utf8))
          #expect(answer.status == status, "\(body)")
          #expect(answer.code == code, "\(body)")
          #expect(answer.json["field"]?.text == field, "\(body)")
        }
        let plain = try await asker.call(
          .post, Self.path, billing, [.contentType: "text/plain"], Array("bbbb-4".utf8))
        #expect(plain.status == 415)
        #expect(try await asker.get(Self.path, billing).json["through"] == .null)
      }
    }
  }
}
