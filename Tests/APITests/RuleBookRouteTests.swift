import Charges
import HTTPTypes
import Procedures
import Projectors
import Store
import Testing

@testable import API

@Suite struct `Rule books over HTTP` {
  /// A site's book in a few lines, which extends the shipped one.
  private static func site(_ edition: String) -> JSON {
    [
      "ruleBook": .string(edition), "extends": .string(RuleBook.standard.edition.text),
      "tables": [
        "policies": [
          "source": "the coding committee's minutes",
          "rows": [
            [
              "policy": "house", "default": false, "rule": "policy-house",
              "says": "Each named vessel is one, as the house says.",
            ]
          ],
        ]
      ],
    ]
  }

  private static func adoption(_ book: JSON, digest: String? = nil, from date: String) -> JSON {
    Steps.event(
      "rule-book-adopted",
      [
        "ruleBook": book["ruleBook"] ?? .null,
        "digest": digest.map { .string($0) } ?? book["digest"] ?? .null, "from": .string(date),
      ])
  }

  @Test func `are stored once, listed, read and adopted`() async throws {
    try await Lab.with { lab in
      let admin = try await lab.token(.admin, person: "ad-1")
      let auditor = try await lab.token(.auditor, person: "au-7")
      try await lab.asking { asker in
        let stored = try await asker.post("/v1/rule-books", admin, Self.site("2026.1-general"))
        #expect(stored.status == 201, "\(stored.json.compactText)")
        let digest = try #require(stored.json["digest"]?.text)
        #expect(stored.headers[.location] == "/v1/rule-books/\(digest)")
        let again = try await asker.post("/v1/rule-books", admin, Self.site("2026.1-general"))
        #expect(again.status == 200)
        #expect(again.json["repeat"]?.flag == true)
        #expect(again.json["recordedAt"] == stored.json["recordedAt"])

        for date in ["2026-03-01", "2026-04-01"] {
          let adopted = try await asker.post(
            "/v1/facility/events", admin, Self.adoption(stored.json, from: date))
          #expect(adopted.status == 201, "\(adopted.json.compactText)")
        }
        let listed = try await asker.get("/v1/rule-books", auditor)
        let books = try #require(listed.json["ruleBooks"]?.elements)
        #expect(books.map { $0["ruleBook"]?.text } == ["2026.1", "2026.1-general"])
        #expect(books.map { $0["shipped"]?.flag } == [true, false])
        #expect(books.map { $0["recorder"]?.text } == [nil, "ad-1"])
        #expect(books.last?["recordedAt"] == stored.json["recordedAt"])
        #expect(books.last?["adoptedFrom"] == ["2026-03-01", "2026-04-01"])

        let document = try await asker.get("/v1/rule-books/\(digest)", auditor)
        #expect(try RuleBook(document: document.json).digest == digest)
        let shipped = try await asker.get(
          "/v1/rule-books/\(RuleBook.standard.digest)", auditor)
        #expect(shipped.json == RuleBook.standard.document)
      }
      #expect(
        try await lab.accessRecord().filter { $0.hasPrefix("rule-books-read au-7 -") }.count == 3)
    }
  }

  @Test func `derive the charges of the dates from which they are adopted`() async throws {
    try await Lab.with { lab in
      let admin = try await lab.token(.admin)
      let recorder = try await lab.token(.recorder)
      let auditor = try await lab.token(.auditor)
      try await lab.asking { asker in
        let caseID = Steps.id()
        let path = "/v1/cases/\(caseID)"
        _ = try await asker.post(path + "/events", recorder, Steps.opening(id: Steps.id()))
        _ = try await asker.post(path + "/events", recorder, Steps.image("renal-artery", "left"))
        let first = try await asker.get(path, auditor)
        #expect(first.json["charges"]?["ruleBookDigest"]?.text == RuleBook.standard.digest)
        let stored = try await asker.post("/v1/rule-books", admin, Self.site("2026.1-general"))
        let digest = try #require(stored.json["digest"]?.text)
        let adopted = try await asker.post(
          "/v1/facility/events", admin, Self.adoption(stored.json, from: "2026-03-02"))
        let position = try #require(adopted.json["position"]?.number?.description)
        try await lab.runner.waitUntilApplied(
          position: try #require(Int64(position)), in: lab.facility)
        let second = try await asker.get(path, auditor)
        #expect(second.json["charges"]?["ruleBook"]?.text == "2026.1-general")
        #expect(second.json["charges"]?["ruleBookDigest"]?.text == digest)
        #expect(second.json["charges"]?["lines"] == first.json["charges"]?["lines"])
        for (name, edition) in [
          ("2026.1", "2026.1"), ("2026.1-general", "2026.1-general"), (digest, "2026.1-general"),
        ] {
          let replayed = try await asker.get("\(path)/replay?ruleBook=\(name)", auditor)
          #expect(replayed.json["charges"]?["ruleBook"]?.text == edition)
        }
        for query in ["ruleBook=2026.1-other", "ruleBook=sha256:0", "policy=house-of-cards"] {
          let refused = try await asker.get("\(path)/replay?\(query)", auditor)
          #expect(refused.status == 400, "\(query)")
        }
        let house = try await asker.get("\(path)/replay?policy=house", auditor)
        #expect(house.json["charges"]?["groupingPolicy"]?.text == "house")
      }
    }
  }

  @Test func `that are not at hand, or of another edition, are not adopted`() async throws {
    try await Lab.with { lab in
      let admin = try await lab.token(.admin)
      try await lab.asking { asker in
        let stored = try await asker.post("/v1/rule-books", admin, Self.site("2026.1-general"))
        let none = "sha256:" + String(repeating: "0", count: 64)
        let renamed: JSON = ["ruleBook": "2026.1", "digest": stored.json["digest"] ?? .null]
        for (event, field) in [
          (Self.adoption(stored.json, digest: none, from: "2026-03-01"), "data.digest"),
          (Self.adoption(renamed, from: "2026-03-01"), "data.ruleBook"),
          (Self.adoption(stored.json, digest: "none", from: "2026-03-01"), "data.digest"),
        ] {
          let count = try await lab.eventCount()
          let refused = try await asker.post("/v1/facility/events", admin, event)
          #expect(refused.status == 422, "\(event.compactText)")
          #expect(refused.code == "field-invalid")
          #expect(refused.json["field"]?.text == field)
          #expect(try await lab.eventCount() == count)
        }
      }
    }
  }

  @Test func `with faults are refused with each of them`() async throws {
    try await Lab.with { lab in
      let admin = try await lab.token(.admin)
      try await lab.asking { asker in
        let text = """
          {
            "ruleBook": "2026.1-general",
            "extends": "2026.1",
            "tables": {
              "labels": {
                "source": "the charge master",
                "rows": [
                  {"code": "37252", "label": "first", "colour": "red"},
                  {"code": "three", "label": "further"}
                ]
              }
            }
          }
          """
        let refused = try await asker.call(
          .post, "/v1/rule-books", admin, [:], Array(text.utf8))
        #expect(refused.status == 422)
        #expect(refused.code == "field-invalid")
        #expect(refused.headers[.contentType] == "application/problem+json")
        let faults = try #require(refused.json["faults"]?.elements)
        #expect(faults.map { $0["line"]?.number?.description } == ["8", "9"])
        #expect(faults.allSatisfy { $0["table"]?.text == "labels" && $0["detail"]?.text != nil })
        for (body, status) in [("{", 422), ("[]", 422), ("", 422)] {
          let answer = try await asker.call(
            .post, "/v1/rule-books", admin, [:], Array(body.utf8))
          #expect(answer.status == status, "\(body)")
        }
        let taken = try await asker.post("/v1/rule-books", admin, Self.site("2026.1"))
        #expect(taken.status == 422)
        #expect(
          try await asker.call(
            .post, "/v1/rule-books", admin, [.contentType: "text/plain"], [123, 125]
          ).status == 415)
        let large = Array(repeating: UInt8(ascii: " "), count: lab.limits.bodyBytes + 1)
        #expect(
          try await asker.call(.post, "/v1/rule-books", admin, [:], large).status == 413)
        #expect(
          try await asker.get("/v1/rule-books", admin).json["ruleBooks"]?.elements?.count == 1)
      }
    }
  }

  @Test func `are read by coders, auditors and administrators, stored by these alone`() async throws
  {
    try await Lab.with { lab in
      let digest = RuleBook.standard.digest
      for role in StaffRole.allCases {
        let token = try await lab.token(role)
        let mayRead = [.coder, .auditor, .admin].contains(role)
        try await lab.asking { asker in
          for path in ["/v1/rule-books", "/v1/rule-books/\(digest)"] {
            #expect(try await asker.get(path, token).status == (mayRead ? 200 : 403), "\(role)")
          }
          let stored = try await asker.post(
            "/v1/rule-books", token, Self.site("2026.1-general"))
          #expect(stored.status == (role == .admin ? 201 : 403), "\(role)")
        }
      }
    }
  }

  @Test func `are not where an address says what is none, or nothing of this name`() async throws {
    try await Lab.with { lab in
      let auditor = try await lab.token(.auditor)
      let none = "sha256:" + String(repeating: "0", count: 64)
      try await lab.asking { asker in
        for (method, path, status) in [
          (HTTPRequest.Method.get, "/v1/rule-books/\(none)", 404),
          (.get, "/v1/rule-books/2026.1", 400), (.get, "/v1/rule-books?limit=1", 400),
          (.delete, "/v1/rule-books", 405), (.put, "/v1/rule-books/\(none)", 405),
        ] {
          let answer = try await asker.call(method, path, auditor)
          #expect(answer.status == status, "\(method.rawValue) \(path)")
        }
      }
    }
  }

  @Test func `are not shown where that cannot be recorded`() async throws {
    try await Lab.with { lab in
      let auditor = try await lab.token(.auditor)
      try await lab.forbidRecording()
      try await lab.asking { asker in
        for path in ["/v1/rule-books", "/v1/rule-books/\(RuleBook.standard.digest)"] {
          let answer = try await asker.get(path, auditor)
          #expect(answer.status == 503)
        }
      }
    }
  }
}
