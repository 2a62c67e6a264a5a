/// One setting: a row of the table.
public struct Setting: Sendable {
  /// The options of the command line that are settings.
  public enum Flag: String, CaseIterable, Sendable {
    /// `--config FILE`.
    case config
    /// `--data-dir FOLDER`.
    case dataDirectory = "data-dir"
    /// `--host HOST`.
    case host
    /// `--port PORT`.
    case port
    /// `--log-format FORMAT`.
    case logFormat = "log-format"
    /// `--log-level LEVEL`.
    case logLevel = "log-level"
  }

  /// Its place in a file, and what it is called: `http.port` is the member `port` of `http`.
  public let key: String
  /// The environment variable.
  public let variable: String
  /// The variable that names a file with the value instead, where there is one.
  public let fileVariable: String?
  /// The option of the command line, where there is one.
  public let flag: Flag?
  /// What it does.
  public let meaning: String
  /// What is allowed, as it follows "must be".
  public let allowed: String
  /// The words that it may be, where these are few.
  public let words: [String]
  /// Whether its value is never shown.
  public let isSecret: Bool
  /// The default, as it is shown.
  public let defaultText: String

  let takesNumber: Bool
  let set: @Sendable (String, inout CathlogSettings) -> Bool
  let show: @Sendable (CathlogSettings) -> String

  init<Value>(
    _ path: any WritableKeyPath<CathlogSettings, Value> & Sendable, _ key: String,
    _ variable: String, _ kind: SettingKind<Value>, flag: Flag? = nil,
    fileVariable: String? = nil, isSecret: Bool = false, _ meaning: String
  ) {
    self.key = key
    self.variable = variable
    self.fileVariable = fileVariable
    self.flag = flag
    self.meaning = meaning
    self.isSecret = isSecret
    allowed = kind.allowed
    words = kind.words
    takesNumber = kind.takesNumber
    show = { kind.show($0[keyPath: path]) }
    set = { text, settings in
      guard let value = kind.read(text) else { return false }
      settings[keyPath: path] = value
      return true
    }
    defaultText = kind.show(CathlogSettings()[keyPath: path])
  }

  var keyParts: [String] { key.split(separator: ".").map(String.init) }
}

extension Setting {
  /// What `--help` says of an option.
  public static func help(of flag: Flag) -> String {
    guard let setting = table.first(where: { $0.flag == flag }) else { return "" }
    return "\(setting.meaning) \(setting.allowed.capitalizedFirst); "
      + "default \(setting.defaultText) (\(setting.variable))."
  }

  /// The words that an option takes, where these are few.
  public static func words(of flag: Flag) -> [String] {
    table.first { $0.flag == flag }?.words ?? []
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
