import ArgumentParser
import Logging
import Procedures
import Settings
import Store

/// `cathlog demo`: the service with made-up cases arriving, and a link and a line to try for each role.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Runs the service with made-up cases arriving, and prints what to try.",
    discussion: """
      The same as serve, on the same kind of database, with a facility named general: some cases of \
      yesterday (signed, held, cancelled), two under way, and new ones as rooms get free. Each change \
      of what is derived is printed as it happens, with the reason. The links and lines work as \
      printed; their tokens end after a day. Started again on the same folder, it goes on with the \
      cases that it has.
      """)

  @Option(help: "How many times faster than in a lab it goes: 60 is a minute a second; 1 to 3600.")
  var speed: Int = 1

  @OptionGroup var listening: ListeningOptions
  @OptionGroup var database: DatabaseOptions

  func validate() throws {
    guard (1...3_600).contains(speed) else { throw ValidationError("--speed takes 1 to 3600.") }
  }

  func run() async throws {
    let settings = try ResolvedSettings.read(listening, database)
    let logger = settings.values.logger
    settings.log(to: logger)
    let speed = speed
    try await Wiring.serve(settings.values, logger) { parts, address in
      try await Demo(parts: parts, address: address, speed: speed, logger: logger).run()
    } onReady: { _, _ in
    }
  }
}
