import Charges
import HTTPTypes
import Procedures
import Testing

@testable import API

@Suite struct `Reconciliation over HTTP` {
  private static let day = "/v1/reconciliation?from=2026-03-02&to=2026-03-02"

  /// A lab with a signed case of one vein and one that is not signed; all of it is projected.
  private func withCases(
    _ body: @Sendable @escaping (Lab, Asker, _ signed: CaseID, _ open: CaseID) async throws -> Void
  ) async throws {
    try await Lab.with { lab in
      let physician = try await lab.token(.physician, person: "dr-114")
      let billing = try await lab.token(.billing, person: "bi-0")
      let signed = try #require(CaseID(Steps.id()))
      let open = try #require(CaseID(Steps.id()))
      try await lab.asking { asker in
        let charged: [JSON] = [
          Steps.opening(), Steps.image("common-iliac-vein", "left"), Steps.coding(),
          Steps.event(
            "interpretation-documented",
            ["vessels": [], "report": "patent", "physician": "dr-114"]),
          Steps.signing(),
        ]
        for (caseID, events) in [(signed, charged), (open, [Steps.opening(), Steps.coding()])] {
          let answer = try await asker.post(
            "/v1/cases/\(caseID)/events", physician, .array(events))
          #expect(answer.status == 201)
        }
        while true {
          let answer = try await asker.get(Self.day, billing)
          try #require(answer.status == 200)
          if answer.json["linePosition"] == answer.json["logPosition"] { break }
          await Task.yield()
        }
        try await body(lab, asker, signed, open)
      }
    }
  }

  @Test func `is a report as JSON, and each case in it is recorded`() async throws {
    try await withCases { lab, asker, signed, open in
      let auditor = try await lab.token(.auditor, person: "au-7")
      let answer = try await asker.get(Self.day, auditor)
      #expect(answer.status == 200)
      #expect(answer.headers[.contentType] == "application/json")
      #expect(answer.headers[.cacheControl] == "no-store")
      #expect(answer.headers[.vary] == "Accept")
      let balance = try #require(answer.json["balance"])
      #expect(balance["verdict"] == "balanced")
      #expect(balance["cases"] == 2)
      #expect(balance["chargedCases"] == 1)
      #expect(balance["unchargedCases"] == 1)
      let unsigned = answer.json["uncharged"]?.elements?.first { $0["reason"] == "not-signed" }
      let cases = unsigned?["cases"]?.elements?.compactMap { $0["case"]?.text }
      #expect(cases == [open.description])
      // The code was stated, and no access or device is recorded.
      let stated = answer.json["undocumented"]?.elements?.first { $0["kind"] == "stated-alone" }
      #expect(
        stated?["charges"]?.elements?.compactMap { $0["case"]?.text } == [signed.description])
      #expect(!answer.json.compactText.contains("pt-8fcf45"))
      let record = try await lab.accessRecord().filter { $0.hasPrefix("reconciliation-read au-7 ") }
      #expect(
        record == [signed, open].map { "reconciliation-read au-7 \($0)" }.sorted())
    }
  }

  @Test(arguments: [
    ("text/csv", true), ("text/csv;q=0.5, application/json;q=0.1", true),
    ("application/json, text/csv", false), ("text/csv;q=0.2, application/json", false),
    ("*/*", false), ("application/xml", false), ("text/csv;q=0", false),
  ])
  func `is CSV for who asks for that`(_ accept: String, _ isCSV: Bool) async throws {
    try await Lab.with { lab in
      let billing = try await lab.token(.billing, person: "bi-31")
      try await lab.asking { asker in
        let answer = try await asker.get(Self.day, billing, [.accept: accept])
        #expect(answer.status == 200)
        let type = try #require(answer.headers[.contentType])
        #expect(type.hasPrefix("text/csv") == isCSV)
        if isCSV {
          #expect(answer.json.text?.hasPrefix("section,item,key,") == true)
          #expect(
            answer.headers[.contentDisposition]
              == "attachment; filename=\"reconciliation-2026-03-02.csv\"")
        }
      }
    }
  }

  @Test func `without dates it is of the day before today`() async throws {
    try await Lab.with { lab in
      let billing = try await lab.token(.billing, person: "bi-31")
      try await lab.asking { asker in
        let answer = try await asker.get("/v1/reconciliation", billing)
        let today = try #require(answer.json["today"]?.text.flatMap { CalendarDate($0) })
        let yesterday = CalendarDate(daysSince1970: today.daysSince1970 - 1).description
        #expect(answer.json["from"] == .string(yesterday))
        #expect(answer.json["to"] == .string(yesterday))
        #expect(
          try await lab.accessRecord().contains("reconciliation-read bi-31 -"),
          "a report that names no case was asked for all the same")
      }
    }
  }

  @Test(arguments: [
    ("from=yesterday", "from"), ("to=2026-02-30", "to"), ("from=2026-03-02&to=2026-03-01", "to"),
    ("from=2020-01-01&to=2026-01-01", "to"), ("limit=1001", "limit"), ("limit=-1", "limit"),
    ("day=2026-03-02", "day"),
  ])
  func `of dates that make no period there is none`(_ query: String, _ field: String) async throws {
    try await Lab.with { lab in
      let billing = try await lab.token(.billing)
      try await lab.asking { asker in
        let answer = try await asker.get("/v1/reconciliation?" + query, billing)
        #expect(answer.status == 400)
        #expect(answer.json["field"] == .string(field))
      }
    }
  }

  @Test func `is for billing and auditors alone`() async throws {
    try await Lab.with { lab in
      try await lab.asking { asker in
        for role in StaffRole.allCases {
          let token = try await lab.token(role, person: "p-\(role.rawValue)")
          let answer = try await asker.get(Self.day, token)
          let isAllowed = role == .billing || role == .auditor
          #expect(answer.status == (isAllowed ? 200 : 403), "\(role)")
        }
        #expect(try await asker.get(Self.day).status == 401)
        let posted = try await asker.post(
          "/v1/reconciliation", try await lab.token(.billing), [:])
        #expect(posted.status == 405)
      }
      let record = try await lab.accessRecord()
      #expect(record.contains("refused p-recorder -"))
    }
  }

  @Test func `is not shown where the look cannot be recorded`() async throws {
    try await Lab.with { lab in
      let billing = try await lab.token(.billing)
      try await lab.forbidRecording()
      try await lab.asking { asker in
        let answer = try await asker.get(Self.day, billing)
        #expect(answer.status == 503)
      }
    }
  }
}
