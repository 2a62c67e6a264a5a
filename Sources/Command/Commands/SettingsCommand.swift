import ArgumentParser
import Procedures
import Settings

/// `cathlog settings`: every setting, its value and where that comes from.
struct SettingsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings",
    abstract: "Prints every setting, its value and where the value comes from.",
    discussion: """
      An option comes before the environment, the environment before the file, the file before the \
      default. The file is a JSON object: http.port is the member port of the member http. A name that \
      no setting has is refused there, and warned of in the environment. Secrets are never shown, and \
      may stand in files of their own: DATABASE_URL_FILE and CATHLOG_MASTER_KEY_FILE name them.

      Connects to nothing: what is set is checked, not whether it works (cathlog doctor does that).
      """)

  @Option(help: "table or json.")
  var format: Format = .table

  @OptionGroup var listening: ListeningOptions
  @OptionGroup var database: DatabaseOptions

  /// How the settings are printed.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table
    case json
  }

  func run() async throws {
    let settings = try ResolvedSettings.read(listening, database)
    switch format {
    case .table:
      Terminal.write(Self.table(settings))
      for warning in settings.warnings { Terminal.say("cathlog: warning: \(warning)") }
    case .json: Terminal.write(Self.json(settings).compactText + "\n")
    }
  }

  private static func table(_ settings: ResolvedSettings) -> String {
    var table = TextTable(["SETTING", "VALUE", "FROM", "VARIABLE", "MEANING"])
    for row in settings.rows {
      table.add([
        row.setting.key, row.value, row.source.description, row.setting.variable,
        row.setting.meaning,
      ])
    }
    return table.text
  }

  private static func json(_ settings: ResolvedSettings) -> JSON {
    let rows = settings.rows.map { row in
      let setting = row.setting
      var members = [JSON.Member("setting", .string(setting.key))]
      if !setting.isSecret { members.append(JSON.Member("value", .string(row.value))) }
      members += [
        JSON.Member("from", .string(row.source.description)),
        JSON.Member("isSet", .bool(row.source != .standard)),
        JSON.Member("isSecret", .bool(setting.isSecret)),
        JSON.Member("default", .string(setting.defaultText)),
        JSON.Member("variable", .string(setting.variable)),
      ]
      if let name = setting.fileVariable {
        members.append(JSON.Member("fileVariable", .string(name)))
      }
      if let flag = setting.flag {
        members.append(JSON.Member("flag", .string("--\(flag.rawValue)")))
      }
      members += [
        JSON.Member("allowed", .string(setting.allowed)),
        JSON.Member("meaning", .string(setting.meaning)),
      ]
      return JSON.object(members)
    }
    return [
      "settings": .array(rows), "warnings": .array(settings.warnings.map { .string($0) }),
    ]
  }
}
