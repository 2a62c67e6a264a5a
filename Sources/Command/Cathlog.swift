import ArgumentParser
import Glibc
import LocalPostgres
import Logging
import Postgres
import Projectors
import Store

/// The program.
@main
struct Cathlog: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cathlog",
    abstract: "Logs cath-lab procedures step by step and derives what can be billed.",
    discussion: """
      Steps are events in an append-only log in PostgreSQL; projectors replay them into line items, \
      above all the units of 37252 and 37253 from the vessels imaged by IVUS.

      Without DATABASE_URL, Cathlog runs a PostgreSQL of its own in a private folder \
      (/var/lib/cathlog for root, else ~/.local/share/cathlog; --data-dir or CATHLOG_DATA_DIR moves it).

      \(CommandFailure.Status.sentence)
      """,
    version: Edition.text,
    groupedSubcommands: [
      CommandGroup(
        name: "Without a database",
        subcommands: [DeriveCommand.self, RuleBookCommand.self, SimulateCommand.self]),
      CommandGroup(
        name: "The service",
        subcommands: [
          ServeCommand.self, DemoCommand.self, HealthCommand.self, DoctorCommand.self,
          MigrateCommand.self,
        ]),
      CommandGroup(
        name: "Cases and charges",
        subcommands: [
          CaseCommand.self, ReplayCommand.self, LineItemsCommand.self, ChargesCommand.self,
          ExplainCommand.self, WhatIfCommand.self, ReconcileCommand.self,
        ]),
      CommandGroup(
        name: "The log",
        subcommands: [
          ImportCommand.self, ExportCommand.self, VerifyCommand.self, RebuildCommand.self,
        ]),
      CommandGroup(
        name: "Administration",
        subcommands: [
          FacilityCommand.self, TokenCommand.self, SettingsCommand.self,
        ]),
    ])

  static func main() async {
    // A reader that has gone is seen where something is written.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      end(after: error)
    }
  }

  /// Says what is wrong and ends with the status that goes with it.
  private static func end(after error: any Error) -> Never {
    let failure: CommandFailure
    switch error {
    case let error as CommandFailure: failure = error
    case let error as LocalPostgresError:
      failure = CommandFailure(error.code, error.description, exitStatus: error.exitStatus)
    case let error as MigrationError: failure = CommandFailure(error)
    case let error as StoreError: failure = CommandFailure(error)
    case let error as PostgresError: failure = CommandFailure(StoreError.database(error))
    case let error as ProjectorError: failure = CommandFailure(error)
    case is CancellationError: failure = .interrupted
    default: Self.exit(withError: error)
    }
    Terminal.end(saying: failure.line, exitStatus: failure.exitStatus)
  }
}
