import Procedures
import ServiceLifecycle
import Testing

@testable import API

/// Bounds that a test can reach.
private func limits(
  _ change: (inout APIConfiguration.Limits) -> Void = { _ in }
) -> APIConfiguration.Limits {
  var limits = APIConfiguration.Limits()
  change(&limits)
  return limits
}

@Suite struct `The server's bounds` {
  private func head(_ token: String, length: Int, more: String = "") -> String {
    """
    POST /v1/cases/\(Steps.id())/events HTTP/1.1\r
    Host: lab\r
    Authorization: Bearer \(token)\r
    Content-Type: application/json\r
    Content-Length: \(length)\r
    \(more)\r

    """
  }

  @Test func `a body of 10 MB is refused before it is read, and the connection ends`() async throws
  {
    try await Lab.with { lab in
      let token = try await lab.token(.recorder)
      try await lab.serving { port, _ in
        try await Wire.with(port: port) { wire in
          // Not a byte of the body is sent: the answer comes all the same.
          try await wire.send(head(token, length: 10_000_000))
          let answer = try await wire.readToEnd()
          #expect(answer.hasPrefix("HTTP/1.1 413 "))
          #expect(answer.lowercased().contains("connection: close"))
          #expect(answer.contains(#""code":"body-too-large""#))
        }
      }
    }
  }

  @Test func `a body that grows past the bound on its way is refused`() async throws {
    try await Lab.with(limits { $0.bodyBytes = 1000 }) { lab in
      let token = try await lab.token(.recorder)
      try await lab.serving { port, _ in
        try await Wire.with(port: port) { wire in
          try await wire.send(
            head(token, length: 0).replacing(
              "Content-Length: 0", with: "Transfer-Encoding: chunked"))
          let chunk = "400\r\n" + String(repeating: " ", count: 0x400) + "\r\n"
          try await wire.send(chunk)
          #expect(try await wire.readToEnd().hasPrefix("HTTP/1.1 413 "))
        }
      }
    }
  }

  @Test func `a client that asks first is told to go on, or not to`() async throws {
    try await Lab.with { lab in
      let token = try await lab.token(.recorder)
      try await lab.serving { port, _ in
        let body = Steps.opening().compactText
        try await Wire.with(port: port) { wire in
          try await wire.send(
            head(token, length: body.utf8.count, more: "Expect: 100-continue\r\n"))
          #expect(try await wire.read(through: "\r\n\r\n").hasPrefix("HTTP/1.1 100 "))
          try await wire.send(body)
          #expect(try await wire.read(through: "\r\n\r\n").hasPrefix("HTTP/1.1 201 "))
        }
        try await Wire.with(port: port) { wire in
          try await wire.send(head(token, length: 10_000_000, more: "Expect: 100-continue\r\n"))
          #expect(try await wire.readToEnd().hasPrefix("HTTP/1.1 413 "))
        }
      }
    }
  }

  @Test func `headers larger than are taken are a problem`() async throws {
    try await Lab.with { lab in
      try await lab.serving { port, _ in
        for request in [
          "GET /healthz HTTP/1.1\r\nHost: lab\r\nX-Long: \(String(repeating: "x", count: 20_000))\r\n\r\n",
          "GET /healthz HTTP/1.1\r\nHost: lab\r\n"
            + String(repeating: "X-Many: 1\r\n", count: 200) + "\r\n",
        ] {
          try await Wire.with(port: port) { wire in
            try await wire.send(request)
            let answer = try await wire.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 431 "))
            #expect(answer.contains(#""code":"headers-too-large""#))
          }
        }
      }
    }
  }

  @Test func `what is no HTTP is a problem`() async throws {
    try await Lab.with { lab in
      try await lab.serving { port, _ in
        try await Wire.with(port: port) { wire in
          try await wire.send("EHLO lab\r\n\r\n")
          let answer = try await wire.readToEnd()
          #expect(answer.hasPrefix("HTTP/1.1 400 "))
          #expect(answer.contains(#""code":"request-malformed""#))
        }
      }
    }
  }

  @Test func `a request that does not arrive whole in time is given up, and nothing recorded`()
    async throws
  {
    try await Lab.with(limits { $0.requestTimeout = .milliseconds(50) }) { lab in
      let token = try await lab.token(.recorder)
      let before = try await lab.eventCount()
      try await lab.serving { port, _ in
        try await Wire.with(port: port) { wire in
          let body = Steps.opening().compactText
          // A whole document, of which the headers say that more is to come.
          try await wire.send(head(token, length: body.utf8.count + 10) + body)
          let answer = try await wire.readToEnd()
          #expect(answer.hasPrefix("HTTP/1.1 408 "))
          #expect(answer.contains(#""code":"request-timeout""#))
        }
      }
      #expect(try await lab.eventCount() == before)
    }
  }

  @Test func `a connection on which nothing is asked is closed`() async throws {
    try await Lab.with(limits { $0.idleTimeout = .milliseconds(50) }) { lab in
      try await lab.serving { port, _ in
        try await Wire.with(port: port) { wire in
          let answer = try await wire.readToEnd()
          #expect(answer == "")
        }
        try await Wire.with(port: port) { wire in
          // On a busy machine the connection may be closed before it is sent on.
          try? await wire.send("GET /healthz HTTP/1.1\r\nHost:")
          let answer = try await wire.readToEnd()
          #expect(answer == "")
        }
      }
    }
  }

  @Test func `one connection takes one request after the other`() async throws {
    try await Lab.with { lab in
      try await lab.serving { port, _ in
        try await Wire.with(port: port) { wire in
          for _ in 0..<3 {
            try await wire.send("GET /healthz HTTP/1.1\r\nHost: lab\r\n\r\n")
            #expect(try await wire.read(through: "}").contains(#"{"status":"alive"}"#))
          }
          try await wire.send("HEAD /healthz HTTP/1.1\r\nHost: lab\r\n\r\n")
          #expect(try await wire.read(through: "\r\n\r\n").contains("200 OK"))
        }
      }
    }
  }

  @Test func `a service that stops answers what is under way`() async throws {
    try await Lab.with { lab in
      let token = try await lab.token(.recorder)
      let body = Steps.opening().compactText
      try await lab.serving { port, service in
        try await Wire.with(port: port) { wire in
          try await wire.send(head(token, length: body.utf8.count))
          // The request is under way once it is asked for its body.
          try await Wire.with(port: port) { other in
            try await other.send("GET /healthz HTTP/1.1\r\nHost: lab\r\n\r\n")
            _ = try await other.read(through: "}")
          }
          await service.triggerGracefulShutdown()
          try await wire.send(body)
          #expect(try await wire.readToEnd().hasPrefix("HTTP/1.1 201 "))
        }
      }
    }
  }
}
