import HTTPTypes
import Postgres
import Procedures
import Testing

@testable import API

@Suite struct `Charges over HTTP` {
  /// A signed case of two iliac veins, with its primary and its reading, recorded in one request.
  private func signedCase(images: [JSON]) -> JSON {
    .array(
      [Steps.opening()] + images + [
        Steps.coding(),
        Steps.event(
          "interpretation-documented", ["vessels": [], "report": "patent", "physician": "dr-114"]),
        Steps.signing(),
      ])
  }

  private let veins = [
    Steps.image("common-iliac-vein", "left"), Steps.image("external-iliac-vein", "left"),
  ]

  /// Asks until the projectors have come to what the answer must show.
  private func answer(
    _ asker: Asker, _ path: String, _ token: String, until isThere: (JSON) -> Bool
  ) async throws -> Asker.Answer {
    while true {
      let answer = try await asker.get(path, token)
      if answer.status != 200 || isThere(answer.json) { return answer }
      await Task.yield()
    }
  }

  private func units(_ code: String, _ json: JSON) -> JSON? {
    json["lineItems"]?.elements?.compactMap { $0["line"] }
      .first { $0["code"] == .string(code) }?["units"]
  }

  @Test func `one more vessel is one more unit of 37253`() async throws {
    try await Lab.with { lab in
      let physician = try await lab.token(.physician, person: "dr-114")
      let billing = try await lab.token(.billing, person: "bi-31")
      try await lab.asking { asker in
        let caseID = Steps.id()
        let path = "/v1/cases/\(caseID)/events"
        let lines = "/v1/line-items?case=\(caseID)"
        #expect(try await asker.post(path, physician, signedCase(images: veins)).status == 201)
        let before = try await answer(asker, lines, billing) { units("37252", $0) == 1 }
        #expect(units("37253", before.json) == 1)
        #expect(before.json["lineItems"]?.elements?.allSatisfy { $0["case"] == .string(caseID) } == true)
        let late = Steps.event(
          "image-acquired",
          [
            "modality": "IVUS", "vessel": "inferior-vena-cava", "phase": "diagnostic",
            "imagesStored": true,
          ], [JSON.Member("reason", "forgotten")])
        #expect(try await asker.post(path, physician, late).status == 201)
        let after = try await answer(asker, lines, billing) { units("37253", $0) == 2 }
        #expect(after.status == 200)
      }
      let record = try await lab.accessRecord()
      #expect(record.contains { $0.hasPrefix("line-items-read bi-31 ") })
    }
  }

  @Test func `line items are found by their status and their hold, page by page`() async throws {
    try await Lab.with { lab in
      let physician = try await lab.token(.physician, person: "dr-114")
      try await lab.asking { asker in
        for _ in 0..<3 {
          let answer = try await asker.post(
            "/v1/cases/\(Steps.id())/events", physician, .array([Steps.opening()] + veins))
          #expect(answer.status == 201)
        }
        let all = try await answer(asker, "/v1/line-items", physician) {
          $0["lineItems"]?.elements?.count == 6
        }
        var next: String? = "/v1/line-items?status=planned&hold=case-not-signed&limit=4"
        var found: [JSON] = []
        var pages = 0
        while let address = next, pages < 9 {
          let page = try await asker.get(address, physician)
          #expect(page.status == 200)
          found += page.json["lineItems"]?.elements ?? []
          next = page.headers[HTTPField.Name.link].map { String($0.dropFirst().prefix { $0 != ">" }) }
          pages += 1
        }
        #expect(pages == 2)
        #expect(found == all.json["lineItems"]?.elements)
        let none = try await asker.get("/v1/line-items?status=billable", physician)
        #expect(none.json["lineItems"] == [])
        for query in ["status=paid", "hold=none", "cursor=%2B", "cursor=AAAA"] {
          #expect(try await asker.get("/v1/line-items?\(query)", physician).status == 400, "\(query)")
        }
      }
    }
  }

  @Test func `a case is shown as it stands, with its charges, right after it was recorded`()
    async throws
  {
    try await Lab.with { lab in
      let physician = try await lab.token(.physician, person: "dr-114")
      let caseID = Steps.id()
      try await lab.asking { asker in
        let path = "/v1/cases/\(caseID)"
        #expect(try await asker.get(path, physician).status == 404)
        let wrong = Steps.image("renal-artery", "left")
        let retraction = Steps.event(
          "entry-retracted", ["entry": wrong["id"] ?? .null, "reason": "wrong"])
        _ = try await asker.post(
          path + "/events", physician, .array([Steps.opening()] + veins + [wrong, retraction]))
        let shown = try await asker.get(path, physician)
        #expect(shown.status == 200)
        #expect(shown.headers[.eTag] == "\"5\"")
        #expect(shown.json["phase"] == "open")
        #expect(shown.json["version"] == 5)
        #expect(shown.json["entries"]?.elements?.map { $0["retracted"] } == [false, false, false, true])
        #expect(shown.json["charges"]?["throughVersion"] == 5)
        #expect(shown.json["charges"]?["lines"]?.elements?.map { $0["code"] } == ["37252", "37253"])
        #expect(shown.json["heldBecause"] == .null)
      }
      #expect(try await lab.accessRecord() == ["case-read dr-114 \(caseID)"])
    }
  }

  @Test func `the worklist shows cases, newest first, and each is recorded as seen`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      let auditor = try await lab.token(.auditor, person: "au-7")
      let cases = [Steps.id(), Steps.id(), Steps.id()]
      try await lab.asking { asker in
        for caseID in cases {
          _ = try await asker.post("/v1/cases/\(caseID)/events", recorder, Steps.opening())
          _ = try await asker.get("/v1/cases/\(caseID)", recorder)
        }
        let first = try await asker.get("/v1/cases?limit=2&room=Lab%202&phase=open", auditor)
        #expect(first.json["cases"]?.elements?.compactMap { $0["case"]?.text } == [cases[2], cases[1]])
        let link = try #require(first.headers[HTTPField.Name.link])
        let second = try await asker.get(
          String(link.dropFirst().prefix { $0 != ">" }), auditor)
        #expect(second.json["cases"]?.elements?.compactMap { $0["case"]?.text } == [cases[0]])
        #expect(second.headers[HTTPField.Name.link] == nil)
        #expect(try await asker.get("/v1/cases?phase=signed", auditor).json["cases"] == [])
      }
      let seen = try await lab.accessRecord().filter { $0.hasPrefix("worklist au-7") }
      #expect(seen == (cases.sorted().map { "worklist au-7 \($0)" } + ["worklist au-7 -"]).sorted())
    }
  }

  @Test func `a replay shows the case at a version, by a time, and under another policy`()
    async throws
  {
    try await Lab.with { lab in
      let physician = try await lab.token(.physician, person: "dr-114")
      let auditor = try await lab.token(.auditor, person: "au-7")
      let caseID = Steps.id()
      try await lab.asking { asker in
        let path = "/v1/cases/\(caseID)"
        _ = try await asker.post(
          path + "/events", physician,
          [
            Steps.opening(), Steps.image("external-iliac-vein", "left"),
            Steps.image("common-femoral-vein", "left"), Steps.note("bleeds a little"),
          ])
        func codes(_ query: String) async throws -> [JSON?] {
          let answer = try await asker.get("\(path)/replay\(query)", auditor)
          #expect(answer.status == 200, "\(query): \(answer.json.compactText)")
          return answer.json["charges"]?["lines"]?.elements?.map { $0["code"] } ?? []
        }
        #expect(try await codes("") == ["37252", "37253"])
        #expect(try await codes("?at=2") == ["37252"])
        #expect(try await codes("?at=1") == [])
        #expect(try await codes("?policy=sir") == ["37252"])
        #expect(try await codes("?at=2026-03-02T08:30:00Z&basis=occurred") == [])
        #expect(try await codes("?at=2999-01-01T00:00:00%2B01:00") == ["37252", "37253"])
        let whole = try await asker.get(path + "/replay", auditor)
        #expect(whole.json["steps"]?.elements?.count == 4)
        #expect(whole.json["entries"]?.elements?.last?["data"]?["text"] == "bleeds a little")
        let early = try await asker.get(path + "/replay?at=2000-01-01T00:00:00Z", auditor)
        #expect(early.status == 404)
        for query in [
          "at=0", "at=yesterday", "basis=occurred", "at=2&basis=recorded", "policy=none",
          "ruleBook=1999.1", "to=3",
        ] {
          #expect(try await asker.get("\(path)/replay?\(query)", auditor).status == 400, "\(query)")
        }
      }
      let replays = try await lab.accessRecord().filter { $0.hasPrefix("replay au-7 \(caseID)") }
      #expect(replays.count == 7)
    }
  }
}

@Suite struct `The service's state` {
  @Test func `alive, ready, and measured`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      let caseID = Steps.id()
      try await lab.asking { asker in
        #expect(try await asker.get("/healthz").json == ["status": "alive"])
        _ = try await asker.post("/v1/cases/\(caseID)/events", recorder, Steps.opening())
        let ready = try await asker.get("/readyz")
        #expect(ready.status == 200)
        #expect(ready.json["status"] == "ready")
        #expect(ready.json["database"] == "reachable")
        #expect(ready.json["migrations"]?["current"] == true)
        #expect(ready.json["definitionGuard"] == "installed")
        #expect(ready.json["facilities"]?.elements?.map { $0["facility"] } == ["general"])
        let page = try await asker.get("/metrics")
        let text = page.json.text ?? ""
        #expect(page.headers[.contentType] == PrometheusMetrics.pageMediaType)
        #expect(
          text.contains(
            #"_count{method="POST",route="/v1/cases/{case}/events",status="201"} 1"#),
          "\(text)")
        #expect(!text.contains(caseID))
        #expect(!text.contains("rn-204"))
      }
    }
  }

  @Test func `is not ready without its database, and says so`() async throws {
    try await Lab.with { lab in
      try await lab.asking { asker in
        await lab.pool.shutdown()
        let answer = try await asker.get("/readyz")
        #expect(answer.status == 503)
        #expect(answer.json["status"] == "not-ready")
        #expect(answer.json["database"] == "unreachable")
        #expect(try await asker.get("/healthz").status == 200)
      }
    }
  }

  @Test func `is not ready before its migrations`() async throws {
    try await Lab.with { lab in
      try await lab.asking { asker in
        try await lab.forgetMigrations()
        let answer = try await asker.get("/readyz")
        #expect(answer.status == 503)
        #expect(answer.json["migrations"]?["current"] == false)
        #expect(answer.json["migrations"]?["pending"]?.elements?.isEmpty == false)
      }
    }
  }
}
