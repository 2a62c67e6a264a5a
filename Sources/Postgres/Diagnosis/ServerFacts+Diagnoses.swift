extension ServerFacts {
  /// The oldest server that the log can be kept in, as `server_version_num`.
  public static let oldestVersionNumber = 150_000

  /// Whether the server is too old.
  public var isTooOld: Bool { versionNumber < Self.oldestVersionNumber }

  /// Whether a commit that was answered is kept.
  public var durability: Durability {
    Durability(settings: settings, synchronousStandbyCount: synchronousStandbyCount)
  }

  /// What they mean for a log that must not lose what it has answered.
  ///
  /// - Parameter connectionsNeeded: how many connections a service opens at most.
  /// - Returns: a finding for each thing, whether or not it is as it should be.
  public func diagnoses(connectionsNeeded: Int) -> [Diagnosis] {
    [
      version, mode, encoding,
      durable("fsync", "after a power failure the whole database may be lost"),
      durable("full_page_writes", "a page that was half written at a power failure stays so"),
      synchronousCommit, standbys, checksums, walSyncMethod, walLevel,
      harmless("zero_damaged_pages", "damaged pages are emptied silently"),
      harmless("ignore_checksum_failure", "damaged pages are read as if they were whole"),
      clock, timeZones, statementTimeout, connections(needed: connectionsNeeded),
    ]
  }

  private func setting(_ name: String) -> String { settings[name] ?? "" }

  private var version: Diagnosis {
    let number = "\(versionNumber / 10_000).\(versionNumber % 10_000)"
    return isTooOld
      ? Diagnosis(
        "server-version", "server version", .misconfigured, "PostgreSQL \(number)",
        remedy: "Move the database to PostgreSQL 15 or newer.")
      : Diagnosis("server-version", "server version", .ok, "PostgreSQL \(number)")
  }

  private var mode: Diagnosis {
    if isStandby {
      return Diagnosis(
        "server-mode", "server takes writes", .misconfigured, "no: it is a standby",
        remedy: "Name the primary, or all hosts with target_session_attrs=read-write.")
    }
    if setting("default_transaction_read_only") == "on" {
      return Diagnosis(
        "server-mode", "server takes writes", .misconfigured,
        "no: default_transaction_read_only is on",
        remedy: "Set it to off for the server, the database and the role.")
    }
    return Diagnosis("server-mode", "server takes writes", .ok, "yes: it is no standby")
  }

  private var encoding: Diagnosis {
    let encoding = setting("server_encoding")
    return encoding == "UTF8"
      ? Diagnosis("encoding", "encoding", .ok, encoding)
      : Diagnosis(
        "encoding", "encoding", .misconfigured, encoding,
        remedy: "Make the database anew with ENCODING 'UTF8'.")
  }

  private func durable(_ name: String, _ danger: String) -> Diagnosis {
    let value = setting(name)
    let code = name.replacing("_", with: "-")
    return value == "on"
      ? Diagnosis(code, name, .ok, "on")
      : Diagnosis(
        code, name, .misconfigured, "\(value): \(danger)",
        remedy: "ALTER SYSTEM SET \(name) = on; SELECT pg_reload_conf();")
  }

  private var synchronousCommit: Diagnosis {
    let value = setting("synchronous_commit")
    let verdict: Diagnosis.Verdict
    let finding: String
    switch value {
    case "off":
      verdict = .misconfigured
      finding = "off: what was answered in the last moments before a crash is lost"
    case "local" where !setting("synchronous_standby_names").isEmpty:
      verdict = .warning
      finding = "local: what was answered may be missing on the standby after a failover"
    default: return Diagnosis("synchronous-commit", "synchronous_commit", .ok, value)
    }
    return Diagnosis(
      "synchronous-commit", "synchronous_commit", verdict, finding,
      remedy: "Set it to on for the server, the database and the role.")
  }

  private var standbys: Diagnosis {
    let names = setting("synchronous_standby_names")
    let subject = "synchronous standby"
    if names.isEmpty { return Diagnosis("synchronous-standby", subject, .ok, "none asked for") }
    if durability.waitsForAbsentStandby {
      return Diagnosis(
        "synchronous-standby", subject, .unavailable,
        "\(names) is asked for and none is connected: every commit waits for it",
        remedy: "Connect the standby, or empty synchronous_standby_names and reload.")
    }
    guard let count = synchronousStandbyCount else {
      return Diagnosis(
        "synchronous-standby", subject, .warning,
        "\(names) is asked for; this role may not see whether it is connected",
        remedy: "Look as a member of pg_monitor.")
    }
    return Diagnosis("synchronous-standby", subject, .ok, "\(count) connected for \(names)")
  }

  private var checksums: Diagnosis {
    setting("data_checksums") == "on"
      ? Diagnosis("data-checksums", "data_checksums", .ok, "on")
      : Diagnosis(
        "data-checksums", "data_checksums", .warning, "off: a disk's fault stays unseen",
        remedy: "Stop the server and run pg_checksums --enable.")
  }

  private var walSyncMethod: Diagnosis {
    let value = setting("wal_sync_method")
    let flushing = ["fdatasync", "fsync", "fsync_writethrough", "open_datasync", "open_sync"]
    return flushing.contains(value)
      ? Diagnosis("wal-sync-method", "wal_sync_method", .ok, value)
      : Diagnosis(
        "wal-sync-method", "wal_sync_method", .warning, "\(value): not known to reach the disk",
        remedy: "Set it to fdatasync.")
  }

  private var walLevel: Diagnosis {
    let value = setting("wal_level")
    return value == "minimal"
      ? Diagnosis(
        "wal-level", "wal_level", .warning, "minimal: no standby and no continuous backup",
        remedy: "ALTER SYSTEM SET wal_level = replica; then restart the server.")
      : Diagnosis("wal-level", "wal_level", .ok, value)
  }

  private func harmless(_ name: String, _ danger: String) -> Diagnosis {
    let code = name.replacing("_", with: "-")
    return setting(name) == "off"
      ? Diagnosis(code, name, .ok, "off")
      : Diagnosis(
        code, name, .misconfigured, "\(setting(name)): \(danger)",
        remedy: "ALTER SYSTEM RESET \(name); SELECT pg_reload_conf();")
  }

  private var clock: Diagnosis {
    let distance = clockLead < .zero ? Duration.zero - clockLead : clockLead
    let milliseconds = Int(distance / .milliseconds(1))
    let finding =
      "the server's is \(milliseconds) ms \(clockLead < .zero ? "behind" : "ahead of") this machine's"
    let verdict: Diagnosis.Verdict =
      distance <= .seconds(5) ? .ok : distance <= .seconds(300) ? .warning : .misconfigured
    return Diagnosis(
      "clock", "clocks", verdict, finding,
      remedy: verdict == .ok ? nil : "Set both machines' clocks by NTP.")
  }

  private var timeZones: Diagnosis {
    knowsTimeZones
      ? Diagnosis("time-zones", "time zones", .ok, "known to the server")
      : Diagnosis(
        "time-zones", "time zones", .misconfigured, "the server does not know America/New_York",
        remedy: "Install tzdata beside the server.")
  }

  private var statementTimeout: Diagnosis {
    let milliseconds = Int(setting("statement_timeout")) ?? 0
    if (1..<5000).contains(milliseconds) {
      return Diagnosis(
        "statement-timeout", "statement_timeout", .warning,
        "\(milliseconds) ms: a large batch or a replay may be cut off",
        remedy: "Leave it out of DATABASE_URL's options, or give 5 s or more.")
    }
    return Diagnosis(
      "statement-timeout", "statement_timeout", .ok,
      milliseconds == 0 ? "none" : "\(milliseconds) ms")
  }

  private func connections(needed: Int) -> Diagnosis {
    let most = Int(setting("max_connections")) ?? 0
    let reserved = Int(setting("superuser_reserved_connections")) ?? 0
    let left = most - reserved - connectionCount
    let finding = "\(connectionCount) of \(most) are in use; a service takes up to \(needed)"
    if most - reserved < needed {
      return Diagnosis(
        "max-connections", "max_connections", .misconfigured, finding,
        remedy: "Raise max_connections and restart the server.")
    }
    return left < needed
      ? Diagnosis(
        "max-connections", "max_connections", .warning, finding,
        remedy: "Raise max_connections, or close what is not needed.")
      : Diagnosis("max-connections", "max_connections", .ok, finding)
  }
}
