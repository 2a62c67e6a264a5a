import Postgres
import Procedures
import Store
import Synchronization
import TestDatabase
import Testing

/// A steady clock that goes on when it is told to.
private final class Clock: Sendable {
  private let time = Mutex(ContinuousClock.now)

  var now: ContinuousClock.Instant { time.withLock { $0 } }

  func pass(_ duration: Duration) { time.withLock { $0 += duration } }
}

extension TokenStore.Verdict {
  fileprivate var summary: String {
    switch self {
    case .accepted(let token): "accepted \(token.person)"
    case .refused(let token, let reason): "\(reason.rawValue) \(token.person)"
    case .unknown: "unknown"
    }
  }
}

@Suite struct `Access tokens` {
  private let person = PersonCode("rn-204")

  private func withTokens(
    _ body: @Sendable @escaping (Lab, TokenStore, PersonCode, Clock) async throws -> Void
  ) async throws {
    let person = try #require(person)
    try await Lab.with { lab in
      let clock = Clock()
      try await body(lab, TokenStore(pool: lab.pool) { clock.now }, person, clock)
    }
  }

  @Test func `a token lets its person in, as what is shown once`() async throws {
    try await withTokens { lab, tokens, person, _ in
      let (token, presented) = try await tokens.create(
        for: person, roles: [.recorder, .coder], in: lab.facility)
      let text = presented.revealed
      #expect(text.hasPrefix("general.\(token.id)."))
      #expect(text.utf8.count == "general.".utf8.count + 36 + 1 + 43)
      let again = try #require(PresentedToken(text))
      #expect(try await tokens.judge(again).summary == "accepted rn-204")
      #expect(try await tokens.tokens(of: lab.facility) == [token])
    }
  }

  @Test func `the database and every description hold no secret`() async throws {
    try await withTokens { lab, tokens, person, _ in
      let (token, presented) = try await tokens.create(
        for: person, roles: [.recorder], in: lab.facility)
      let secret = presented.revealed.split(separator: ".").last.map(String.init) ?? ""
      #expect(!"\(presented) \(token)".contains(secret))
      var dumped = ""
      dump(presented, to: &dumped)
      #expect(!dumped.contains(secret))
      let hash = try await TestDatabase.psql("SELECT secret_hash FROM access.token", on: lab.url)
      #expect(hash.utf8.count == 2 + 64)
      #expect(!hash.contains(secret))
    }
  }

  @Test(arguments: [
    "", "general", "general..", "general.7.x", "Bearer general",
    "general.3c3b886b-12ee-4233-aa0d-6b0f5775c124",
    "general.3c3b886b-12ee-4233-aa0d-6b0f5775c124.AAAA",
    "general.3c3b886b-12ee-4233-aa0d-6b0f5775c124.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "general.3c3b886b-12ee-4233-aa0d-6b0f5775c124.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB",
    "general.3c3b886b-12ee-4233-aa0d-6b0f5775c124.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.x",
    "Géneral.3c3b886b-12ee-4233-aa0d-6b0f5775c124.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  ])
  func `what is not of a token's form is none`(_ text: String) {
    #expect(PresentedToken(text) == nil)
  }

  @Test func `another secret, another id and another facility let nobody in`() async throws {
    try await withTokens { lab, tokens, person, _ in
      let one = try await tokens.create(for: person, roles: [.recorder], in: lab.facility)
      let other = try await tokens.create(for: person, roles: [.recorder], in: lab.facility)
      let secret = other.presented.revealed.split(separator: ".")[2]
      for (text, expected) in [
        ("general.\(one.token.id).\(secret)", "wrong-secret rn-204"),
        ("general.\(CaseID(high: 1, low: 2)).\(secret)", "unknown"),
        ("mercy.\(other.token.id).\(secret)", "unknown"),
      ] {
        let presented = try #require(PresentedToken(text))
        #expect(try await tokens.judge(presented).summary == expected, "\(presented)")
        // Also while the answer is remembered.
        #expect(try await tokens.judge(presented).summary == expected, "\(presented), again")
      }
    }
  }

  @Test func `a token ends at its time, also while it is remembered`() async throws {
    try await withTokens { lab, tokens, person, clock in
      let (_, presented) = try await tokens.create(
        for: person, roles: [.recorder], in: lab.facility, lifetime: .seconds(3600))
      #expect(try await tokens.judge(presented).summary == "accepted rn-204")
      clock.pass(.seconds(3601))
      // The database's clock has not moved, so what it says anew is that the token is good for an hour.
      #expect(try await tokens.judge(presented).summary == "accepted rn-204")
      // One that remembers for longer than the token lasts asks no more, and ends it by its own clock.
      var memory = TokenStore.Memory()
      memory.freshFor = .seconds(7200)
      memory.usableFor = .seconds(7200)
      let remembering = TokenStore(pool: lab.pool, memory: memory) { clock.now }
      #expect(try await remembering.judge(presented).summary == "accepted rn-204")
      clock.pass(.seconds(1800))
      #expect(try await remembering.judge(presented).summary == "accepted rn-204")
      clock.pass(.seconds(1801))
      #expect(try await remembering.judge(presented).summary == "expired rn-204")
    }
  }

  @Test func `a revocation holds here at once`() async throws {
    try await withTokens { lab, tokens, person, _ in
      let (token, presented) = try await tokens.create(
        for: person, roles: [.recorder], in: lab.facility)
      #expect(try await tokens.judge(presented).summary == "accepted rn-204")
      #expect(try await tokens.revoke(token.id, in: lab.facility))
      #expect(try await tokens.judge(presented).summary == "revoked rn-204")
      #expect(try await !tokens.revoke(TokenID(high: 1, low: 1), in: lab.facility))
    }
  }

  @Test func `a revocation by another process holds once the memory is no longer fresh`()
    async throws
  {
    try await withTokens { lab, tokens, person, clock in
      let (token, presented) = try await tokens.create(
        for: person, roles: [.recorder], in: lab.facility)
      #expect(try await tokens.judge(presented).summary == "accepted rn-204")
      #expect(try await TokenStore(pool: lab.pool).revoke(token.id, in: lab.facility))
      clock.pass(.milliseconds(1999))
      #expect(try await tokens.judge(presented).summary == "accepted rn-204")
      clock.pass(.milliseconds(1))
      #expect(try await tokens.judge(presented).summary == "revoked rn-204")
    }
  }

  @Test func `a database that is gone for a moment locks nobody out that was let in just now`()
    async throws
  {
    try await withTokens { lab, tokens, person, clock in
      let (_, presented) = try await tokens.create(
        for: person, roles: [.recorder], in: lab.facility)
      #expect(try await tokens.judge(presented).summary == "accepted rn-204")
      await lab.pool.shutdown()
      clock.pass(.seconds(4))
      #expect(try await tokens.judge(presented).summary == "accepted rn-204")
      clock.pass(.seconds(1))
      await #expect(throws: StoreError.self) { try await tokens.judge(presented) }
    }
  }

  @Test func `a token needs a role and a facility with a log`() async throws {
    try await withTokens { lab, tokens, person, _ in
      await #expect(throws: StoreError.self) {
        try await tokens.create(for: person, roles: [], in: lab.facility)
      }
      let other = try #require(FacilityCode("mercy"))
      await #expect(throws: StoreError.self) {
        try await tokens.create(for: person, roles: [.recorder], in: other)
      }
    }
  }
}
