import Settings
import Testing

@Suite struct `The table of settings` {
  @Test func `names each setting, variable and option once`() {
    let table = Setting.table
    #expect(Set(table.map(\.key)).count == table.count)
    let variables = table.map(\.variable) + table.compactMap(\.fileVariable)
    #expect(Set(variables).count == variables.count)
    #expect(
      table.compactMap(\.flag).map(\.rawValue).sorted()
        == Setting.Flag.allCases.map(\.rawValue).sorted())
  }

  @Test func `has a sentence of meaning, and bounds, for each`() {
    for setting in Setting.table {
      #expect(setting.meaning.hasSuffix(".") && setting.meaning.count < 90, "\(setting.key)")
      #expect(!setting.allowed.isEmpty && !setting.defaultText.isEmpty, "\(setting.key)")
    }
  }

  @Test func `names variables after the setting, but for those that are older or everybody's`() {
    let given = [
      "database.url": "DATABASE_URL", "database.folder": "CATHLOG_DATA_DIR",
      "masterKey.value": "CATHLOG_MASTER_KEY", "http.host": "CATHLOG_HOST",
      "http.port": "CATHLOG_PORT",
    ]
    for setting in Setting.table {
      let words = setting.key.reduce(into: "") { text, letter in
        text += letter == "." ? "_" : letter.isUppercase ? "_\(letter)" : letter.uppercased()
      }
      #expect(setting.variable == given[setting.key] ?? "CATHLOG_\(words)")
    }
  }

  @Test func `is what help says of an option`() {
    #expect(
      Setting.help(of: .port)
        == "The port to listen on; 0 is any free one. A whole number from 0 to 65535; "
        + "default 8080 (CATHLOG_PORT).")
    #expect(Setting.words(of: .logFormat) == ["auto", "json", "text"])
    #expect(Setting.words(of: .port) == [])
  }

  @Test(arguments: [
    ("CATHLOG_MASTER_KEY_FLIE", "CATHLOG_MASTER_KEY_FILE"), ("CATHLOG_PROT", "CATHLOG_PORT"),
    ("CATHLOG_DATABASE_URL", "CATHLOG_DATA_DIR"), ("CATHLOG_SERVICE_HOST", "CATHLOG_HOST"),
  ])
  func `warns of a variable that is named like a setting and is none`(
    _ name: String, _ nearest: String
  ) throws {
    let settings = try SettingsSources(environment: [name: "hidden", "PATH": "/bin"]).resolve()
    #expect(settings.warnings.count == 1)
    #expect(settings.warnings[0].hasPrefix("\(name) in the environment is no setting"))
    #expect(!settings.warnings[0].contains("hidden"))
    if name != "CATHLOG_DATABASE_URL", name != "CATHLOG_SERVICE_HOST" {
      #expect(settings.warnings[0].hasSuffix(nearest))
    }
  }
}
