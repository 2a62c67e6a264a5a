import ArgumentParser
import Foundation
import Settings

/// Options of a command that are settings.
protocol SettingsOptions {
  /// What stands on the command line.
  var flags: [Setting.Flag: String] { get }
}

/// Which file the settings stand in.
struct SettingsFileOption: ParsableArguments, SettingsOptions {
  @Option(
    help: ArgumentHelp(Setting.help(of: .config), valueName: "file"),
    completion: .file(extensions: ["json"]))
  var config: String?

  var flags: [Setting.Flag: String] { config.map { [.config: $0] } ?? [:] }
}

/// Where the service listens.
struct AddressOptions: ParsableArguments, SettingsOptions {
  @Option(help: ArgumentHelp(Setting.help(of: .host)))
  var host: String?

  @Option(help: ArgumentHelp(Setting.help(of: .port)))
  var port: String?

  var flags: [Setting.Flag: String] {
    var flags: [Setting.Flag: String] = [:]
    flags[.host] = host
    flags[.port] = port
    return flags
  }
}

/// Where the service listens and how it logs.
struct ListeningOptions: ParsableArguments, SettingsOptions {
  @OptionGroup var address: AddressOptions

  @Option(
    help: ArgumentHelp(Setting.help(of: .logFormat), valueName: "format"),
    completion: .list(Setting.words(of: .logFormat)))
  var logFormat: String?

  @Option(
    help: ArgumentHelp(Setting.help(of: .logLevel), valueName: "level"),
    completion: .list(Setting.words(of: .logLevel)))
  var logLevel: String?

  var flags: [Setting.Flag: String] {
    var flags = address.flags
    flags[.logFormat] = logFormat
    flags[.logLevel] = logLevel
    return flags
  }
}

extension ResolvedSettings {
  /// Reads every setting from options, the environment and the file.
  static func read(_ options: any SettingsOptions...) throws(CommandFailure) -> ResolvedSettings {
    let flags = options.reduce(into: [:]) { $0.merge($1.flags) { first, _ in first } }
    let sources = SettingsSources(flags: flags, environment: ProcessInfo.processInfo.environment)
    do throws(SettingsError) {
      return try sources.resolve()
    } catch {
      throw CommandFailure(
        error.code, "\(error)", error.isUsage ? .usage : .configuration)
    }
  }
}
