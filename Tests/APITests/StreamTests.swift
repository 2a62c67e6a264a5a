import HTTPTypes
import Procedures
import ServiceLifecycle
import Store
import Testing

@testable import API

@Suite struct `Following a case` {
  private func request(_ path: String, _ token: String, more: String = "") -> String {
    """
    GET \(path) HTTP/1.1\r
    Host: lab\r
    Authorization: Bearer \(token)\r
    Accept: text/event-stream\r
    \(more)\r

    """
  }

  /// The versions of the next events of a stream.
  private func versions(_ count: Int, on wire: Wire) async throws -> [Int] {
    var versions: [Int] = []
    for _ in 0..<count {
      _ = try await wire.read(through: "id: ")
      let line = try await wire.read(through: "\n")
      versions.append(try #require(Int(line.dropLast())))
      #expect(try await wire.read(through: "\n").hasPrefix("data: {"))
    }
    return versions
  }

  @Test func `shows what is there and then what comes, each once and in order`() async throws {
    try await Lab.with { lab in
      let token = try await lab.token(.recorder)
      let path = "/v1/cases/\(Steps.id())/events"
      try await lab.serving { port, _ in
        try await lab.asking { asker in
          _ = try await asker.post(path, token, [Steps.opening(), Steps.note()])
          try await Wire.with(port: port) { wire in
            try await wire.send(request(path, token))
            let head = try await wire.read(through: "\r\n\r\n")
            #expect(head.hasPrefix("HTTP/1.1 200 "))
            #expect(head.lowercased().contains("content-type: text/event-stream"))
            #expect(try await versions(2, on: wire) == [1, 2])
            for version in 3...12 {
              _ = try await asker.post(path, token, Steps.note())
              #expect(try await versions(1, on: wire) == [version])
            }
          }
        }
      }
    }
  }

  @Test func `goes on after the event that its client saw last, while others record`() async throws {
    try await Lab.with { lab in
      let token = try await lab.token(.recorder)
      let path = "/v1/cases/\(Steps.id())/events"
      try await lab.serving { port, _ in
        try await lab.asking { asker in
          _ = try await asker.post(path, token, Steps.opening())
          try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
              group.addTask {
                for _ in 0..<25 { _ = try await asker.post(path, token, Steps.note()) }
              }
            }
            var seen: [Int] = []
            while seen.count < 101 {
              let count = min(20, 101 - seen.count)
              let more = seen.last.map { "Last-Event-ID: \($0)\r\n" } ?? ""
              seen += try await Wire.with(port: port) { wire in
                try await wire.send(request(path, token, more: more))
                return try await versions(count, on: wire)
              }
            }
            try await group.waitForAll()
            #expect(seen == Array(1...101))
          }
        }
      }
    }
  }

  @Test func `is recorded once, at its beginning`() async throws {
    try await Lab.with { lab in
      let token = try await lab.token(.auditor, .recorder, person: "au-7")
      let caseID = Steps.id()
      try await lab.serving { port, _ in
        try await lab.asking { asker in
          _ = try await asker.post("/v1/cases/\(caseID)/events", token, Steps.opening())
        }
        try await Wire.with(port: port) { wire in
          try await wire.send(request("/v1/cases/\(caseID)/events", token))
          _ = try await versions(1, on: wire)
          #expect(try await lab.accessRecord() == ["events-followed au-7 \(caseID)"])
        }
      }
    }
  }

  @Test func `takes a place, and no more places than there are`() async throws {
    var limits = APIConfiguration.Limits()
    limits.streams = 1
    try await Lab.with(limits) { lab in
      let token = try await lab.token(.recorder)
      let path = "/v1/cases/\(Steps.id())/events"
      try await lab.serving { port, _ in
        try await lab.asking { _ in }
        try await Wire.with(port: port) { wire in
          try await wire.send(self.append(path, token))
          _ = try await wire.read(through: "}")
          try await wire.send(request(path, token))
          _ = try await versions(1, on: wire)
          try await Wire.with(port: port) { other in
            try await other.send(request(path, token))
            let answer = try await other.read(through: "}")
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
            #expect(answer.lowercased().contains("retry-after: 5"))
          }
        }
        // The first client has left; its place is free once the server has seen that.
        var status = ""
        while !status.hasPrefix("HTTP/1.1 200 ") {
          status = try await Wire.with(port: port) { wire in
            try await wire.send(request(path, token))
            return try await wire.read(through: "\r\n")
          }
        }
      }
    }
  }

  private func append(_ path: String, _ token: String) -> String {
    let body = Steps.opening().compactText
    return """
      POST \(path) HTTP/1.1\r
      Host: lab\r
      Authorization: Bearer \(token)\r
      Content-Type: application/json\r
      Content-Length: \(body.utf8.count)\r
      \r
      \(body)
      """
  }

  @Test func `lives on without events, by comments`() async throws {
    var limits = APIConfiguration.Limits()
    limits.heartbeat = .milliseconds(30)
    try await Lab.with(limits) { lab in
      let token = try await lab.token(.recorder)
      let path = "/v1/cases/\(Steps.id())/events"
      try await lab.serving { port, _ in
        try await Wire.with(port: port) { wire in
          try await wire.send(self.append(path, token) + request(path, token))
          _ = try await versions(1, on: wire)
          for _ in 0..<3 { _ = try await wire.read(through: "\n:\n") }
        }
      }
    }
  }

  @Test func `ends when the service stops`() async throws {
    try await Lab.with { lab in
      let token = try await lab.token(.recorder)
      let path = "/v1/cases/\(Steps.id())/events"
      try await lab.serving { port, service in
        try await Wire.with(port: port) { wire in
          try await wire.send(self.append(path, token) + request(path, token))
          _ = try await versions(1, on: wire)
          await service.triggerGracefulShutdown()
          #expect(try await wire.readToEnd().hasSuffix("0\r\n\r\n"))
        }
      }
    }
  }

  @Test func `ends when its token is revoked`() async throws {
    try await Lab.with { lab in
      let token = try await lab.token(.recorder)
      let path = "/v1/cases/\(Steps.id())/events"
      let known = try #require(try await lab.tokens.tokens(of: lab.facility).first)
      try await lab.serving { port, _ in
        try await Wire.with(port: port) { wire in
          try await wire.send(self.append(path, token) + request(path, token))
          _ = try await versions(1, on: wire)
          #expect(try await lab.tokens.revoke(known.id, in: lab.facility))
          #expect(try await wire.readToEnd().hasSuffix("0\r\n\r\n"))
        }
      }
    }
  }
}
