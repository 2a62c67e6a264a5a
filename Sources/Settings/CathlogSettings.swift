public import API
public import Exchange
public import Logging
public import Postgres
public import Projectors
public import Store

/// What an operator can set, begun with the defaults.
///
/// A value of another part keeps that part's own default; what is set where, and within which bounds,
/// stands in ``Setting/table``.
public struct CathlogSettings: Sendable {
  /// The file that the other settings may stand in.
  public var configurationFile: String?
  /// The database of the site's own; nil where Cathlog runs one itself.
  public var databaseURL: Secret?
  /// The folder of the database that Cathlog runs itself; nil is the account's own.
  public var dataFolder: String?
  /// The key that wraps patients' keys, in base64.
  public var masterKey: Secret?
  /// The file of such keys.
  public var masterKeyFile: String?
  /// The connections to the database.
  public var pool: PoolSettings
  /// Whether a database that may lose what it has committed is served.
  public var durability = DurabilityRule.required
  /// How long one statement may take.
  public var statementTimeout = ConnectionSettings(url: "").statementTimeout
  /// The address to listen on.
  public var host = "127.0.0.1"
  /// The port to listen on; 0 is any free one.
  public var port = 8080
  /// What the HTTP interface takes at once.
  public var http = APIConfiguration.Limits()
  /// What HL7 messages call a credit.
  public var creditCode = CreditCode.credit
  /// How long the service may take to finish what is under way once it is told to end.
  public var shutdownTimeLimit = Duration.seconds(30)
  /// How log lines are written.
  public var logFormat = LogFormat.auto
  /// Which log lines are written.
  public var logLevel = Logger.Level.info
  /// What the appender takes on.
  public var appender = AppenderLimits()
  /// How the projectors read and wait.
  public var projectors = ProjectorSettings()

  /// The defaults.
  public init() {
    pool = PoolSettings()
    pool.maximumConnectionCount = 8
  }
}

/// Whether a database that may lose what it has committed is served.
public enum DurabilityRule: String, CaseIterable, Sendable {
  /// It is refused.
  case required
  /// It is served, as for a rehearsal whose data nobody needs.
  case waived
}

/// How log lines are written.
public enum LogFormat: String, CaseIterable, Sendable {
  /// As text on a terminal, else as JSON.
  case auto
  /// One JSON object a line.
  case json
  /// For a person who looks on.
  case text
}
