import HTTPTypes
import Hummingbird
import NIOCore
import Procedures
import Store
import Synchronization
import Testing

@testable import API

@Suite struct `A large pull` {
  @Test func `is read no faster than it is taken, and recorded before it is shown`() async throws {
    try await Lab.with { lab in
      let billing = try await lab.token(.billing, person: "bi-31")
      try await lab.enter(12_500)
      try await lab.asking { asker in
        let response = try await asker.respond(
          to: pull("/v1/charges?limit=1000000", billing, "application/x-ndjson"))
        let reader = SlowReader { try await lab.accessRecord().count }
        try await response.body.write(reader)
        // Five cases a page: as many pages are recorded as are written, and never one more.
        #expect(reader.recorded.prefix(13) == (1...13).map { $0 * 5 }[...])
        #expect(reader.lineCount == 12_500)
        #expect(reader.isFinished)
      }
    }
  }

  @Test func `that fails midway never looks whole`() async throws {
    try await Lab.with { lab in
      let billing = try await lab.token(.billing)
      try await lab.enter(2_500, damaged: 1_500)
      try await lab.asking { asker in
        for form in ["application/json", "text/csv", "application/hl7-v2+er7"] {
          let response = try await asker.respond(
            to: pull("/v1/charges?limit=2500", billing, form))
          let reader = SlowReader { 0 }
          await #expect(throws: (any Error).self) { try await response.body.write(reader) }
          #expect(!reader.isFinished)
        }
        // Before the first byte it is a problem like any other.
        let answer = try await asker.get("/v1/charges?after=bbbb-1400", billing)
        #expect(answer.status == 500 && answer.code == "internal-error")
      }
      try await lab.serving { port, _ in
        try await Wire.with(port: port) { wire in
          try await wire.send(
            """
            GET /v1/charges?limit=2500 HTTP/1.1\r
            Host: lab\r
            Authorization: Bearer \(billing)\r
            \r

            """)
          let answer = try await wire.readToEnd()
          #expect(answer.hasPrefix("HTTP/1.1 200 "))
          #expect(answer.contains(#""entry":"bbbb-1000""#))
          // The last chunk of RFC 9112, 7.1, by which a client knows that it has all.
          #expect(!answer.hasSuffix("0\r\n\r\n"))
        }
      }
    }
  }

  @Test func `ends with its token`() async throws {
    try await Lab.with { lab in
      let created = try await lab.tokens.create(
        for: try #require(PersonCode("bi-31")), roles: [.billing], in: lab.facility)
      try await lab.enter(2_500)
      try await lab.asking { asker in
        let response = try await asker.respond(
          to: pull("/v1/charges?limit=2500", created.presented.revealed, "application/x-ndjson"))
        let reader = SlowReader {
          _ = try await lab.tokens.revoke(created.token.id, in: lab.facility)
          return 0
        }
        await #expect(throws: (any Error).self) { try await response.body.write(reader) }
        #expect(!reader.isFinished)
        #expect(reader.lineCount <= 2_000)
      }
    }
  }

  private func pull(_ path: String, _ token: String, _ form: String) -> HTTPRequest {
    HTTPRequest(
      method: .get, scheme: "http", authority: "lab", path: path,
      headerFields: [.authorization: "Bearer \(token)", .accept: form])
  }
}

/// Takes a page only after it has looked around.
private final class SlowReader: ResponseBodyWriter, Sendable {
  private let look: @Sendable () async throws -> Int
  private let state = Mutex((recorded: [Int](), lineCount: 0, isFinished: false))

  init(_ look: @escaping @Sendable () async throws -> Int) { self.look = look }

  /// What it saw before each page.
  var recorded: [Int] { state.withLock { $0.recorded } }
  var lineCount: Int { state.withLock { $0.lineCount } }
  var isFinished: Bool { state.withLock { $0.isFinished } }

  func write(_ buffer: ByteBuffer) async throws {
    let seen = try await look()
    let lines = buffer.readableBytesView.count { $0 == UInt8(ascii: "\n") }
    state.withLock { state in
      state.recorded.append(seen)
      state.lineCount += lines
    }
  }

  func finish(_ trailers: HTTPFields?) async throws { state.withLock { $0.isFinished = true } }
}
