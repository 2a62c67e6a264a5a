import Charges
import Exchange
import Procedures
import Testing

/// Entries made by hand, as the ledger of one facility could hold them.
enum Sample {
  static func charge(_ changes: JSON = [:]) throws -> Charge {
    let json: JSON = [
      "serviceDate": "2026-03-02", "setting": "hospital-outpatient", "department": "Cath Lab",
      "room": "Lab 2", "operator": "dr-114", "npi": "1093817465", "payer": "medicare",
      "patient": "5f8a3c1e-0000-4000-8000-00000000000a",
      "diagnoses": ["I87.1", "I70213"], "code": "37253", "units": 2, "modifiers": ["59", "XS"],
      "claims": ["professional", "facility"],
      "counted": [
        [
          "group": "external-iliac-vein/left",
          "vessels": [["vessel": "external-iliac-vein", "side": "left"]],
          "entries": ["c0ffee00-0001-4000-8000-000000000004"],
        ],
        [
          "group": "inferior-vena-cava", "vessels": [["vessel": "inferior-vena-cava"]],
          "entries": [
            "c0ffee00-0001-4000-8000-000000000005", "c0ffee00-0001-4000-8000-000000000006",
          ],
        ],
      ],
    ]
    return try #require(Charge(json.with(changes)))
  }

  static func entry(
    _ number: Int64, credits: Int64? = nil, account: Confidential? = .clear("A-10027"),
    encounter: Confidential? = .clear("0012345"), _ changes: JSON = [:]
  ) throws -> PulledEntry {
    let epoch = try #require(LedgerEpoch("k7q3"))
    let entry = LedgerEntry(
      id: EntryID(epoch: epoch, number: number),
      kind: credits.map { .credit(of: EntryID(epoch: epoch, number: $0)) } ?? .charge,
      caseID: try #require(CaseID("c0ffee00-0000-4000-8000-000000000001")), version: 14,
      position: 1_000 + number, recordedAt: try #require(Instant("2026-03-02T09:31:00.25Z")),
      postedAt: try #require(Instant("2026-03-02T09:31:00.250417Z")),
      ruleBook: try #require(RuleBookEdition("2026.1")),
      ruleBookDigest: "sha256:" + String(repeating: "ab", count: 32),
      groupingPolicy: try #require(GroupingPolicyName("named-vessel")),
      charge: try charge(changes))
    return PulledEntry(entry, account: account, encounter: encounter)
  }

  /// A charge, its credit and the charge in its place; a patient not identified; an account and an
  /// encounter erased; and texts made to break each form.
  static func entries() throws -> [PulledEntry] {
    let fewer: JSON = ["units": 1, "modifiers": [], "diagnoses": []]
    let unknown: JSON = [
      "patient": .null, "npi": .null, "department": .null, "room": .null, "payer": .null,
      "setting": "office",
      "code": "C1753", "counted": [["group": "C1753", "vessels": [], "entries": []]],
    ]
    let hostile: JSON = [
      "department": "=HYPERLINK(\"http://x\"),|^&~\\", "room": "@Säle 😀 \u{202E}abc",
      "payer": "+A,\"B\"", "operator": "-dr|1", "setting": "asc",
    ]
    return [
      try entry(1042), try entry(1043, credits: 1042), try entry(1044, fewer),
      try entry(1045, account: nil, encounter: nil, unknown),
      try entry(1046, account: .erased, encounter: .erased),
      try entry(
        1047, account: .clear("\t=1+1\r\nMSH|^~\\&|"), encounter: .clear("＝cmd|'/c calc'!A1"),
        hostile),
    ]
  }
}

extension JSON {
  /// The object with members in place of its own.
  func with(_ changes: JSON) -> JSON {
    .object(
      (members ?? []).map { member in
        JSON.Member(member.name, changes[member.name] ?? member.value)
      })
  }
}

extension ChargeFormat {
  /// A whole document of entries.
  func document(_ entries: [PulledEntry], _ pull: ChargePull, next: String? = nil) -> [UInt8] {
    var encoder = encoder(pull)
    var bytes: [UInt8] = []
    encoder.begin(into: &bytes)
    for entry in entries { encoder.write(entry, into: &bytes) }
    encoder.finish(next: next, into: &bytes)
    return bytes
  }

  func text(_ entries: [PulledEntry], _ pull: ChargePull, next: String? = nil) -> String {
    String(decoding: document(entries, pull, next: next), as: UTF8.self)
  }
}

extension ChargePull {
  /// A pull from the beginning of the ledger of `general`.
  static func general() throws -> ChargePull {
    ChargePull(facility: try #require(FacilityCode("general")))
  }
}
