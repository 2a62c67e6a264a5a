/// Where a setting's value comes from; the first that gives one holds.
public enum SettingSource: Hashable, Sendable {
  /// An option of the command line.
  case flag(Setting.Flag)
  /// An environment variable.
  case environment(String)
  /// A file with this value alone, named by an environment variable.
  case secretFile(path: String, variable: String)
  /// The file of settings.
  case file(String)
  /// Nobody has set it.
  case standard
}

extension SettingSource: CustomStringConvertible {
  /// How a table or a sentence names it.
  public var description: String {
    switch self {
    case .flag(let flag): "flag --\(flag.rawValue)"
    case .environment(let name): "environment \(name)"
    case .secretFile(let path, let variable): "file \(path) (\(variable))"
    case .file(let path): "file \(path)"
    case .standard: "default"
    }
  }
}
