import HTTPTypes
import Hummingbird
import Procedures
import Store
import Synchronization
import Testing

@testable import API

/// A clock that goes when it is told to.
private final class Hand: Sendable {
  private let time = Mutex(ContinuousClock.now)

  var now: ContinuousClock.Instant { time.withLock { $0 } }

  func advance(by duration: Duration) { time.withLock { $0 += duration } }
}

extension Lab {
  /// The API with other bounds, on a clock that goes when it is told to.
  fileprivate func asker(
    _ hand: Hand, _ change: (inout APIConfiguration.Limits) -> Void
  ) -> Asker {
    var limits = APIConfiguration.Limits()
    change(&limits)
    var api = api
    api.now = { hand.now }
    return Asker(responder: api.router(limits: limits).buildResponder())
  }
}

@Suite struct `An allowance` {
  private let start = ContinuousClock.now

  @Test func `is so many at once, and comes back bit by bit`() throws {
    let allowance = try #require(Allowance(4, in: .seconds(1)))
    var usedUntil = start
    for _ in 0..<4 { #expect(allowance.take(&usedUntil, now: start) == nil) }
    #expect(allowance.take(&usedUntil, now: start) == .milliseconds(250))
    #expect(allowance.take(&usedUntil, now: start + .milliseconds(100)) == .milliseconds(150))
    #expect(allowance.take(&usedUntil, now: start + .milliseconds(250)) == nil)
    #expect(allowance.take(&usedUntil, now: start + .milliseconds(250)) == .milliseconds(250))
  }

  @Test func `does not save up what was not asked`() throws {
    let allowance = try #require(Allowance(2, in: .seconds(1)))
    var usedUntil = start
    let later = start + .seconds(3600)
    #expect(allowance.take(&usedUntil, now: later) == nil)
    #expect(allowance.take(&usedUntil, now: later) == nil)
    #expect(allowance.take(&usedUntil, now: later) == .milliseconds(500))
  }

  @Test func `of none is no bound`() { #expect(Allowance(0, in: .seconds(1)) == nil) }

  @Test func `grants in any time no more than its rate and one period`() throws {
    let allowance = try #require(Allowance(10, in: .seconds(1)))
    var usedUntil = start
    var granted = 0
    for step in 0..<10_000 {
      if allowance.take(&usedUntil, now: start + .milliseconds(step)) == nil { granted += 1 }
    }
    // Ten at once, then one each tenth of a second.
    #expect(granted == 10 + 99)
  }

  @Test func `is kept for a bounded number of tokens, and those who ask most are not forgotten`()
    throws
  {
    let requests = RequestsOfTokens(Allowance(2, in: .seconds(1)))
    let busy = TokenID(high: 0, low: 0)
    for _ in 0..<2 { #expect(requests.take(busy, now: start) == nil) }
    for number in 1...UInt64(RequestsOfTokens.limit + 100) {
      #expect(requests.take(TokenID(high: 1, low: number), now: start) == nil)
      #expect(requests.count <= RequestsOfTokens.limit)
    }
    #expect(requests.take(busy, now: start) != nil)
    _ = requests.take(TokenID(high: 2, low: 0), now: start + .seconds(5))
    #expect(requests.count == 1)
  }
}

@Suite struct `Who asks too much` {
  @Test func `is told when to come back, and the others are not`() async throws {
    try await Lab.with { lab in
      let hand = Hand()
      let asker = lab.asker(hand) { $0.requestsPerSecond = 2 }
      let busy = try await lab.token(.recorder)
      let quiet = try await lab.token(.recorder)
      for _ in 0..<2 { #expect(try await asker.get("/v1/cases", busy).status == 200) }
      let refused = try await asker.get("/v1/cases", busy)
      #expect(refused.status == 429)
      #expect(refused.code == "too-many-requests")
      #expect(refused.headers[.retryAfter] == "1")
      #expect(try await asker.get("/v1/cases", quiet).status == 200)
      #expect(try await asker.get("/healthz").status == 200)
      hand.advance(by: .milliseconds(500))
      #expect(try await asker.get("/v1/cases", busy).status == 200)
    }
  }

  @Test func `is let be where no bound is set`() async throws {
    try await Lab.with { lab in
      let asker = lab.asker(Hand()) {
        $0.requestsPerSecond = 0
        $0.wrongCredentialsPerMinute = 0
      }
      let token = try await lab.token(.recorder)
      for _ in 0..<20 {
        #expect(try await asker.get("/v1/rule-books/x", token).status == 403)
        #expect(try await asker.get("/v1/cases", "general.x.y").status == 401)
      }
    }
  }

  @Test func `with wrong tokens is told to stop, while a good one is let in from there`()
    async throws
  {
    try await Lab.with { lab in
      let hand = Hand()
      let asker = lab.asker(hand) { $0.wrongCredentialsPerMinute = 3 }
      let good = try await lab.token(.recorder)
      let revoked = try await lab.tokens.create(
        for: try #require(PersonCode("rn-9")), roles: [.recorder], in: lab.facility)
      #expect(try await lab.tokens.revoke(revoked.token.id, in: lab.facility))
      // One that is none, one that nobody has, one that was revoked.
      let wrong = [
        "none", "general.\(Steps.id()).\(String(repeating: "A", count: 43))",
        revoked.presented.revealed,
      ]
      for token in wrong { #expect(try await asker.get("/v1/cases", token).status == 401) }
      let before = try await lab.accessRecord().count
      for token in wrong {
        let answer = try await asker.get("/v1/cases", token)
        #expect(answer.status == 429)
        #expect(answer.code == "too-many-requests")
        #expect(answer.headers[.retryAfter] == "20")
      }
      // Nothing more is written of them.
      #expect(try await lab.accessRecord().count == before)
      #expect(try await asker.get("/v1/cases", good).status == 200)
      // Who shows nothing has shown nothing wrong.
      #expect(try await asker.get("/v1/cases").status == 401)
      hand.advance(by: .seconds(20))
      #expect(try await asker.get("/v1/cases", wrong[0]).status == 401)
      #expect(try await asker.get("/v1/cases", wrong[0]).status == 429)
    }
  }
}

@Suite struct `An address` {
  @Test func `longer than any of ours is refused, and one longer than headers may be, too`()
    async throws
  {
    try await Lab.with { lab in
      try await lab.serving { port, _ in
        for (length, status, code) in [
          (8_000, "200 ", #""status":"alive""#), (9_000, "414 ", #""code":"uri-too-long""#),
          (20_000, "431 ", #""code":"headers-too-large""#),
        ] {
          try await Wire.with(port: port) { wire in
            let query = String(repeating: "x", count: length)
            try await wire.send(
              "GET /healthz?\(query) HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n")
            let answer = try await wire.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 \(status)"))
            #expect(answer.contains(code))
          }
        }
      }
    }
  }

  @Test func `is the same when percent signs stand for its characters`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      let auditor = try await lab.token(.auditor)
      try await lab.asking { asker in
        let caseID = Steps.id()
        let encoded = caseID.replacing("-", with: "%2D")
        let opened = try await asker.post(
          "/v1/cases/\(encoded)/events", recorder, Steps.opening(id: caseID))
        #expect(opened.status == 201, "\(opened.json.compactText)")
        #expect(opened.json["case"]?.text == caseID)
        let explained = try await asker.get("/v1/cases/\(caseID)/explanations/3725%33", recorder)
        #expect(explained.status == 200)
        let digest = "sha256%3A" + String(repeating: "0", count: 64)
        let book = try await asker.get("/v1/rule-books/\(digest)", auditor)
        #expect(book.code == "not-found")
      }
    }
  }

  @Test func `takes no parameter that it does not know, also to record`() async throws {
    try await Lab.with { lab in
      let recorder = try await lab.token(.recorder)
      let admin = try await lab.token(.admin)
      try await lab.asking { asker in
        let caseID = Steps.id()
        for (path, token) in [
          ("/v1/cases/\(caseID)/events?dryRun=true", recorder),
          ("/v1/facility/events?dryRun=true", admin),
        ] {
          let answer = try await asker.post(path, token, Steps.opening(id: caseID))
          #expect(answer.status == 400)
          #expect(answer.json["field"] == "dryRun")
        }
        #expect(try await lab.eventCount() == 1)
      }
    }
  }

  @Test func `refuses QUERY as it refuses other methods`() async throws {
    try await Lab.with { lab in
      try await lab.asking { asker in
        let method = try #require(HTTPRequest.Method("QUERY"))
        let answer = try await asker.call(method, "/healthz", nil)
        #expect(answer.status == 405)
        #expect(answer.headers[.allow] == "GET")
      }
    }
  }
}
