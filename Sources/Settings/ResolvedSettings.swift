/// The settings of a process, and where each comes from.
public struct ResolvedSettings: Sendable {
  /// The values.
  public let values: CathlogSettings
  /// Sentences about what was found and is not used.
  public let warnings: [String]
  let sources: [String: SettingSource]

  /// One line of the printed table.
  public struct Row: Sendable {
    /// What it is.
    public let setting: Setting
    /// The value, as far as it may be shown.
    public let value: String
    /// Where the value comes from.
    public let source: SettingSource
  }

  /// Every setting, in the order of the table.
  public var rows: [Row] {
    Setting.table.map { setting in
      Row(
        setting: setting, value: setting.show(values), source: sources[setting.key] ?? .standard)
    }
  }
}
