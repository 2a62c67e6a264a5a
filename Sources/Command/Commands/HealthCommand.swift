import ArgumentParser
import NIOCore
import NIOHTTP1
import NIOPosix
import Settings

/// `cathlog health`: asks a running service whether it is ready, as a container's health check does.
struct HealthCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "health",
    abstract: "Asks a running service whether it is ready.",
    discussion: """
      Asks /readyz at the address that serve would listen on, prints the answer, and ends with status \
      0 when the service is ready, else 69. With --live it asks /healthz, which the database has no \
      say in. Needs no token, no database and no master key.
      """)

  @Flag(help: "Asks only whether the service answers.")
  var live = false

  @OptionGroup var address: AddressOptions
  @OptionGroup var file: SettingsFileOption

  @Option(help: "After how many seconds no answer is one, 1 to 60.")
  var timeout: Int = 4

  func validate() throws {
    guard (1...60).contains(timeout) else { throw ValidationError("--timeout takes 1 to 60.") }
  }

  func run() async throws {
    let settings = try ResolvedSettings.read(address, file).values
    let probe = HealthProbe(
      host: settings.host, port: settings.port, path: live ? "/healthz" : "/readyz")
    let answer = try await probe.answer(within: .seconds(Int64(timeout)))
    Terminal.write(answer.body + "\n")
    guard answer.isGood else {
      throw CommandFailure(
        live ? "not-alive" : "not-ready", "The service at \(probe.address) says that it is not.",
        .unavailable)
    }
  }
}

/// One request to a service, with a bound on everything.
struct HealthProbe: Sendable {
  /// What the service said.
  struct Answer: Sendable {
    let isGood: Bool
    let body: String
  }

  /// More than a report on thousands of facilities takes.
  private static let bodyLimit = 1 << 20

  let host: String
  let port: Int
  let path: String

  /// Where it asks, as one writes it.
  var address: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// The answer, or why there is none as a command's failure.
  func answer(within limit: TimeAmount) async throws -> Answer {
    do {
      return try await withThrowingTaskGroup(of: Answer?.self) { group in
        group.addTask { try await ask(within: limit) }
        group.addTask {
          try await Task.sleep(for: .nanoseconds(limit.nanoseconds))
          return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let answer = first else { throw noAnswer }
        return answer
      }
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw noAnswer
    }
  }

  private var noAnswer: CommandFailure {
    CommandFailure("service-unreachable", "No service answers at \(address).", .unavailable)
  }

  private func ask(within limit: TimeAmount) async throws -> Answer {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(limit)
      .connect(host: host, port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
            wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      let headers: HTTPHeaders = ["host": address, "connection": "close"]
      try await outbound.write(
        .head(HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)))
      try await outbound.write(.end(nil))
      return try await read(inbound)
    }
  }

  private func read(
    _ inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>
  ) async throws -> Answer {
    var status: HTTPResponseStatus?
    var body = ByteBuffer()
    for try await part in inbound {
      switch part {
      case .head(let head): status = head.status
      case .body(var bytes):
        guard body.readableBytes + bytes.readableBytes <= Self.bodyLimit else { throw noAnswer }
        body.writeBuffer(&bytes)
      case .end:
        return Answer(isGood: status == .ok, body: String(buffer: body))
      }
    }
    throw noAnswer
  }
}
