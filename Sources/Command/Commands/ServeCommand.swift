import API
import ArgumentParser
import Foundation
import Logging
import Metrics
import ServiceLifecycle
import Store
import UnixSignals

/// `cathlog serve`: the service.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Runs the service: the log, its projectors and the HTTP interface.",
    discussion: """
      Without DATABASE_URL it runs a PostgreSQL of its own, which ends with it. The schema is brought \
      up to date first. SIGTERM and SIGINT end it gracefully: nothing new is taken, what is under way \
      is answered, then all is closed.
      """)

  @OptionGroup var listening: ListeningOptions
  @OptionGroup var database: DatabaseOptions

  func run() async throws {
    let logger = listening.logger
    try await Wiring.serve(database.place, listening, logger) { parts, address in
      if !parts.migrations.isDefinitionGuarded {
        logger.warning(
          """
          ALTER and DROP of the log are not refused to their owner: \
          a superuser must run cathlog migrate once
          """)
      }
      Terminal.write("ready: http://\(address)\n")
      if try await parts.store.facilities().isEmpty {
        Terminal.write("There is no facility yet; make one with: cathlog facility create NAME\n")
      }
    }
  }
}

/// Where the service listens and how it logs.
struct ListeningOptions: ParsableArguments {
  @Option(help: "The address to listen on (CATHLOG_HOST).")
  var host: String?

  @Option(help: "The port to listen on; 0 is any free one (CATHLOG_PORT).")
  var port: Int?

  @Option(help: "json or text; else text on a terminal and json elsewhere.")
  var logFormat: LogFormat?

  @Option(help: "trace, debug, info, notice, warning, error or critical.")
  var logLevel: Logger.Level = .info

  /// How log lines are written.
  enum LogFormat: String, CaseIterable, ExpressibleByArgument {
    case json
    case text
  }

  func validate() throws {
    if let port, !(0...65_535).contains(port) { throw ValidationError("--port takes 0 to 65535.") }
  }

  /// The address by flag, then environment, then default.
  var address: (host: String, port: Int) {
    get throws {
      let environment = ProcessInfo.processInfo.environment
      let port =
        try self.port
        ?? environment["CATHLOG_PORT"].map { text in
          guard let port = Int(text), (0...65_535).contains(port) else {
            throw CommandFailure(
              "setting-invalid", "CATHLOG_PORT must be a port, 0 to 65535.", .configuration)
          }
          return port
        }
      return (host ?? environment["CATHLOG_HOST"] ?? "127.0.0.1", port ?? 8080)
    }
  }

  var logger: Logger {
    let isJSON = (logFormat ?? (Terminal.showsProgress ? .text : .json)) == .json
    let level = logLevel
    return Logger(label: "cathlog") { label in
      let handler: any LogHandler =
        isJSON
        ? JSONLogHandler(label: label, level: level) { .now } : PlainLogHandler(level: level)
      return handler
    }
  }
}
