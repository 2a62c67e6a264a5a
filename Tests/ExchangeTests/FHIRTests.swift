import Charges
import Exchange
import Procedures
import Testing

@Suite
struct `Entries in FHIR` {
  private func items(_ entries: [PulledEntry]) throws -> [JSON] {
    try ChargeFormat.fhirNDJSON.document(entries, try .general()).split(separator: 0x0A)
      .map { try JSON.read($0) }
  }

  private static let absent = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

  @Test
  func `are ChargeItems so`() throws {
    let expected = try JSON.read(Array(Self.golden.utf8))
    let item = try #require(try items([try Sample.entry(1042)]).first)
    #expect(item.members?.map(\.name) == expected.members?.map(\.name))
    for member in item.members ?? [] {
      #expect(member.value == expected[member.name], "\(member.name)")
    }
  }

  @Test
  func `are billed by no reader where they credit`() throws {
    let item = try #require(try items([try Sample.entry(1043, credits: 1042)]).first)
    #expect(item["status"] == "entered-in-error")
    #expect(
      item["modifierExtension"] == [
        [
          "url": "urn:cathlog:fhir:credits",
          "valueReference": [
            "type": "ChargeItem",
            "identifier": ["system": "urn:cathlog:general:ledger-entry", "value": "k7q3-1042"],
          ],
        ]
      ])
    #expect(
      item["identifier"] == [["system": "urn:cathlog:general:ledger-entry", "value": "k7q3-1043"]])
    let charge = try #require(try items([try Sample.entry(1042)]).first)
    for name in ["code", "quantity", "subject", "bodysite", "account", "occurrenceDateTime"] {
      #expect(item[name] == charge[name], "\(name)")
    }
  }

  @Test
  func `say that a patient is unknown, and leave out what there is not`() throws {
    let item = try #require(try items([try Sample.entries()[3]]).first)
    #expect(
      item["subject"] == [
        "type": "Patient", "extension": [["url": .string(Self.absent), "valueCode": "unknown"]],
      ])
    for name in ["context", "account", "costCenter", "bodysite", "supportingInformation"] {
      #expect(item[name] == nil, "\(name)")
    }
    #expect(
      item["performer"] == [
        [
          "actor": [
            "type": "Practitioner", "display": "dr-114",
            "identifier": ["system": "urn:cathlog:general:person", "value": "dr-114"],
          ]
        ]
      ])
    #expect(
      item["code"] == [
        "coding": [
          [
            "system": "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "code": "C1753",
          ]
        ]
      ])
  }

  @Test
  func `say what was erased`() throws {
    let item = try #require(try items([try Sample.entries()[4]]).first)
    let masked: JSON = [["url": .string(Self.absent), "valueCode": "masked"]]
    #expect(item["account"] == [["type": "Account", "extension": masked]])
    #expect(item["context"] == ["type": "Encounter", "extension": masked])
  }

  @Test(arguments: [
    ("a\u{A0}b", "a b"), ("\u{85}", " "), ("\u{1}x\u{7F}", "\u{FFFD}x\u{FFFD}"),
    ("\u{2028}", " "), ("\t\r\n ", "\t\r\n "), ("Säle 😀", "Säle 😀"),
  ])
  func `hold only what a FHIR string may`(_ text: String, _ written: String) throws {
    let item = try #require(try items([try Sample.entry(1, account: .clear(text))]).first)
    #expect(item["account"]?.elements?.first?["identifier"]?["value"] == .string(written))
  }

  @Test
  func `stand in a Bundle with its links`() throws {
    var pull = try ChargePull.general()
    pull.address = "https://billing.example/v1/charges?limit=2&x=\"1\""
    let entries = try Sample.entries()
    let next = "https://billing.example/v1/charges?after=k7q3-1047"
    let bundle = try JSON.read(ChargeFormat.fhir.document(entries, pull, next: next))
    #expect(bundle["resourceType"] == "Bundle" && bundle["type"] == "searchset")
    #expect(bundle["total"] == nil)
    #expect(
      bundle["link"] == [
        ["relation": "self", "url": .text(pull.address)], ["relation": "next", "url": .text(next)],
      ])
    let written = try #require(bundle["entry"]?.elements)
    #expect(written.compactMap { $0["resource"] } == (try items(entries)))
    for (element, entry) in zip(written, entries) {
      #expect(element["search"] == ["mode": "match"])
      #expect(element["fullUrl"] == .string("urn:cathlog:general:ledger-entry:\(entry.entry.id)"))
      #expect(element["resource"]?["id"] == .string(entry.entry.id.description))
    }
  }

  @Test
  func `make a Bundle without an empty list where there are none`() throws {
    var pull = try ChargePull.general()
    #expect(
      ChargeFormat.fhir.text([], pull) == "{\"resourceType\":\"Bundle\",\"type\":\"searchset\"}\n")
    pull.total = 0
    pull.address = "urn:x"
    #expect(
      try JSON.read(ChargeFormat.fhir.document([], pull)) == [
        "resourceType": "Bundle", "type": "searchset", "total": 0,
        "link": [["relation": "self", "url": "urn:x"]],
      ])
  }

  @Test
  func `are JSON without an empty list or text, whatever they hold`() throws {
    let entries = try #require(GeneratedEntries.entries(300, seed: Seeds.first))
    let read = try items(entries)
    #expect(read.count == entries.count)
    for (item, entry) in zip(read, entries) {
      #expect(!holdsEmpty(item), "CATHLOG_SEED=\(Seeds.first), entry \(entry.entry.id)")
      #expect(item["id"] == .string(entry.entry.id.description))
      #expect(item["quantity"]?["value"] == .integer(entry.entry.charge.units))
    }
  }

  private func holdsEmpty(_ json: JSON) -> Bool {
    switch json {
    case .null: true
    case .bool, .number: false
    case .string(let text): text.isEmpty
    case .array(let elements): elements.isEmpty || elements.contains(where: holdsEmpty)
    case .object(let members): members.isEmpty || members.contains { holdsEmpty($0.value) }
    }
  }

  private static let golden = #"""
    {"resourceType": "ChargeItem", "id": "k7q3-1042",
     "extension": [
      {"url": "urn:cathlog:fhir:modifier", "valueCodeableConcept": {"coding": [
        {"system": "http://www.ama-assn.org/go/cpt", "code": "59"}]}},
      {"url": "urn:cathlog:fhir:modifier", "valueCodeableConcept": {"coding": [
        {"system": "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "code": "XS"}]}},
      {"url": "urn:cathlog:fhir:place-of-service", "valueCodeableConcept": {"coding": [
        {"system": "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set",
         "code": "22"}], "text": "hospital-outpatient"}},
      {"url": "urn:cathlog:fhir:claim", "valueCode": "professional"},
      {"url": "urn:cathlog:fhir:claim", "valueCode": "facility"},
      {"url": "urn:cathlog:fhir:room", "valueString": "Lab 2"},
      {"url": "urn:cathlog:fhir:payer", "valueString": "medicare"},
      {"url": "urn:cathlog:fhir:basis", "extension": [
        {"url": "caseVersion", "valueString": "14"}, {"url": "position", "valueString": "2042"},
        {"url": "recordedAt", "valueInstant": "2026-03-02T09:31:00.25Z"},
        {"url": "ruleBook", "valueString": "2026.1"},
        {"url": "ruleBookDigest", "valueString":
         "sha256:abababababababababababababababababababababababababababababababab"},
        {"url": "groupingPolicy", "valueString": "named-vessel"}]}],
     "identifier": [{"system": "urn:cathlog:general:ledger-entry", "value": "k7q3-1042"}],
     "status": "billable",
     "code": {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "37253"}]},
     "subject": {"type": "Patient", "identifier": {"system": "urn:cathlog:general:patient",
      "value": "5f8a3c1e-0000-4000-8000-00000000000a"}},
     "context": {"type": "Encounter", "identifier":
      {"system": "urn:cathlog:general:encounter", "value": "0012345"}},
     "occurrenceDateTime": "2026-03-02",
     "performer": [{"actor": {"type": "Practitioner", "identifier":
      {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1093817465"}, "display": "dr-114"}}],
     "performingOrganization": {"type": "Organization", "identifier":
      {"system": "urn:cathlog:facility", "value": "general"}},
     "costCenter": {"type": "Organization", "display": "Cath Lab"},
     "quantity": {"value": 2},
     "bodysite": [
      {"extension": [{"url": "urn:cathlog:fhir:laterality", "valueCodeableConcept": {"coding": [
        {"system": "http://snomed.info/sct", "code": "7771000"}], "text": "left"}}],
       "coding": [{"system": "http://snomed.info/sct", "code": "63507001"},
        {"system": "urn:cathlog:vessel", "code": "external-iliac-vein"}],
       "text": "external-iliac-vein/left"},
      {"coding": [{"system": "http://snomed.info/sct", "code": "64131007"},
        {"system": "urn:cathlog:vessel", "code": "inferior-vena-cava"}],
       "text": "inferior-vena-cava"}],
     "enteredDate": "2026-03-02T09:31:00.250417Z",
     "reason": [
      {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I87.1"}]},
      {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I70.213"}]}],
     "service": [{"type": "Procedure", "identifier": {"system": "urn:ietf:rfc:3986",
      "value": "urn:uuid:c0ffee00-0000-4000-8000-000000000001"}}],
     "account": [{"type": "Account", "identifier":
      {"system": "urn:cathlog:general:account", "value": "A-10027"}}],
     "supportingInformation": [
      {"identifier": {"system": "urn:ietf:rfc:3986",
       "value": "urn:uuid:c0ffee00-0001-4000-8000-000000000004"}},
      {"identifier": {"system": "urn:ietf:rfc:3986",
       "value": "urn:uuid:c0ffee00-0001-4000-8000-000000000005"}},
      {"identifier": {"system": "urn:ietf:rfc:3986",
       "value": "urn:uuid:c0ffee00-0001-4000-8000-000000000006"}}]}
    """#
}
