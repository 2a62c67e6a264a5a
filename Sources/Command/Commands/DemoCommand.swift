import ArgumentParser
import Logging
import Procedures
import Settings
import Store

/// `cathlog demo`: the service with made-up cases, and a line to try for each role.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Runs the service with made-up cases and prints what to try.",
    discussion: """
      The same as serve, on the same kind of database, with a facility named general, one case that \
      is signed and one that is under way. The lines that it prints work as printed; their tokens end \
      after a day. Started again on the same folder, it goes on with the cases that it has.
      """)

  @OptionGroup var listening: ListeningOptions
  @OptionGroup var database: DatabaseOptions

  func run() async throws {
    let settings = try ResolvedSettings.read(listening, database)
    let logger = settings.values.logger
    settings.log(to: logger)
    try await Wiring.serve(settings.values, logger) { parts, address in
      let tour = try await DemoTour(parts: parts, address: address).prepared()
      Terminal.write(tour.text)
    }
  }
}
