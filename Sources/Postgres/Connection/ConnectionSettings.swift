/// Where a server is and how a connection to it behaves.
public struct ConnectionSettings: Sendable {
  /// A libpq URI or `key=value` string; it may hold a password, so it is not shown.
  let url: String
  /// What the server shows in `pg_stat_activity`, unless the URL names another.
  public var applicationName = "cathlog"
  /// How long one statement may take before the server ends it, unless the URL's options say so;
  /// zero is without limit.
  public var statementTimeout = Duration.seconds(30)
  /// How long the attempt to reach one host may take, unless the URL says so itself.
  public var connectTimeout = Duration.seconds(5)
  /// The role that the session takes on at its start.
  public var role: String?
  /// How many prepared statements a connection keeps.
  public var statementCacheCapacity = 256
  /// Called on the connection's thread with each warning or notice; without it they are dropped.
  public var onNotice: (@Sendable (Notice) -> Void)?

  /// Takes a libpq URI or `key=value` string, of one host or several.
  public init(url: String) {
    self.url = url
  }
}

extension ConnectionSettings {
  /// How long unanswered data or probes are waited for before a connection counts as lost.
  private static let networkDefaults = [
    "keepalives": "1", "keepalives_idle": "10", "keepalives_interval": "5",
    "keepalives_count": "3", "tcp_user_timeout": "20000",
  ]

  /// What is passed to libpq for each host in turn, in the order in which they are tried.
  func attempts() throws(PostgresError) -> [ConnectionTarget] {
    var target = try ConnectionTarget(parsing: url)
    target.values.merge(Self.networkDefaults) { given, _ in given }
    target.values["client_encoding"] = "UTF8"
    target.values["fallback_application_name"] = applicationName
    target.values["options"] = startupOptions(after: target.values["options"])
    guard !target.values.values.contains(where: { $0.utf8.contains(0) }) else {
      throw PostgresError(.connectionFailed, "a connection setting holds a NUL character")
    }
    return target.oneHostEach()
  }

  /// The options that the server reads at the start of the session; the last one of a name holds.
  private func startupOptions(after given: String?) -> String {
    var options = given.map { [$0] } ?? []
    if given?.contains("statement_timeout") != true {
      options.append("-c statement_timeout=\(statementTimeout.wholeMilliseconds)")
    }
    if let role { options.append("-c role=\(Self.escaped(role))") }
    return options.joined(separator: " ")
  }

  /// Space and backslash end an option unless a backslash stands before them.
  private static func escaped(_ value: String) -> String {
    value.reduce(into: "") { text, character in
      if character == "\\" || character.isWhitespace { text.append("\\") }
      text.append(character)
    }
  }
}

extension ConnectionSettings: CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// The hosts, the database and the user; never the password.
  public var description: String {
    let target = try? ConnectionTarget(parsing: url)
    let shown = ["host", "hostaddr", "port", "dbname", "user"].compactMap { key in
      target?.values[key].map { "\(key)=\($0)" }
    }
    return "ConnectionSettings(\(shown.joined(separator: " ")))"
  }

  /// The same as `description`.
  public var debugDescription: String { description }

  /// A mirror without the URL.
  public var customMirror: Mirror { Mirror(self, children: ["settings": description]) }
}

extension Duration {
  /// Rounded up, so that a short time never becomes "without limit".
  var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    guard !overflow else { return seconds < 0 ? 0 : Int64(Int32.max) }
    let rounded = scaled + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return min(max(rounded, 0), Int64(Int32.max))
  }
}
