import Testing

@testable import Postgres

@Suite struct `The listener` {
  private func notify(_ channel: String, _ payloads: [String]) async throws {
    try await withSession { session throws(PostgresError) in
      for payload in payloads { try session.execute("SELECT pg_notify(\(channel), \(payload))") }
    }
  }

  private func describe(_ event: Listener.Event?) -> String {
    switch event {
    case .connected: "connected"
    case .notification(let notification): notification.payload
    case .disconnected(let error): "disconnected \(error.kind.rawValue)"
    case nil: "end"
    }
  }

  @Test func `notifications arrive after connected`() async throws {
    let channel = freshName("Odd \"channel")
    var events = Listener(try PrivateServer.settings(), channels: [channel]).makeAsyncIterator()
    #expect(describe(await events.next()) == "connected")
    try await notify(channel, ["one"])
    #expect(describe(await events.next()) == "one")
    try await notify(freshName("other"), ["unheard"])
    try await notify(channel, ["two"])
    #expect(describe(await events.next()) == "two")
  }

  @Test func `a killed backend is told, and then the listener is connected again`() async throws {
    let channel = freshName("killed")
    let settings = try PrivateServer.settings(applicationName: channel)
    var events = Listener(settings, channels: [channel]).makeAsyncIterator()
    for _ in 0..<2 {
      #expect(describe(await events.next()) == "connected")
      try await withSession { session throws(PostgresError) in
        let count = try session.query(
          """
          SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
          WHERE application_name = \(channel)
          """
        ).count
        #expect(count == 1)
      }
      #expect(describe(await events.next()) == "disconnected connectionLost")
    }
    #expect(describe(await events.next()) == "connected")
    try await notify(channel, ["again"])
    #expect(describe(await events.next()) == "again")
  }

  @Test func `a server that cannot be reached is told once`() async {
    let backoff = { () -> Backoff in
      var backoff = Backoff()
      backoff.first = .milliseconds(1)
      backoff.ceiling = .milliseconds(5)
      return backoff
    }()
    let listener = Listener(
      ConnectionSettings(url: "host=/nowhere"), channels: ["x"], backoff: backoff)
    let (stream, sink) = AsyncStream.makeStream(of: String.self)
    let task = Task {
      for await event in listener { sink.yield(describe(event)) }
      sink.finish()
    }
    var told: [String] = []
    for await text in stream {
      told.append(text)
      task.cancel()
    }
    #expect(told == ["disconnected connectionFailed"])
  }

  @Test func `a cancelled task stops listening at once`() async throws {
    let name = freshName("ends")
    let listener = Listener(try PrivateServer.settings(applicationName: name), channels: [name])
    let (stream, sink) = AsyncStream.makeStream(of: String.self)
    let task = Task {
      for await event in listener { sink.yield(describe(event)) }
    }
    for await text in stream {
      #expect(text == "connected")
      break
    }
    task.cancel()
    await task.value
  }

  @Test func `equal notifications that wait are one`() {
    var buffer = NotificationBuffer()
    for payload in ["", "a", "", "b", "a"] {
      buffer.add(Notification(channel: "c", payload: payload), limit: 3)
    }
    #expect(describe(buffer.take()) == "")
    #expect(describe(buffer.take()) == "a")
    #expect(describe(buffer.take()) == "b")
    #expect(describe(buffer.take()) == "end")
  }

  @Test func `more different notifications than are kept become one connected`() {
    var buffer = NotificationBuffer()
    for number in 0..<10 {
      buffer.add(Notification(channel: "c", payload: "\(number)"), limit: 3)
    }
    #expect(describe(buffer.take()) == "connected")
    #expect(describe(buffer.take()) == "end")
  }
}
