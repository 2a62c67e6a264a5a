import Exchange
import HTTPTypes
import Procedures
import Projectors
import TestDatabase
import Testing

@testable import API

extension Lab {
  /// Records and signs a case of two veins, and waits until its charges are in the ledger.
  @discardableResult
  func charge(_ asker: Asker, images: [JSON]? = nil) async throws -> String {
    let physician = try await token(.physician, person: "dr-114")
    let caseID = Steps.id()
    let veins = [
      Steps.image("common-iliac-vein", "left"), Steps.image("external-iliac-vein", "left"),
    ]
    let events: [JSON] =
      [Steps.opening(account: "acct-77", encounter: "enc-78")] + (images ?? veins) + [
        Steps.coding(),
        Steps.event(
          "interpretation-documented", ["vessels": [], "report": "patent", "physician": "dr-114"]),
        Steps.signing(),
      ]
    let answer = try await asker.post("/v1/cases/\(caseID)/events", physician, .array(events))
    try #require(answer.status == 201)
    try await settle()
    return caseID
  }

  /// Waits until all that is recorded is projected, and so posted.
  func settle() async throws {
    let end = try await TestDatabase.psql("SELECT position FROM log.head", on: url)
    try await runner.waitUntilApplied(
      position: try #require(Int64(end)), in: facility, timeout: .seconds(60))
  }

  /// Puts so many entries into the ledger, of five cases in turn; one may be damaged.
  func enter(_ count: Int, damaged: Int = 0) async throws {
    try await TestDatabase.psql(
      """
      SET ROLE cathlog_writer;
      INSERT INTO ledger.epoch VALUES ('general', 1, 'bbbb', 1, now(), NULL, NULL)
      ON CONFLICT DO NOTHING;
      INSERT INTO ledger.entry
      SELECT 'general', n, 'bbbb', NULL,
        ('00000000-0000-4000-8000-00000000000' || n % 5)::uuid, 3, 1, '2026-03-02T10:00:00Z',
        '2026-03-02T10:00:01Z', '2026-03-02', '37252', 1, '2026.1', 'sha256:00', 'named-vessel',
        CASE n WHEN \(damaged) THEN '{}' ELSE
        '{"serviceDate":"2026-03-02","setting":"office","department":null,"room":"Lab 2",'
        || '"operator":"dr-114","npi":null,"payer":null,"patient":null,"diagnoses":["I87.1"],'
        || '"code":"37252","units":1,"modifiers":[],"claims":["professional"],"counted":[]}' END
      FROM generate_series(1, \(count)) AS n;
      INSERT INTO ledger.head VALUES ('general', 1, \(count))
      ON CONFLICT (facility) DO UPDATE SET last_number = \(count);
      """, on: url)
  }
}

extension Steps {
  static func opening(account: String, encounter: String) -> JSON {
    event(
      "case-opened",
      [
        "facility": "general", "room": "Lab 2", "serviceDate": "2026-03-02", "timeZone": "UTC",
        "setting": "hospital-outpatient", "operator": "dr-114", "patient": .string("pt-\(id())"),
        "account": .string(account), "encounter": .string(encounter),
      ], at: "2026-03-02T08:00:00Z")
  }
}

extension Asker.Answer {
  /// The address of the next page.
  var next: String? {
    headers[HTTPField.Name.link].map { String($0.dropFirst().prefix { $0 != ">" }) }
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}
