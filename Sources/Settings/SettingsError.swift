/// Why settings cannot be used; names the setting and its source, and never a value.
public enum SettingsError: Error, Equatable, Sendable {
  /// A value that is not allowed.
  case invalid(key: String, SettingSource, allowed: String)
  /// A name in the file that no setting has.
  case unknown(key: String, file: String, nearest: String)
  /// Two settings of which one at most may be set.
  case conflict(String, String)
  /// A file that cannot be read.
  case unreadable(file: String, SettingSource)
  /// A file that is not the JSON that it should be.
  case malformed(file: String, offset: Int, sentence: String)
  /// A secret in a file that everybody may read.
  case exposed(key: String, file: String)

  /// What kind of failure it is.
  public var code: String {
    switch self {
    case .invalid: "setting-invalid"
    case .unknown: "setting-unknown"
    case .conflict: "settings-conflict"
    case .unreadable: "settings-unreadable"
    case .malformed: "settings-malformed"
    case .exposed: "secret-exposed"
    }
  }

  /// Whether the command line itself is at fault.
  public var isUsage: Bool {
    switch self {
    case .invalid(_, .flag, _), .unreadable(_, .flag): true
    case .invalid, .unknown, .conflict, .unreadable, .malformed, .exposed: false
    }
  }
}

extension SettingsError: CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .invalid(let key, let source, let allowed):
      "\(key) (\(source)) must be \(allowed)."
    case .unknown(let key, let file, let nearest):
      "\(key) in \(file) is no setting; the nearest is \(nearest)."
    case .conflict(let one, let other): "Set \(one) or \(other), not both."
    case .unreadable(let file, let source):
      "\(file) (\(source)) cannot be read, or is larger than 64 KiB."
    case .malformed(let file, let offset, let sentence):
      "\(file) is not a JSON object of settings: \(sentence), at byte \(offset)."
    case .exposed(let key, let file):
      "\(file) holds the secret \(key) and everybody may read it: chmod o= \(file)"
    }
  }
}
