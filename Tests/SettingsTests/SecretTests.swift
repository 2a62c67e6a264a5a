import Foundation
import Procedures
import Settings
import Store
import Testing

@Suite struct `A secret among the settings` {
  private let key = MasterKey.random().base64
  private let password = "p" + UUID().uuidString

  private var url: String { "postgresql://lab:\(password)@db.example/cathlog" }

  /// Everything that can be printed of settings.
  private func shown(_ sources: SettingsSources) throws -> String {
    let settings = try sources.resolve()
    var text = "\(sources) \(settings) \(settings.values)"
    debugPrint(sources, settings, settings.values, to: &text)
    dump(sources, to: &text)
    dump(settings, to: &text)
    for row in settings.rows { text += "\(row.setting.key) \(row.value) \(row.source)" }
    return text
  }

  @Test func `is in nothing that is printed, wherever it comes from`() throws {
    try SettingsFolder.with { folder in
      let secretFile = try folder.file(url + "\n", name: "url", mode: 0o444)
      let file = try folder.file(
        #"{"database":{"url":"\#(url)"},"masterKey":{"value":"\#(key)"}}"#)
      for sources in [
        SettingsSources(environment: ["DATABASE_URL": url, "CATHLOG_MASTER_KEY": key]),
        SettingsSources(environment: ["DATABASE_URL_FILE": secretFile]),
        SettingsSources(flags: [.config: file], environment: [:]),
      ] {
        let values = try sources.resolve().values
        #expect(values.databaseURL?.revealed == url)
        let text = try shown(sources)
        #expect(!text.contains(password))
        #expect(!text.contains(key))
        #expect(text.contains("database.url set, not shown"))
      }
    }
  }

  @Test func `is in no refusal`() throws {
    for environment in [
      ["DATABASE_URL": "mysql://lab:\(password)@db/x"], ["DATABASE_URL": url + "\n" + url],
      ["CATHLOG_MASTER_KEY": password], ["CATHLOG_MASTER_KEY_FILE": key],
      ["DATABASE_URL": url, "DATABASE_URL_FILE": "/run/secrets/url"],
      ["CATHLOG_MASTER_KEY": key, "CATHLOG_MASTER_KEY_FILE": "/run/secrets/key"],
      ["CATHLOG_PORT": password], ["CATHLOG_LOG_LEVEL": key],
    ] {
      let error = #expect(throws: SettingsError.self) {
        try SettingsSources(environment: environment).resolve()
      }
      let sentence = try #require(error).description
      #expect(!sentence.contains(password) && !sentence.contains(key))
    }
  }

  @Test func `is read from the file that a variable names, without its last line's end`() throws {
    try SettingsFolder.with { folder in
      for (ending, name) in [("", "one"), ("\n", "two"), ("\r\n", "three")] {
        let path = try folder.file(url + ending, name: name, mode: 0o444)
        let settings = try SettingsSources(environment: ["DATABASE_URL_FILE": path]).resolve()
        #expect(settings.values.databaseURL?.revealed == url)
        #expect(
          try settings.row("database.url").source
            == .secretFile(path: path, variable: "DATABASE_URL_FILE"))
      }
    }
  }

  @Test func `in a file of its own comes before the file of settings`() throws {
    try SettingsFolder.with { folder in
      let own = try folder.file(url, name: "url")
      let path = try folder.file(#"{"database":{"url":"host=other"}}"#)
      let settings = try SettingsSources(
        environment: ["DATABASE_URL_FILE": own, "CATHLOG_CONFIG": path]
      ).resolve()
      #expect(settings.values.databaseURL?.revealed == url)
    }
  }

  @Test(arguments: ["", "\n", "nonsense", "one\ntwo"])
  func `in a file of its own must be one`(_ text: String) throws {
    try SettingsFolder.with { folder in
      let path = try folder.file(text, name: "url")
      let error = #expect(throws: SettingsError.self) {
        try SettingsSources(environment: ["DATABASE_URL_FILE": path]).resolve()
      }
      #expect(
        error?.description.hasPrefix("database.url (file \(path) (DATABASE_URL_FILE)) must be")
          == true)
    }
  }

  @Test func `whose file is not there is told by the variable's name`() throws {
    let error = #expect(throws: SettingsError.self) {
      try SettingsSources(environment: ["DATABASE_URL_FILE": "/nonexistent"]).resolve()
    }
    #expect(
      error
        == .unreadable(file: "/nonexistent", .environment("DATABASE_URL_FILE")))
  }

  @Test(arguments: [(0o600, true), (0o640, true), (0o644, false), (0o604, false)])
  func `may stand in a file of settings that not everybody can read`(
    _ mode: Int, _ isAllowed: Bool
  ) throws {
    try SettingsFolder.with { folder in
      let path = try folder.file(#"{"database":{"url":"\#(url)"}}"#, mode: mode)
      let sources = SettingsSources(flags: [.config: path], environment: [:])
      if isAllowed {
        #expect(try sources.resolve().values.databaseURL?.revealed == url)
      } else {
        #expect(throws: SettingsError.exposed(key: "database.url", file: path)) {
          try sources.resolve()
        }
      }
    }
  }

  @Test func `is set in one way`() throws {
    #expect(throws: SettingsError.conflict("DATABASE_URL", "DATABASE_URL_FILE")) {
      try SettingsSources(environment: ["DATABASE_URL": url, "DATABASE_URL_FILE": "/x"]).resolve()
    }
    let error = #expect(throws: SettingsError.self) {
      try SettingsSources(
        environment: ["CATHLOG_MASTER_KEY": key, "CATHLOG_MASTER_KEY_FILE": "/x"]
      ).resolve()
    }
    #expect(error?.code == "settings-conflict")
  }
}
