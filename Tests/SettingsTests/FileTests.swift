import API
import Logging
import Settings
import Testing

/// What stands in a file, and the error that it meets.
private struct Row: Sendable, CustomTestStringConvertible {
  let text: String
  let error: String

  init(_ text: String, _ error: String) {
    self.text = text
    self.error = error
  }

  var testDescription: String { text }
}

private let rows = [
  Row(#"{"http":{"prot":80}}"#, "http.prot in FILE is no setting; the nearest is http.port."),
  Row(#"{"htp":{}}"#, "htp in FILE is no setting; the nearest is http.host."),
  Row(#"{"http":80}"#, "http in FILE is no setting; the nearest is http.host."),
  Row(#"{"http.prot":80}"#, "http.prot in FILE is no setting; the nearest is http.port."),
  Row(#"{"http.port":80,"http":{"port":80}}"#, "http.port stands in it twice"),
  Row(#"{"http":{"port":{"number":80}}}"#, "http.port (file FILE) must be a whole number"),
  Row(#"{"http":{"port":true}}"#, "http.port (file FILE) must be a whole number from 0 to 65535."),
  Row(#"{"http":{"port":null}}"#, "http.port (file FILE) must be a whole number from 0 to 65535."),
  Row(#"{"http":{"port":8.5}}"#, "http.port (file FILE) must be a whole number from 0 to 65535."),
  Row(#"{"http":{"port":[80]}}"#, "http.port (file FILE) must be a whole number from 0 to 65535."),
  Row(
    #"{"http":{"host":80}}"#,
    "http.host (file FILE) must be a host name or address, without a port."),
  Row(
    #"{"log":{"level":"loud"}}"#,
    "log.level (file FILE) must be one of trace, debug, info, notice, warning, error, critical."),
  Row(#"{"config":"/tmp/other.json"}"#, "config in FILE is no setting"),
  Row(#"{"http":{"port":80,"port":81}}"#, "FILE is not a JSON object of settings"),
  Row("", "FILE is not a JSON object of settings"), Row("[]", "a list instead of an object"),
  Row("7", "a number instead of an object"), Row("{", "FILE is not a JSON object of settings"),
  Row("{} {}", "FILE is not a JSON object of settings"),
  Row(#"{"a":{"b":{"c":{"d":{}}}}}"#, "FILE is not a JSON object of settings"),
]

@Suite struct `A file of settings` {
  @Test func `sets what stands in it, numbers as numbers and texts as texts`() throws {
    try SettingsFolder.with { folder in
      let path = try folder.file(
        """
        {"http": {"port": 8443, "host": "0.0.0.0", "idleTimeout": "2m", "bodySize": 4096},
         "database": {}, "log.level": "notice"}
        """)
      let settings = try SettingsSources(flags: [.config: path], environment: [:]).resolve()
      #expect(settings.values.port == 8443)
      #expect(settings.values.host == "0.0.0.0")
      #expect(settings.values.http.idleTimeout == .seconds(120))
      #expect(settings.values.http.bodyBytes == 4_096)
      #expect(settings.values.logLevel == .notice)
      #expect(settings.rows.count { $0.source == .file(path) } == 5)
      #expect(settings.warnings == [])
    }
  }

  @Test(arguments: rows)
  private func `is refused with what is wrong in it`(_ row: Row) throws {
    try SettingsFolder.with { folder in
      let path = try folder.file(row.text)
      let error = #expect(throws: SettingsError.self) {
        try SettingsSources(environment: ["CATHLOG_CONFIG": path]).resolve()
      }
      let sentence = try #require(error).description.replacing(path, with: "FILE")
      #expect(sentence.contains(row.error))
      #expect(error?.isUsage == false)
    }
  }

  @Test func `that cannot be read is named with what names it`() throws {
    try SettingsFolder.with { folder in
      let missing = "/nonexistent/settings.json"
      let large = try folder.file(Array(repeating: UInt8(0x20), count: (1 << 16) + 1))
      for path in [missing, large, "/"] {
        let error = #expect(throws: SettingsError.self) {
          try SettingsSources(flags: [.config: path], environment: [:]).resolve()
        }
        #expect(error?.code == "settings-unreadable")
        #expect(error?.description.contains("\(path) (flag --config)") == true)
      }
    }
  }

  @Test func `with bytes that are no UTF-8 is no file of settings`() throws {
    try SettingsFolder.with { folder in
      let path = try folder.file([0x7B, 0xC3, 0x28, 0x7D])
      let error = #expect(throws: SettingsError.self) {
        try SettingsSources(flags: [.config: path], environment: [:]).resolve()
      }
      #expect(error?.code == "settings-malformed")
    }
  }
}
