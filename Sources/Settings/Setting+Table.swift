internal import API
internal import Logging
internal import Postgres
internal import Projectors
internal import Store

extension Setting {
  /// Every setting that there is.
  public static let table: [Setting] = [
    Setting(
      \.configurationFile, "config", "CATHLOG_CONFIG", .path(unset: "none"), flag: .config,
      "A JSON file of settings."),

    // The database.
    Setting(
      \.databaseURL, "database.url", "DATABASE_URL", .databaseURL,
      fileVariable: "DATABASE_URL_FILE", isSecret: true,
      "The PostgreSQL to work on; without one, Cathlog runs its own."),
    Setting(
      \.dataFolder, "database.folder", "CATHLOG_DATA_DIR",
      .path(unset: "/var/lib/cathlog for root, else ~/.local/share/cathlog"), flag: .dataDirectory,
      "The folder of the database of Cathlog's own, when DATABASE_URL names none."),
    Setting(
      \.pool.maximumConnectionCount, "database.connections", "CATHLOG_DATABASE_CONNECTIONS",
      .count(2...500), "Connections to the database at most."),
    Setting(
      \.pool.acquireTimeout, "database.connectionWait", "CATHLOG_DATABASE_CONNECTION_WAIT",
      .time(.milliseconds(100)...(.seconds(300))), "How long work waits for a connection."),
    Setting(
      \.statementTimeout, "database.statementTimeout", "CATHLOG_DATABASE_STATEMENT_TIMEOUT",
      .time(.seconds(1)...(.seconds(3_600))),
      "How long one statement may take, unless the URL's options say so."),

    Setting(
      \.durability, "database.durability", "CATHLOG_DATABASE_DURABILITY", .word,
      "Whether serve refuses a database with fsync, full_page_writes or synchronous_commit off."),

    // What patients' data is sealed with.
    Setting(
      \.masterKey, "masterKey.value", "CATHLOG_MASTER_KEY", .masterKey, isSecret: true,
      "The master key, which wraps the keys of patients' data."),
    Setting(
      \.masterKeyFile, "masterKey.file", "CATHLOG_MASTER_KEY_FILE",
      .path(unset: "master.key in the folder of Cathlog's own database"),
      "A file of master keys, one a line: the first wraps, all unwrap."),

    // HTTP.
    Setting(
      \.host, "http.host", "CATHLOG_HOST", .host, flag: .host, "The address to listen on."),
    Setting(
      \.port, "http.port", "CATHLOG_PORT", .count(0...65_535), flag: .port,
      "The port to listen on; 0 is any free one."),
    Setting(
      \.http.connections, "http.connections", "CATHLOG_HTTP_CONNECTIONS", .count(1...100_000),
      "Connections of callers at once; further ones wait."),
    Setting(
      \.http.streams, "http.streams", "CATHLOG_HTTP_STREAMS", .count(1...100_000),
      "Live streams of events at once; a further one is refused."),
    Setting(
      \.http.bodyBytes, "http.bodySize", "CATHLOG_HTTP_BODY_SIZE", .size(1 << 10...1 << 26),
      "The largest body of a request."),
    Setting(
      \.http.eventsPerRequest, "http.eventsPerRequest", "CATHLOG_HTTP_EVENTS_PER_REQUEST",
      .count(1...2_000), "Events in one request at most."),
    Setting(
      \.http.requestsPerSecond, "http.requestsPerSecond", "CATHLOG_HTTP_REQUESTS_PER_SECOND",
      .count(0...1_000_000), "Requests of one token in a second; 0 is no limit."),
    Setting(
      \.http.wrongCredentialsPerMinute, "http.wrongCredentialsPerMinute",
      "CATHLOG_HTTP_WRONG_CREDENTIALS_PER_MINUTE", .count(0...1_000_000),
      "Wrong access tokens from one address in a minute; 0 is no limit."),
    Setting(
      \.http.requestTimeout, "http.requestTimeout", "CATHLOG_HTTP_REQUEST_TIMEOUT",
      .time(.seconds(1)...(.seconds(600))), "How long a request may take to arrive whole."),
    Setting(
      \.http.idleTimeout, "http.idleTimeout", "CATHLOG_HTTP_IDLE_TIMEOUT",
      .time(.seconds(1)...(.seconds(3_600))), "How long a connection may stand idle."),
    Setting(
      \.http.heartbeat, "http.heartbeat", "CATHLOG_HTTP_HEARTBEAT",
      .time(.seconds(1)...(.seconds(300))), "How often a quiet stream shows that it lives."),
    Setting(
      \.http.staleness, "http.readyStaleness", "CATHLOG_HTTP_READY_STALENESS",
      .time(.seconds(1)...(.seconds(3_600))),
      "How far projection may lie behind while /readyz says ready."),

    // Billing.
    Setting(
      \.creditCode, "billing.creditCode", "CATHLOG_BILLING_CREDIT_CODE", .creditCode,
      "The transaction type by which the receiver of HL7 messages knows a credit."),

    // The service.
    Setting(
      \.shutdownTimeLimit, "shutdown.timeLimit", "CATHLOG_SHUTDOWN_TIME_LIMIT",
      .time(.seconds(1)...(.seconds(3_600))),
      "How long the service may take to end; what is still queued then is refused, not stored."),
    Setting(
      \.logFormat, "log.format", "CATHLOG_LOG_FORMAT", .word, flag: .logFormat,
      "How log lines are written; auto is text on a terminal, else json."),
    Setting(
      \.logLevel, "log.level", "CATHLOG_LOG_LEVEL", .word, flag: .logLevel,
      "Which log lines are written: this level and those above."),

    // The appender.
    Setting(
      \.appender.queuedEvents, "appender.queuedEvents", "CATHLOG_APPENDER_QUEUED_EVENTS",
      .count(2_000...1_000_000), "Events of a facility that may wait for a commit."),
    Setting(
      \.appender.queuedBytes, "appender.queuedSize", "CATHLOG_APPENDER_QUEUED_SIZE",
      .size(1 << 22...1 << 32), "Their payloads' size at most."),
    Setting(
      \.appender.cachedCases, "appender.cachedCases", "CATHLOG_APPENDER_CACHED_CASES",
      .count(1...1_000_000), "Cases of a facility kept in memory."),

    // The projectors.
    Setting(
      \.projectors.batchLimit, "projectors.batchEvents", "CATHLOG_PROJECTORS_BATCH_EVENTS",
      .count(1...10_000), "Events applied in one transaction at most."),
    Setting(
      \.projectors.caseLimit, "projectors.batchCases", "CATHLOG_PROJECTORS_BATCH_CASES",
      .count(1...10_000), "Cases derived at once at most."),
    Setting(
      \.projectors.cachedEntryLimit, "projectors.cachedEntries",
      "CATHLOG_PROJECTORS_CACHED_ENTRIES", .count(0...10_000_000),
      "Entries of cases kept in memory between batches."),
    Setting(
      \.projectors.pollInterval, "projectors.pollInterval", "CATHLOG_PROJECTORS_POLL_INTERVAL",
      .time(.milliseconds(10)...(.seconds(60))), "How soon the log is looked at without a notice."),
  ]
}
