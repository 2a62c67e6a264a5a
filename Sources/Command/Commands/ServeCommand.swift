import ArgumentParser
import Logging
import Settings
import Store

/// `cathlog serve`: the service.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Runs the service: the log, its projectors and the HTTP interface.",
    discussion: """
      Without DATABASE_URL it runs a PostgreSQL of its own, which ends with it. The schema is brought \
      up to date first. SIGTERM and SIGINT end it gracefully: nothing new is taken, what is under way \
      is answered, then all is closed. What is not done within shutdown.timeLimit is given up: an \
      event that still waits for its commit is refused and not stored, and a commit whose answer is \
      not there yet may or may not have been done. Either is sent again without harm, since an event \
      that is stored already is recognised. The status is then 75.

      cathlog settings prints every setting, not only those that have an option here.
      """)

  @OptionGroup var listening: ListeningOptions
  @OptionGroup var database: DatabaseOptions

  func run() async throws {
    let settings = try ResolvedSettings.read(listening, database)
    let logger = settings.values.logger
    settings.log(to: logger)
    try await Wiring.serve(settings.values, logger) { parts, address in
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
