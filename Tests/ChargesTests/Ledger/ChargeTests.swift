import Charges
import Procedures
import Testing

@Suite
struct `A charge` {
  private static let json: JSON = [
    "serviceDate": "2026-03-02", "setting": "asc", "department": "Cath Lab", "room": "Lab 2",
    "operator": "dr-114", "npi": "1093817465", "payer": "medicare", "patient": "p-1",
    "diagnoses": ["I87.1"], "code": "37252", "units": 1, "modifiers": ["59"],
    "claims": ["facility"],
    "counted": [
      [
        "group": "external-iliac-vein/left",
        "vessels": [["vessel": "external-iliac-vein", "side": "left"]],
        "entries": ["c0ffee00-0001-4000-8000-000000000004"],
      ]
    ],
  ]

  private static func with(_ name: String, _ value: JSON?) -> JSON {
    .object(
      (json.members ?? []).compactMap { member in
        member.name == name ? value.map { JSON.Member(name, $0) } : member
      })
  }

  @Test
  func `is read as it was written`() throws {
    let charge = try #require(Charge(Self.json))
    #expect(charge.json == Self.json)
    #expect(charge.json.members?.map(\.name) == Self.json.members?.map(\.name))
  }

  @Test(arguments: ["department", "room", "npi", "payer", "patient"])
  func `may be without`(_ name: String) throws {
    let charge = try #require(Charge(Self.with(name, .null)))
    #expect(charge.json[name] == .null)
    #expect(Charge(charge.json) == charge)
  }

  @Test(
    arguments: [
      ("serviceDate", "2026-02-30"), ("serviceDate", nil), ("setting", "home"), ("setting", .null),
      ("operator", ""), ("operator", .null), ("code", "3725"), ("code", 37252), ("units", "1"),
      ("units", nil), ("modifiers", ["5"]), ("modifiers", "59"), ("claims", ["both"]),
      ("diagnoses", [1]), ("diagnoses", .null), ("counted", [[:]]),
      ("counted", [["group": "x", "vessels": [["vessel": "renal-artery"]], "entries": []]]),
      ("counted", [["group": "x", "vessels": [], "entries": ["1"]]]),
      ("department", 7), ("room", ""), ("npi", 1_093_817_465), ("payer", []), ("patient", false),
    ] as [(String, JSON?)])
  func `is not read from anything else`(_ name: String, _ value: JSON?) {
    #expect(Charge(Self.with(name, value)) == nil)
  }

  /// Each member, and whether a claim would say something else with it.
  @Test(
    arguments: [
      ("serviceDate", "2026-03-03", true), ("setting", "office", true),
      ("department", "Other", true), ("department", .null, true), ("room", "Lab 3", false),
      ("operator", "dr-115", true), ("npi", .null, false), ("payer", .null, true),
      ("patient", "p-2", true), ("patient", .null, true), ("diagnoses", [], true),
      ("diagnoses", ["I87.1", "I70.213"], true), ("code", "37253", true), ("units", 2, true),
      ("modifiers", [], true), ("claims", ["professional"], true), ("counted", [], true),
      (
        "counted",
        [
          [
            "group": "external-iliac-vein/left",
            "vessels": [["vessel": "external-iliac-vein", "side": "left"]],
            "entries": ["c0ffee00-0001-4000-8000-000000000005"],
          ]
        ], false
      ),
      (
        "counted",
        [
          [
            "group": "external-iliac-vein/left",
            "vessels": [["vessel": "external-iliac-vein", "side": "right"]],
            "entries": ["c0ffee00-0001-4000-8000-000000000004"],
          ]
        ], true
      ),
    ] as [(String, JSON, Bool)])
  func `claims something else with another`(_ name: String, _ value: JSON, _ isOther: Bool) throws {
    let charge = try #require(Charge(Self.json))
    let changed = try #require(Charge(Self.with(name, value)))
    #expect(changed != charge)
    #expect(charge.claims(sameAs: changed) == !isOther)
    #expect(changed.claims(sameAs: charge) == !isOther)
    #expect(charge.claims(sameAs: charge))
  }
}
