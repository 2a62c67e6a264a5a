import ArgumentParser
import Store

/// `cathlog migrate`: brings the database to this edition's schema.
struct MigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Brings the database to this edition's schema.",
    discussion: """
      Forward only and under a lock: any number of instances may start it at once. The role in \
      DATABASE_URL must be allowed to create roles and schemas; a superuser's also installs the guard \
      that refuses ALTER and DROP of the log to its owner. serve migrates by itself when it may.
      """)

  @OptionGroup var database: DatabaseOptions

  func run() async throws {
    let applied = try await database.settings.place.withDatabase { settings in
      try await Migrator().migrate(settings)
    }
    for name in applied { Terminal.write("applied \(name)\n") }
    if applied.isEmpty { Terminal.write("nothing to apply: the schema is current\n") }
  }
}
