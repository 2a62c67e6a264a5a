import HTTPTypes
import Procedures
import Store
import Testing

@testable import API

/// A route, and who may use it: R recorder, P physician, C coder, B billing, U auditor, A admin.
private struct Row: Sendable, CustomTestStringConvertible {
  let method: HTTPRequest.Method
  let path: String
  let event: JSON?
  let allowed: String

  init(_ allowed: String, _ method: HTTPRequest.Method, _ path: String, _ event: JSON? = nil) {
    self.allowed = allowed
    self.method = method
    self.path = path
    self.event = event
  }

  var testDescription: String {
    "\(method.rawValue) \(path) \(event?["type"]?.text ?? "") for \(allowed)"
  }
}

private let letters: [(StaffRole, Character)] = [
  (.recorder, "R"), (.physician, "P"), (.coder, "C"), (.billing, "B"), (.auditor, "U"),
  (.admin, "A"),
]

private let rows = [
  Row("RP", .post, "/v1/cases/CASE/events", Steps.image("renal-artery", "left")),
  Row("RPC", .post, "/v1/cases/CASE/events", Steps.note()),
  Row("PC", .post, "/v1/cases/CASE/events", Steps.coding()),
  Row("P", .post, "/v1/cases/CASE/events", Steps.signing(by: "x")),
  Row(
    "A", .post, "/v1/facility/events",
    Steps.event("person-registered", ["person": "rn-9", "name": "N. N.", "roles": ["coder"]])),
  Row("RPCU", .get, "/v1/cases/CASE/events"),
]

@Suite struct `Who is let in` {
  @Test(arguments: rows)
  private func `each route takes its roles and no other`(_ row: Row) async throws {
    try await Lab.with { lab in
      let opener = try await lab.token(.recorder)
      let caseID = Steps.id()
      let path = row.path.replacing("CASE", with: caseID)
      var refusedCount = 0
      for (role, letter) in letters {
        let token = try await lab.token(role, person: "x")
        let answer = try await lab.asking { asker in
          _ = try await asker.post("/v1/cases/\(caseID)/events", opener, Steps.opening(id: caseID))
          return try await asker.call(row.method, path, token, [:], row.event?.bytes)
        }
        if row.allowed.contains(letter) {
          #expect([200, 201].contains(answer.status), "\(role): \(answer.json.compactText)")
        } else {
          refusedCount += 1
          #expect(answer.status == 403, "\(role)")
          #expect(answer.code == "forbidden")
        }
      }
      let refused = try await lab.accessRecord().filter { $0.hasPrefix("refused x ") }
      #expect(refused.count == refusedCount)
    }
  }

  @Test func `without a good token nothing is answered`() async throws {
    try await Lab.with { lab in
      let good = try await lab.token(.recorder)
      let parts = good.split(separator: ".")
      try await lab.asking { asker in
        for header in [
          nil, "", "Bearer", "Basic \(good)", "Bearer \(good)x", "Bearer \(parts[0]).\(parts[1])",
          "Bearer mercy.\(parts[1]).\(parts[2])", "Bearer general.\(Steps.id()).\(parts[2])",
        ] {
          var headers: HTTPFields = [:]
          headers[.authorization] = header
          let answer = try await asker.get("/v1/cases/\(Steps.id())/events", nil, headers)
          #expect(answer.status == 401, "\(header ?? "none")")
          #expect(answer.code == "unauthenticated")
          #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer realm=") == true)
        }
        let lowercase = try await asker.get(
          "/v1/cases/\(Steps.id())/events", nil, [.authorization: "bearer \(good)"])
        #expect(lowercase.status == 404)
      }
    }
  }

  @Test func `a revoked token is refused, and the attempt recorded`() async throws {
    try await Lab.with { lab in
      let text = try await lab.token(.auditor, person: "au-7")
      let token = try #require(try await lab.tokens.tokens(of: lab.facility).first)
      let caseID = Steps.id()
      try await lab.asking { asker in
        #expect(try await asker.get("/v1/cases/\(caseID)/events", text).status == 404)
        #expect(try await lab.tokens.revoke(token.id, in: lab.facility))
        let answer = try await asker.get("/v1/cases/\(caseID)/events", text)
        #expect(answer.status == 401)
        #expect(answer.headers[.wwwAuthenticate]?.contains("invalid_token") == true)
      }
      #expect(try await lab.accessRecord() == ["refused au-7 \(caseID)"])
    }
  }

  @Test func `nobody signs for another`() async throws {
    try await Lab.with { lab in
      let physician = try await lab.token(.physician, person: "dr-114")
      try await lab.asking { asker in
        let path = "/v1/cases/\(Steps.id())/events"
        let answer = try await asker.post(
          path, physician, [Steps.opening(), Steps.signing(by: "dr-7")])
        #expect(answer.status == 422)
        #expect(answer.code == "field-invalid")
        #expect(answer.json["field"] == "data.signer")
        #expect(answer.json["index"] == 1)
        #expect(
          try await asker.post(path, physician, [Steps.opening(), Steps.signing()]).status == 201)
      }
    }
  }

  @Test func `a coder amends what a coder makes, and nothing else`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      let coder = try await lab.token(.coder, person: "co-3")
      try await lab.asking { asker in
        let path = "/v1/cases/\(Steps.id())/events"
        let image = Steps.image("renal-artery", "left")
        let coding = Steps.coding()
        func retracting(_ event: JSON) -> JSON {
          Steps.event("entry-retracted", ["entry": event["id"] ?? .null, "reason": "wrong"])
        }
        _ = try await asker.post(path, recorder, [Steps.opening(), image])
        #expect(try await asker.post(path, coder, coding).status == 201)
        let ownRetraction = retracting(coding)
        #expect(try await asker.post(path, coder, ownRetraction).status == 201)
        // The retraction of a retraction speaks of the coding entry in the end.
        #expect(try await asker.post(path, coder, retracting(ownRetraction)).status == 201)
        #expect(try await asker.post(path, coder, retracting(image)).status == 403)
        #expect(try await asker.post(path, recorder, retracting(coding)).status == 403)
        // Also where the entry comes in the same request.
        let more = Steps.coding("37239")
        #expect(try await asker.post(path, coder, [more, retracting(more)]).status == 201)
        let unknown = try await asker.post(path, coder, retracting(Steps.note()))
        #expect(unknown.code == "entry-unknown")
      }
    }
  }
}
