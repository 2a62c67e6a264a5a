import HTTPTypes
import Procedures
import Store
import Testing

@testable import API

private let token =
  "general.3c3b886b-12ee-4233-aa0d-6b0f5775c124.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

private func basic(_ pair: String) -> String { "Basic " + Base64.encode(Array(pair.utf8)) }

@Suite struct `What a request shows of its caller` {
  @Test(arguments: [
    ("Bearer \(token)", Credentials.Scheme.bearer), ("bearer \(token)", .bearer),
    ("BEARER   \(token)", .bearer), (basic("billing:\(token)"), .basic),
    (basic(":\(token)"), .basic), (basic("Dr. Müller:\(token)"), .basic),
    (basic("billing:\(token)").replacing("Basic ", with: "bAsIc   "), .basic),
    (basic(String(repeating: "n", count: 600) + ":\(token)"), .basic),
  ])
  func `is the token, in either scheme`(_ header: String, _ scheme: Credentials.Scheme) throws {
    let credentials = try #require(Credentials(header))
    #expect(credentials.scheme == scheme)
    #expect(credentials.presented.revealed == token)
  }

  @Test(arguments: [
    "", " ", "Bearer", "Bearer ", "Basic", "Basic ", token, "Digest \(token)", "Basic \(token)",
    " Bearer \(token)", "Bearer\t\(token)", "Bearer \(token) ", "Bearer \(token), Bearer \(token)",
    "Basic \(Base64.encode(Array(token.utf8)))",  // No colon.
    basic(token + ":"), basic("billing:"), basic("billing:\(token)x"), basic("a:b:\(token)"),
    basic("billing:\(token):"), basic("bil\u{0}ling:\(token)"), basic("billing\n:\(token)"),
    basic("billing:\(token)\u{7F}"), basic("billing:\(token)") + "=",
    basic("billing:\(token)") + ", " + basic("billing:\(token)"),
    String(basic("x:\(token)").dropLast()),
    basic("billing:\(token)").replacing("Basic ", with: "Basic\t"),
    "Basic " + Base64.encode([0x3A, 0xC3, 0x28]),  // The password is not UTF-8.
    basic(String(repeating: "n", count: 700) + ":\(token)"),
    "Bearer general." + String(repeating: "A", count: 1100),
  ])
  func `is nothing where the header cannot hold a token`(_ header: String) {
    #expect(Credentials(header) == nil)
  }

  @Test func `opens for reading as the password of a link`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      let path = "/v1/cases/\(Steps.id())/events"
      try await lab.asking { asker in
        _ = try await asker.post(path, recorder, Steps.opening())
        let headers: HTTPFields = [.authorization: basic("whoever:\(recorder)")]
        #expect(try await asker.get(path, nil, headers).status == 200)
        #expect(try await asker.call(.head, path, nil, headers).status == 200)
      }
    }
  }

  @Test func `as Basic never writes, and the attempt is recorded`() async throws {
    try await Lab.with { lab in
      let physician = try await lab.token(.physician, person: "dr-114")
      let caseID = Steps.id()
      let path = "/v1/cases/\(caseID)/events"
      try await lab.asking { asker in
        let answer = try await asker.post(
          path, nil, Steps.opening(id: caseID), [.authorization: basic("physician:\(physician)")])
        #expect(answer.status == 403)
        #expect(answer.code == "forbidden")
        #expect(answer.json["field"] == "Authorization")
        #expect(answer.json["detail"]?.text?.contains("Bearer") == true)
      }
      // The facility's own first event.
      #expect(try await lab.eventCount() == 1)
      #expect(try await lab.accessRecord() == ["refused dr-114 \(caseID)"])
    }
  }

  @Test func `is asked for in the ways in which it may be shown`() async throws {
    try await Lab.with { lab in
      let good = try await lab.token(.recorder)
      let bearer = #"Bearer realm="cathlog""#
      let invalid = #"Bearer realm="cathlog", error="invalid_token""#
      let basicChallenge = #"Basic realm="cathlog", charset="UTF-8""#
      let unknown = good.replacing("general.", with: "mercy.")
      let path = "/v1/cases/\(Steps.id())/events"
      try await lab.asking { asker in
        for (method, header, challenges) in [
          (HTTPRequest.Method.get, nil, [bearer, basicChallenge]),
          (.head, nil, [bearer, basicChallenge]),
          (.get, basic("billing:\(unknown)"), [invalid, basicChallenge]),
          (.get, "Bearer \(unknown)", [invalid, basicChallenge]),
          (.post, nil, [bearer]),
          (.post, basic("billing:\(unknown)"), [invalid]),
        ] {
          var headers: HTTPFields = [:]
          headers[.authorization] = header
          let answer = try await asker.call(method, path, nil, headers, Steps.opening().bytes)
          #expect(answer.status == 401)
          #expect(
            answer.headers[values: .wwwAuthenticate] == challenges, "\(method) \(header ?? "")")
        }
      }
    }
  }
}
