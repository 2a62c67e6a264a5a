import HTTPTypes
import Procedures
import Testing

@testable import API

@Suite struct `Recording over HTTP` {
  @Test func `a new event is created with its place, and sent again it is the same`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      try await lab.asking { lab in
        let path = "/v1/cases/\(Steps.id())/events"
        let opening = Steps.opening()
        let first = try await lab.post(path, recorder, opening)
        #expect(first.status == 201)
        #expect(first.headers[.eTag] == "\"1\"")
        #expect(first.json["version"] == 1)
        #expect(first.json["position"] == 2)
        #expect(first.json["repeat"] == false)
        #expect(first.json["recordedAt"]?.text.flatMap { Instant($0) } != nil)
        let again = try await lab.post(path, recorder, opening)
        #expect(again.status == 200)
        #expect(again.json["position"] == 2)
        #expect(again.json["repeat"] == true)
        #expect(again.json["recordedAt"] == first.json["recordedAt"])
      }
    }
  }

  @Test func `a list is recorded whole, in its order, and answered as a list`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      try await lab.asking { lab in
        let path = "/v1/cases/\(Steps.id())/events"
        let image = Steps.image("renal-artery", "left")
        let answer = try await lab.post(path, recorder, [Steps.opening(), image])
        #expect(answer.status == 201)
        #expect(answer.json.elements?.map { $0["version"] } == [1, 2])
        #expect(answer.headers[.eTag] == "\"2\"")
        // One that is there and one that is new: something was created.
        let mixed = try await lab.post(path, recorder, [image, Steps.note()])
        #expect(mixed.status == 201)
        #expect(mixed.json.elements?.map { $0["repeat"] } == [true, false])
      }
    }
  }

  @Test func `a list with one bad event stores none of it, and says which it was`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      let before = try await lab.eventCount()
      try await lab.asking { asker in
        for bad in [Steps.image("inferior-vena-cava", "left"), Steps.opening()] {
          let answer = try await asker.post(
            "/v1/cases/\(Steps.id())/events", recorder,
            [Steps.opening(), Steps.image("renal-artery", "left"), bad])
          #expect([409, 422].contains(answer.status))
          #expect(answer.json["index"] == 2)
        }
      }
      #expect(try await lab.eventCount() == before)
    }
  }

  @Test func `an expected version is held to, and a repeat needs none`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      try await lab.asking { asker in
        let path = "/v1/cases/\(Steps.id())/events"
        let opening = Steps.opening()
        let early = try await asker.post(path, recorder, opening, [.ifMatch: "\"3\""])
        #expect(early.status == 412)
        #expect(early.code == "version-conflict")
        #expect(early.json["expected"] == 3)
        #expect(early.json["current"] == 0)
        #expect(try await asker.post(path, recorder, opening, [.ifMatch: "\"0\""]).status == 201)
        #expect(try await asker.post(path, recorder, opening, [.ifMatch: "\"0\""]).status == 200)
        let late = try await asker.post(path, recorder, Steps.note(), [.ifMatch: "\"0\""])
        #expect(late.status == 412)
        #expect(late.json["current"] == 1)
        #expect(try await asker.post(path, recorder, Steps.note(), [.ifMatch: "\"1\""]).status == 201)
      }
    }
  }

  @Test func `what the case does not take has its status`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder, .physician, person: "dr-114")
      try await lab.asking { asker in
        let unknown = try await asker.post("/v1/cases/\(Steps.id())/events", recorder, Steps.note())
        #expect(unknown.status == 404)
        #expect(unknown.code == "case-unknown")
        let path = "/v1/cases/\(Steps.id())/events"
        let note = Steps.note()
        #expect(try await asker.post(path, recorder, [Steps.opening(), note]).status == 201)
        let closing = Steps.event("case-closed", [:])
        let rows: [(JSON, Int, String)] = [
          (Steps.opening(), 409, "case-already-open"),
          (Steps.note("other", id: note["id"]?.text ?? ""), 409, "event-id-reused"),
          (Steps.image("renal-artery"), 422, "side-required"),
          (Steps.image("inferior-vena-cava", "left"), 422, "side-not-applicable"),
          (Steps.event("entry-retracted", ["entry": .string(Steps.id()), "reason": "r"]), 422,
            "entry-unknown"),
          (Steps.signing(), 201, "-"),
          (closing, 409, "case-not-open"),
          (Steps.image("renal-artery", "left"), 422, "field-missing"),
          (Steps.event("case-cancelled", ["reason": "r"]), 201, "-"),
          (closing, 409, "case-cancelled"),
        ]
        for (event, status, code) in rows {
          let answer = try await asker.post(path, recorder, event)
          #expect(answer.status == status, "\(code)")
          #expect(answer.code ?? "-" == code)
        }
      }
    }
  }

  @Test func `an unknown vessel is answered with the nearest`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      try await lab.asking { asker in
        let answer = try await asker.post(
          "/v1/cases/\(Steps.id())/events", recorder, Steps.image("common-iliac-vain", "left"))
        #expect(answer.status == 422)
        #expect(answer.code == "vessel-unknown")
        #expect(answer.json["field"] == "data.vessel")
        #expect(answer.json["nearest"]?.elements?.first == "common-iliac-vein")
        #expect(answer.headers[.contentType] == "application/problem+json")
      }
    }
  }

  @Test func `the recorder is who the token says`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder, person: "rn-7")
      try await lab.asking { asker in
        let path = "/v1/cases/\(Steps.id())/events"
        _ = try await asker.post(path, recorder, Steps.opening())
        let events = try await asker.get(path, recorder)
        #expect(events.json.elements?.map { $0["recorder"] } == ["rn-7"])
      }
    }
  }

  @Test func `events of the facility have an address of their own`() async throws {
    try await Lab.with { lab in
      let admin = try await lab.token(.admin)
      let recorder = try await lab.token(.recorder)
      try await lab.asking { asker in
        let person = Steps.event(
          "person-registered", ["person": "rn-9", "name": "N. N.", "roles": ["recorder"]])
        let registered = try await asker.post("/v1/facility/events", admin, person)
        #expect(registered.status == 201)
        #expect(try await asker.post("/v1/facility/events", recorder, person).status == 403)
        #expect(
          try await asker.post("/v1/facility/events", admin, Steps.note()).json["field"] == "case")
        let zero = "/v1/cases/\(CaseID.zero)/events"
        #expect(try await asker.post(zero, recorder, person).status == 404)
      }
    }
  }
}

@Suite struct `Reading events over HTTP` {
  @Test func `pages follow each other without a gap, by a link`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      try await lab.asking { asker in
        let path = "/v1/cases/\(Steps.id())/events"
        let notes = (1...6).map { Steps.note("note \($0)") }
        #expect(try await asker.post(path, recorder, .array([Steps.opening()] + notes)).status == 201)
        var next: String? = path + "?limit=3"
        var versions: [JSON?] = []
        var pages = 0
        while let address = next, pages < 9 {
          let page = try await asker.get(address, recorder)
          #expect(page.status == 200)
          versions += page.json.elements?.map { $0["version"] } ?? []
          let link = page.headers[HTTPField.Name.link]
          next = link.map { String($0.dropFirst().prefix { $0 != ">" }) }
          #expect(link?.hasSuffix(">; rel=\"next\"") ?? true)
          pages += 1
        }
        #expect(versions == [1, 2, 3, 4, 5, 6, 7])
        #expect(pages == 3)
      }
    }
  }

  @Test func `identifying texts are clear to who may read, and the patient is a pseudonym`()
    async throws
  {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      let auditor = try await lab.token(.auditor, person: "au-7")
      try await lab.asking { asker in
        let path = "/v1/cases/\(Steps.id())/events"
        _ = try await asker.post(path, recorder, [Steps.opening(), Steps.note("bleeds a little")])
        for token in [recorder, auditor] {
          let shown = try await asker.get(path, token).json
          #expect(shown.elements?.last?["data"]?["text"] == "bleeds a little")
          #expect(!shown.compactText.contains("pt-8fcf45"))
          #expect(shown.elements?.first?["data"]?["patient"]?.text.flatMap { CaseID($0) } != nil)
        }
      }
    }
  }

  @Test func `a case that is not there, and one of another facility, are unknown alike`()
    async throws
  {
    try await Lab.with { lab in
      let auditor = try await lab.token(.auditor)
      try await lab.asking { asker in
        for path in ["/v1/cases/\(Steps.id())/events", "/v1/cases/\(CaseID.zero)/events"] {
          let answer = try await asker.get(path, auditor)
          #expect(answer.status == 404)
          #expect(answer.code == "case-unknown")
        }
        #expect(try await asker.get("/v1/cases/7/events", auditor).status == 400)
      }
    }
  }

  @Test func `every reading is recorded before it is answered`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      let auditor = try await lab.token(.auditor, person: "au-7")
      let caseID = Steps.id()
      try await lab.asking { asker in
        _ = try await asker.post("/v1/cases/\(caseID)/events", recorder, Steps.opening())
        _ = try await asker.get("/v1/cases/\(caseID)/events", auditor)
      }
      #expect(try await lab.accessRecord() == ["events-read au-7 \(caseID)"])
    }
  }

  @Test func `what cannot be recorded is not answered`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      try await lab.asking { asker in
        let path = "/v1/cases/\(Steps.id())/events"
        _ = try await asker.post(path, recorder, [Steps.opening(), Steps.note("bleeds a little")])
        try await lab.forbidRecording()
        let answer = try await asker.get(path, recorder)
        #expect(answer.status == 503)
        #expect(answer.headers[.retryAfter] != nil)
        #expect(!answer.json.compactText.contains("bleeds"))
      }
    }
  }
}
