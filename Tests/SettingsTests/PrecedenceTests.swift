import API
import Logging
import Postgres
import Procedures
import Projectors
import Settings
import Store
import Testing

@Suite struct `A setting's value` {
  @Test func `has a sample for each setting, so that none is left out here`() {
    #expect(Sample.all.map(\.key) == Setting.table.map(\.key))
  }

  @Test(arguments: Sample.all)
  func `is its default where nobody sets it, and where a variable is empty`(
    _ sample: Sample
  ) throws {
    let setting = try sample.setting
    for environment in [[:], [setting.variable: ""]] {
      let row = try SettingsSources(environment: environment).resolve().row(sample.key)
      #expect(row.source == .standard)
      #expect(row.value == setting.defaultText)
    }
  }

  /// The file that holds the settings cannot name itself.
  @Test(arguments: Sample.all.filter { $0.key != "config" })
  func `is the option's before the environment's before the file's`(_ sample: Sample) throws {
    let setting = try sample.setting
    try SettingsFolder.with { folder in
      let path = try folder.file(sample.key, .string(sample.good[0]))
      var sources = SettingsSources(flags: [.config: path], environment: [:])
      try expect(sources, setting, sample.good[0], .file(path))
      sources.environment[setting.variable] = sample.good[1]
      try expect(sources, setting, sample.good[1], .environment(setting.variable))
      if let flag = setting.flag {
        sources.flags[flag] = sample.good[2]
        try expect(sources, setting, sample.good[2], .flag(flag))
      }
    }
  }

  @Test func `of the file's own path is the option's before the environment's`() throws {
    try SettingsFolder.with { folder in
      let one = try folder.file(#"{"http":{"port":1}}"#, name: "one.json")
      let two = try folder.file(#"{"http":{"port":2}}"#, name: "two.json")
      var sources = SettingsSources(environment: ["CATHLOG_CONFIG": one])
      #expect(try sources.resolve().row("config").value == one)
      #expect(try sources.resolve().values.port == 1)
      sources.flags[.config] = two
      #expect(try sources.resolve().row("config").source == .flag(.config))
      #expect(try sources.resolve().values.port == 2)
    }
  }

  @Test(arguments: Sample.all.filter { $0.key != "config" })
  func `is refused with its name, its source and what is allowed, and is not repeated`(
    _ sample: Sample
  ) throws {
    let setting = try sample.setting
    for bad in sample.bad {
      var sources = [SettingsSources(environment: [setting.variable: bad])]
      if let flag = setting.flag {
        sources.append(SettingsSources(flags: [flag: bad], environment: [:]))
      }
      for sources in sources {
        let error = #expect(throws: SettingsError.self, "\(bad)") { try sources.resolve() }
        let source =
          sources.flags.isEmpty
          ? "environment \(setting.variable)"
          : sources.flags.keys.map { "flag --\($0.rawValue)" }.joined()
        #expect(error?.description == "\(setting.key) (\(source)) must be \(setting.allowed).")
        #expect(error?.isUsage == !sources.flags.isEmpty)
      }
    }
  }

  @Test func `reaches the part of the program that it is for`() throws {
    let values = try SettingsSources(
      flags: [.host: "::", .port: "0", .logLevel: "debug"],
      environment: [
        "CATHLOG_DATABASE_CONNECTIONS": "3", "CATHLOG_DATABASE_CONNECTION_WAIT": "4s",
        "CATHLOG_HTTP_BODY_SIZE": "5KiB", "CATHLOG_APPENDER_QUEUED_SIZE": "6MiB",
        "CATHLOG_PROJECTORS_POLL_INTERVAL": "700ms", "CATHLOG_SHUTDOWN_TIME_LIMIT": "8s",
        "CATHLOG_DATABASE_STATEMENT_TIMEOUT": "9s", "CATHLOG_LOG_FORMAT": "text",
      ]
    ).resolve().values
    #expect(values.host == "::")
    #expect(values.port == 0)
    #expect(values.logLevel == .debug)
    #expect(values.pool.maximumConnectionCount == 3)
    #expect(values.pool.acquireTimeout == .seconds(4))
    #expect(values.http.bodyBytes == 5_120)
    #expect(values.appender.queuedBytes == 6 << 20)
    #expect(values.projectors.pollInterval == .milliseconds(700))
    #expect(values.shutdownTimeLimit == .seconds(8))
    #expect(values.statementTimeout == .seconds(9))
    #expect(values.logFormat == .text)
  }
}

extension `A setting's value` {
  private func expect(
    _ sources: SettingsSources, _ setting: Setting, _ value: String, _ source: SettingSource
  ) throws {
    let row = try sources.resolve().row(setting.key)
    #expect(row.source == source)
    #expect(row.value == (setting.isSecret ? "set, not shown" : value))
  }
}
