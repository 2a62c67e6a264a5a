import Procedures
import Settings
import Store
import Testing

/// A setting with texts that it takes, no two alike when shown, and texts that it refuses.
struct Sample: Sendable, CustomTestStringConvertible {
  let key: String
  let good: [String]
  let bad: [String]

  init(_ key: String, good: String..., bad: String...) {
    self.key = key
    self.good = good
    self.bad = bad
  }

  var testDescription: String { key }

  var setting: Setting {
    get throws { try #require(Setting.table.first { $0.key == key }) }
  }

  static let keys = (0..<4).map { _ in MasterKey.random().base64 }

  static let all = [
    Sample(
      "config", good: "/tmp/a.json", "/tmp/b.json", "c.json", "d",
      bad: "a\nb", String(repeating: "d", count: 4_096)),
    Sample(
      "database.url", good: "postgresql://one@host/db", "postgres://two@host", "host=/run user=me",
      "dbname=four", bad: "mysql://host/db", "localhost", "http://user=me", "postgresql://a\nb",
      "host=" + String(repeating: "h", count: 4_092)),
    Sample("database.folder", good: "/var/a", "b", "./c", "/d e", bad: "a\u{1}b"),
    Sample(
      "database.connections", good: "2", "8", "16", "500",
      bad: "1", "501", "-8", "+8", "8.0", "eight", " 8", "8 ", "0x10", "８",
      "99999999999999999999"),
    Sample(
      "database.connectionWait", good: "100ms", "1s", "2m", "5m",
      bad: "99ms", "6m", "10", "s", "1 s", "-1s", "1.5s", "1d", "0s", "9999999999999999999s"),
    Sample(
      "database.statementTimeout", good: "1s", "30s", "10m", "1h", bad: "0s", "999ms", "2h", "30"),
    Sample(
      "database.durability", good: "waived", "required", "waived", "required",
      bad: "off", "none", "Required"),
    Sample(
      "masterKey.value", good: keys[0], keys[1], keys[2], keys[3],
      bad: "AAAA", "secret", String(keys[0].dropLast()), keys[0] + "=",
      String(repeating: "!", count: 44)),
    Sample(
      "masterKey.file", good: "/run/secrets/a", "b", "/c", "/d",
      // The key itself, which would then be shown as a path.
      bad: keys[0], "a\u{0}b"),
    Sample(
      "http.host", good: "0.0.0.0", "::", "lab.example", "::1",
      bad: "http://lab", "a b", "lab/", "läb", String(repeating: "a", count: 254)),
    Sample(
      "http.port", good: "0", "1", "8080", "65535",
      bad: "65536", "-1", "http", "80 80", "tcp://10.0.0.1:8080"),
    Sample("http.connections", good: "1", "2", "3", "100000", bad: "0", "100001", "many"),
    Sample("http.streams", good: "1", "2", "3", "100000", bad: "0", "100001", "many"),
    Sample(
      "http.bodySize", good: "1025", "2KiB", "3MiB", "64MiB",
      bad: "1023", "65MiB", "1MB", "1 MiB", "KiB", "1.5MiB", "999999999999999999GiB", "-1KiB"),
    Sample("http.eventsPerRequest", good: "1", "2", "3", "2000", bad: "0", "2001", "all"),
    Sample(
      "http.requestsPerSecond", good: "0", "1", "2", "1000000", bad: "-1", "1000001", "none"),
    Sample(
      "http.wrongCredentialsPerMinute", good: "0", "1", "2", "1000000",
      bad: "-1", "1000001", "none"),
    Sample("http.requestTimeout", good: "1s", "2s", "3s", "10m", bad: "999ms", "11m", "never"),
    Sample("http.idleTimeout", good: "1s", "2s", "3s", "1h", bad: "0s", "61m", "never"),
    Sample("http.heartbeat", good: "1s", "2s", "3s", "5m", bad: "0s", "301s", "never"),
    Sample("http.readyStaleness", good: "1s", "2s", "3s", "1h", bad: "0s", "2h", "never"),
    Sample(
      "billing.creditCode", good: "CR", "C", "X1", "ABCDEFGH", bad: "CG", "cd", "ABCDEFGHI", "C D"),
    Sample("shutdown.timeLimit", good: "1s", "2s", "3s", "1h", bad: "0s", "2h", "never", "30"),
    Sample("log.format", good: "json", "text", "auto", "json", bad: "JSON", "xml", "tex"),
    Sample("log.level", good: "debug", "trace", "error", "critical", bad: "warn", "DEBUG", "loud"),
    Sample(
      "appender.queuedEvents", good: "2000", "2001", "2002", "1000000",
      bad: "1999", "1000001", "none"),
    Sample("appender.queuedSize", good: "4MiB", "5MiB", "6MiB", "4GiB", bad: "1MiB", "5GiB", "4"),
    Sample("appender.cachedCases", good: "1", "2", "3", "1000000", bad: "0", "1000001", "all"),
    Sample("projectors.batchEvents", good: "1", "2", "3", "10000", bad: "0", "10001", "all"),
    Sample("projectors.batchCases", good: "1", "2", "3", "10000", bad: "0", "10001", "all"),
    Sample("projectors.cachedEntries", good: "0", "1", "2", "10000000", bad: "10000001", "all"),
    Sample("projectors.pollInterval", good: "10ms", "1s", "2s", "1m", bad: "9ms", "61s", "1"),
  ]
}

extension ResolvedSettings {
  /// The row of a setting.
  func row(_ key: String) throws -> Row { try #require(rows.first { $0.setting.key == key }) }
}
