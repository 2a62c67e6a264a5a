import ArgumentParser
import Glibc
import Procedures
import Settings

/// `cathlog doctor`: whether a service can run here and keep what it records.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Checks the machine, the folder, the database and its settings, and changes nothing.",
    discussion: """
      Works beside a running service, with a stopped one and before the first start; what only the \
      database can tell is told while it runs. With DATABASE_URL it looks at that database through one \
      connection that reads only. Takes the options of serve.

      Status 0 where nothing keeps a service from running safely, else 78 where a setting must be \
      changed, or 69 where something is missing.
      """)

  @Option(help: "table or json.")
  var format: OutputFormat = .table

  @OptionGroup var listening: ListeningOptions
  @OptionGroup var database: DatabaseOptions

  func run() async throws {
    let settings = try ResolvedSettings.read(listening, database).values
    let examination = await Examination.examine(settings)
    switch format {
    case .table: Terminal.write(DoctorReport.table(examination.diagnoses))
    case .json: Terminal.write(DoctorReport.json(examination.diagnoses).compactText + "\n")
    }
    if let status = examination.exitStatus { Glibc.exit(status) }
  }
}
