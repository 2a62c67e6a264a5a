import Foundation
import Postgres
import SystemPackage
import Testing

@testable import LocalPostgres

@Suite struct `What is found of a folder` {
  private static func facts(_ change: (inout FolderFacts) -> Void = { _ in }) -> FolderFacts {
    var facts = FolderFacts(path: "/srv/cathlog", account: "postgres")
    facts.presence = .there(owner: "postgres", permissions: 0o700)
    facts.freeMebibytes = 50_000
    facts.dataVersion = 15
    facts.hasPassword = true
    facts.controlData = ControlData("Database cluster state:   shut down\n")
    facts.socketPath = "/srv/cathlog/socket/.s.PGSQL.5432"
    change(&facts)
    return facts
  }

  private func verdicts(_ facts: FolderFacts) -> [String: Diagnosis.Verdict] {
    facts.diagnoses.filter { $0.verdict != .ok }.reduce(into: [:]) { $0[$1.code] = $1.verdict }
  }

  private static let table: [(FolderFacts, [String: Diagnosis.Verdict])] = [
    (facts(), [:]),
    (FolderFacts(path: "/x", account: "postgres", freeMebibytes: 9000), [:]),
    (facts { $0.presence = .notAFolder }, ["data-folder": .misconfigured]),
    (facts { $0.presence = .closed(owner: "postgres") }, ["data-folder": .warning]),
    (
      facts { $0.presence = .there(owner: "nobody", permissions: 0o700) },
      ["data-folder": .unavailable]
    ),
    (
      facts { $0.presence = .there(owner: "postgres", permissions: 0o755) },
      ["data-folder": .warning]
    ),
    (facts { $0.closedFolder = "/srv" }, ["data-folder-reach": .unavailable]),
    (facts { $0.freeMebibytes = 15 }, ["disk-room": .unavailable]),
    (facts { $0.freeMebibytes = 100 }, ["disk-room": .warning]),
    (facts { $0.freeMebibytes = nil }, ["disk-room": .warning]),
    (
      facts {
        $0.dataVersion = nil
        $0.hasPassword = false
        $0.freeMebibytes = 127
      }, ["disk-room": .unavailable]
    ),
    (facts { $0.hasUnreadableData = true }, ["data": .misconfigured]),
    (facts { $0.ownerOfData = "root" }, ["data": .unavailable]),
    (facts { $0.hasPassword = false }, ["database-password": .misconfigured]),
    (facts { $0.activity = .serving(service: 7, server: 8) }, [:]),
    (facts { $0.activity = .held(by: 7) }, ["server-state": .warning]),
    (facts { $0.activity = .orphan(server: 8) }, ["server-state": .warning]),
    (facts { $0.activity = .foreignListener(9) }, ["server-state": .unavailable]),
    (facts { $0.controlData = nil }, ["server-state": .warning]),
    (
      facts { $0.controlData = ControlData("Database cluster state:  in production\n") },
      ["server-state": .warning]
    ),
  ]

  @Test(arguments: table.indices)
  func `each fact has its verdict`(row: Int) {
    let (facts, expected) = Self.table[row]
    #expect(verdicts(facts) == expected)
    for diagnosis in facts.diagnoses where diagnosis.verdict != .ok {
      #expect(diagnosis.remedy != nil, "\(diagnosis.code)")
    }
  }

  @Test func `is read from a real one, while it runs and after`() async throws {
    let folder = try TemporaryFolder()
    let before = await FolderExamination(folder.configuration)
    #expect(before.diagnoses.allSatisfy { $0.verdict != .misconfigured })
    #expect(before.serviceProcess == nil)
    #expect(access(folder.path.appending("server").string, F_OK) != 0)
    let configuration = folder.configuration
    try await LocalServer.withServer(configuration) { _ in
      let during = await FolderExamination(configuration)
      #expect(during.serviceProcess == getpid())
      #expect(during.diagnoses.contains { $0.finding.hasPrefix("runs (process") })
    }
    let after = await FolderExamination(configuration)
    #expect(after.diagnoses.contains { $0.finding == "is stopped, in order" })
    #expect(after.diagnoses.contains { $0.finding == "of PostgreSQL 15, with checksums" })
  }
}
