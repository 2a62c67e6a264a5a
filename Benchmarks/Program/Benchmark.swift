import ArgumentParser

/// What `script/bench` measures from within the library; each run prints one line of JSON.
@main
struct Benchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Runs one measurement against the database of DATABASE_URL.",
    subcommands: [
      OpenCasesCommand.self, AppendCommand.self, LoadCommand.self, ProjectionCommand.self,
      ReplayCommand.self, VerifyCommand.self, RebuildCommand.self,
    ])
}
