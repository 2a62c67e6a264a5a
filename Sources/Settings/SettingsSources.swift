internal import Configuration
internal import Procedures
internal import Synchronization

/// What may set something: options before the environment, before the file, before the defaults.
public struct SettingsSources: Sendable {
  /// What stands on the command line.
  public var flags: [Setting.Flag: String]
  /// The environment; an empty variable counts as none.
  public var environment: [String: String]

  /// Takes options and an environment.
  public init(flags: [Setting.Flag: String] = [:], environment: [String: String]) {
    self.flags = flags
    self.environment = environment.filter { !$0.value.isEmpty }
  }

  /// Reads every setting.
  ///
  /// - Throws: ``SettingsError`` for the first that cannot be used.
  public func resolve() throws(SettingsError) -> ResolvedSettings {
    let secrets = try secretFiles()
    let reader = Reader(
      flags: flags, environment: environment, secrets: secrets, file: try settingsFile())
    var values = CathlogSettings()
    var sources: [String: SettingSource] = [:]
    for setting in Setting.table {
      guard let (text, source) = reader.read(setting) else { continue }
      guard setting.set(text, &values) else {
        throw .invalid(key: setting.key, source, allowed: setting.allowed)
      }
      sources[setting.key] = source
    }
    if let key = sources["masterKey.value"], let file = sources["masterKey.file"] {
      throw .conflict("masterKey.value (\(key))", "masterKey.file (\(file))")
    }
    return ResolvedSettings(values: values, warnings: warnings, sources: sources)
  }

  private func settingsFile() throws(SettingsError) -> (path: String, values: [String: String])? {
    guard let setting = Setting.table.first(where: { $0.flag == .config }) else { return nil }
    let reader = Reader(flags: flags, environment: environment, secrets: [:], file: nil)
    guard let (path, source) = reader.read(setting) else { return nil }
    return (path, try SettingsFile(path: path, namedBy: source).values)
  }

  /// The values that stand alone in files of their own, as Docker and Kubernetes hand over secrets.
  private func secretFiles() throws(SettingsError) -> [String: SecretFile] {
    var files: [String: SecretFile] = [:]
    for setting in Setting.table {
      guard let variable = setting.fileVariable, let path = environment[variable] else { continue }
      guard environment[setting.variable] == nil else {
        throw .conflict(setting.variable, variable)
      }
      let source = SettingSource.environment(variable)
      let bytes = try SettingsFile.contents(of: path, namedBy: source).bytes
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw .unreadable(file: path, source)
      }
      let value = text.hasSuffix("\r\n") || text.hasSuffix("\n") ? String(text.dropLast()) : text
      files[setting.key] = SecretFile(
        value: value, source: .secretFile(path: path, variable: variable))
    }
    return files
  }

  /// Of a variable that is named like a setting and is none.
  ///
  /// Not refused, as a name in the file is: the environment is not Cathlog's alone. Kubernetes, for
  /// one, adds `CATHLOG_SERVICE_HOST` and more for a service that is named cathlog.
  private var warnings: [String] {
    let known = Set(Setting.table.flatMap { [$0.variable, $0.fileVariable].compactMap(\.self) })
    return environment.keys.filter { $0.hasPrefix("CATHLOG_") && !known.contains($0) }.sorted()
      .map { name in
        let nearest = Spelling.nearest(to: name, in: known.sorted())
        return "\(name) in the environment is no setting; the nearest is \(nearest)"
      }
  }
}

extension SettingsSources: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
  /// How much there is, and nothing of it: an environment holds secrets of others, too.
  public var description: String {
    "SettingsSources(\(flags.count) options, \(environment.count) variables)"
  }

  /// The same as `description`.
  public var debugDescription: String { description }

  /// A mirror without values.
  public var customMirror: Mirror { Mirror(self, children: ["sources": description]) }
}

/// A value that stands in a file of its own.
private struct SecretFile {
  let value: String
  let source: SettingSource
}

/// The sources as providers, one after the other.
private struct Reader {
  private let reader: ConfigReader
  private let recorder = ProviderRecorder()
  private let secrets: [String: SecretFile]
  private let filePath: String

  init(
    flags: [Setting.Flag: String], environment: [String: String], secrets: [String: SecretFile],
    file: (path: String, values: [String: String])?
  ) {
    self.secrets = secrets
    filePath = file?.path ?? ""
    let table = Setting.table
    let given = table.compactMap { setting in
      setting.flag.flatMap { flags[$0] }.map { (setting.key, $0) }
    }
    let variables = Dictionary(uniqueKeysWithValues: table.map { ($0.keyParts, $0.variable) })
    reader = ConfigReader(
      providers: [
        Self.provider("flags", given),
        KeyMappingProvider(
          upstream: EnvironmentVariablesProvider(environmentVariables: environment)
        ) { key in
          AbsoluteConfigKey([variables[key.components] ?? ""])
        },
        Self.provider("files of secrets", secrets.map { ($0.key, $0.value.value) }),
        Self.provider("file", (file?.values ?? [:]).map { ($0.key, $0.value) }),
      ], accessReporter: recorder)
  }

  private static func provider(_ name: String, _ values: [(String, String)]) -> InMemoryProvider {
    let secrets = Set(Setting.table.filter(\.isSecret).map(\.key))
    return InMemoryProvider(
      name: name,
      values: Dictionary(
        uniqueKeysWithValues: values.map { key, value in
          (
            AbsoluteConfigKey(key.split(separator: ".").map(String.init)),
            ConfigValue(.string(value), isSecret: secrets.contains(key))
          )
        }))
  }

  /// The text of a setting and where it stands; nil where nobody has set it.
  func read(_ setting: Setting) -> (String, SettingSource)? {
    let text = reader.string(forKey: ConfigKey(setting.keyParts), isSecret: setting.isSecret)
    guard let text, let provider = recorder.last else { return nil }
    switch provider {
    case 0: return setting.flag.map { (text, .flag($0)) }
    case 1: return (text, .environment(setting.variable))
    case 2: return secrets[setting.key].map { (text, $0.source) }
    default: return (text, .file(filePath))
    }
  }
}

/// Notes which provider gave the last value: the providers are asked in order, and no further.
private final class ProviderRecorder: AccessReporter {
  private let index = Mutex<Int?>(nil)

  var last: Int? { index.withLock { $0 } }

  func report(_ event: AccessEvent) {
    index.withLock { $0 = event.providerResults.count - 1 }
  }
}
