import Testing

@testable import Postgres

@Suite struct `What is found of a server` {
  private static let sound = ServerFacts(
    settings: [
      "data_checksums": "on", "default_transaction_read_only": "off", "fsync": "on",
      "full_page_writes": "on", "ignore_checksum_failure": "off", "max_connections": "100",
      "server_encoding": "UTF8", "statement_timeout": "30000",
      "superuser_reserved_connections": "3", "synchronous_commit": "on",
      "synchronous_standby_names": "", "wal_level": "replica", "wal_sync_method": "fdatasync",
      "zero_damaged_pages": "off",
    ], versionNumber: 150_004, connectionCount: 5, synchronousStandbyCount: 0, isStandby: false,
    knowsTimeZones: true, clockLead: .milliseconds(3))

  private func verdicts(
    _ change: (inout ServerFacts) -> Void
  ) -> [String: Diagnosis.Verdict] {
    var facts = Self.sound
    change(&facts)
    var verdicts: [String: Diagnosis.Verdict] = [:]
    for diagnosis in facts.diagnoses(connectionsNeeded: 10) where diagnosis.verdict != .ok {
      verdicts[diagnosis.code] = diagnosis.verdict
      #expect(diagnosis.remedy != nil, "\(diagnosis.code)")
    }
    return verdicts
  }

  @Test func `nothing where all is in order`() {
    #expect(verdicts { _ in } == [:])
    #expect(Self.sound.diagnoses(connectionsNeeded: 10).count == 16)
  }

  @Test(
    arguments: [
      ("fsync", "off", "fsync", .misconfigured),
      ("full_page_writes", "off", "full-page-writes", .misconfigured),
      ("synchronous_commit", "off", "synchronous-commit", .misconfigured),
      ("synchronous_commit", "local", nil, .ok),
      ("synchronous_commit", "remote_apply", nil, .ok),
      ("data_checksums", "off", "data-checksums", .warning),
      ("wal_sync_method", "none", "wal-sync-method", .warning),
      ("wal_sync_method", "open_datasync", nil, .ok),
      ("wal_level", "minimal", "wal-level", .warning),
      ("wal_level", "logical", nil, .ok),
      ("zero_damaged_pages", "on", "zero-damaged-pages", .misconfigured),
      ("ignore_checksum_failure", "on", "ignore-checksum-failure", .misconfigured),
      ("server_encoding", "SQL_ASCII", "encoding", .misconfigured),
      ("default_transaction_read_only", "on", "server-mode", .misconfigured),
      ("statement_timeout", "0", nil, .ok),
      ("statement_timeout", "50", "statement-timeout", .warning),
      ("statement_timeout", "5000", nil, .ok),
      ("max_connections", "17", "max-connections", .warning),
      ("max_connections", "18", nil, .ok),
      ("max_connections", "12", "max-connections", .misconfigured),
      ("synchronous_standby_names", "second", "synchronous-standby", .unavailable),
    ] as [(String, String, String?, Diagnosis.Verdict)])
  func `of each setting`(
    name: String, value: String, code: String?, verdict: Diagnosis.Verdict
  ) {
    let expected = code.map { [$0: verdict] } ?? [:]
    #expect(verdicts { $0.settings[name] = value } == expected)
  }

  @Test(
    arguments: [
      (nil, "on", .warning), (0, "on", .unavailable), (1, "on", .ok), (0, "local", .ok),
      (0, "off", .ok),
    ] as [(Int?, String, Diagnosis.Verdict)])
  func `of a synchronous standby`(count: Int?, commit: String, verdict: Diagnosis.Verdict) {
    let found = verdicts {
      $0.settings["synchronous_standby_names"] = "second"
      $0.settings["synchronous_commit"] = commit
      $0.synchronousStandbyCount = count
    }
    #expect(found["synchronous-standby"] ?? .ok == verdict)
  }

  @Test(
    arguments: [
      (.seconds(5), .ok), (.seconds(-6), .warning), (.seconds(300), .warning),
      (.seconds(-301), .misconfigured),
    ] as [(Duration, Diagnosis.Verdict)])
  func `of the clocks`(lead: Duration, verdict: Diagnosis.Verdict) {
    #expect(verdicts { $0.clockLead = lead }["clock"] ?? .ok == verdict)
  }

  @Test func `of its version, its mode and its time zones`() {
    #expect(verdicts { $0.versionNumber = 140_009 } == ["server-version": .misconfigured])
    #expect(verdicts { $0.isStandby = true } == ["server-mode": .misconfigured])
    #expect(verdicts { $0.knowsTimeZones = false } == ["time-zones": .misconfigured])
  }

  @Test func `is read from a real one, in a transaction that only reads`() async throws {
    let facts = try await withConnection { connection in
      try await connection.transaction(.readOnly) { session throws(PostgresError) in
        try ServerFacts.read(session)
      }
    }
    #expect(Set(facts.settings.keys) == Set(ServerFacts.settingNames))
    #expect(facts.versionNumber >= ServerFacts.oldestVersionNumber)
    #expect(facts.connectionCount >= 1)
    #expect(facts.knowsTimeZones)
    #expect(facts.clockLead < .seconds(60) && facts.clockLead > .seconds(-60))
  }
}
