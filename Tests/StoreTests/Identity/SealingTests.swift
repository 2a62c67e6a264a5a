import Procedures
import Testing

@testable import Store

@Suite struct `What identifies a patient never reaches the log` {
  private let masterKey = MasterKey.random()
  /// Stands in every field that must be sealed.
  private let secret = "Jane Q. Secret-4711"

  /// Every type that has a sealed field, with the secret in each, and corrections that hold them.
  private func events(_ lab: Lab) throws -> [Event] {
    let opened = try lab.event(
      .caseOpened,
      [
        "facility": .string(lab.facility.text), "room": "Cath 2", "serviceDate": "2026-02-25",
        "timeZone": "America/New_York", "setting": "office", "operator": "dr.lee",
        "patient": .string(secret), "encounter": .string(secret), "accession": .string(secret),
        "account": .string(secret),
      ], reason: secret)
    let identified = try lab.identified(secret)
    let note = try lab.note(secret)
    let reading = try lab.event(
      .interpretationDocumented,
      ["vessels": [], "report": .string(secret), "physician": "dr.lee"])
    let harm = try lab.event(.adverseEvent, ["kind": "bleeding", "detail": .string(secret)])
    let modifier = try lab.event(
      .modifierApplied, ["code": "37252", "modifier": "59", "reason": .string(secret)])
    return [
      opened, identified, note, reading, harm, modifier,
      try lab.event(.holdReleased, ["hold": "mue-exceeded", "reason": .string(secret)]),
      try lab.corrected(
        note.id, ["kind": "tech", "text": .string(secret + " indeed")], reason: secret),
      try lab.corrected(identified.id, try lab.identified(secret + " indeed").body.data),
      try lab.corrected(modifier.id, modifier.body.data, reason: secret),
      try lab.retracted(reading.id, reason: secret), try lab.signed(),
      try lab.event(.caseReopened, ["reason": .string(secret)]),
      try lab.cancelled(reason: secret),
    ]
  }

  private func withLog(
    _ body: (Service, MemoryLogStore, Lab, [Event]) async throws -> Void
  ) async throws {
    let store = MemoryLogStore(clock: TestClock().read)
    let service = Service(store, masterKey: masterKey)
    try await service.run {
      let facility = try await service.openFacility()
      let lab = Lab(facility)
      let events = try events(lab)
      for event in events { try await service.append(event, to: facility) }
      try await body(service, store, lab, events)
    }
  }

  @Test func `every sealed field of the contract has its type here`() throws {
    let lab = Lab(try Entries.facility())
    let covered = Set(try events(lab).map(\.type))
    for type in EventType.allCases where !type.sealedFields.isEmpty || type.namesPatient {
      #expect(covered.contains(type), "\(type)")
    }
  }

  @Test func `no clear text stands in any byte of a row`() async throws {
    try await withLog { service, store, lab, events in
      let rows = try await store.rows(of: lab.caseID, in: lab.facility, after: 0, limit: 100)
      #expect(rows.count == events.count)
      for row in rows {
        let text = String(decoding: row.leafBytes, as: UTF8.self)
        #expect(!text.contains("Secret"), "\(row.entry.type)")
        #expect(!text.contains("4711"), "\(row.entry.type)")
      }
    }
  }

  @Test func `only what is confidential is sealed`() async throws {
    try await withLog { service, store, lab, events in
      let rows = try await store.rows(of: lab.caseID, in: lab.facility, after: 0, limit: 100)
      let payload = try JSON.read(try #require(rows.first).entry.payload)
      #expect(payload["room"]?.text == "Cath 2")
      #expect(payload["operator"]?.text == "dr.lee")
      #expect(PatientPseudonym(payload["patient"]?.text ?? "") != nil)
      for name in ["encounter", "accession", "account"] {
        #expect(payload[name]?["sealed"]?.text != nil)
      }
      for row in rows {
        #expect(row.entry.payload == (try JSON.read(row.entry.payload)).canonicalBytes)
      }
    }
  }

  @Test func `an open reader sees what was said, and the patient's pseudonym`() async throws {
    try await withLog { service, store, lab, events in
      let seen = try await service.reader.events(
        of: lab.caseID, in: lab.facility, limit: 100, disclosure: .clear)
      var pseudonyms: [String] = []
      for (event, recorded) in zip(events, seen) {
        #expect(recorded.event.reason == event.reason)
        #expect(recorded.event.id == event.id)
        let (said, read) = (event.body.data, recorded.event.body.data)
        for member in said.members ?? [] {
          switch member.name {
          case "patient": pseudonyms.append(try #require(read["patient"]?.text))
          case "data" where member.value["patient"] != nil:
            pseudonyms.append(try #require(read["data"]?["patient"]?.text))
          default: #expect(read[member.name] == member.value, "\(event.type) \(member.name)")
          }
        }
      }
      #expect(pseudonyms.count == 3)
      #expect(pseudonyms[0] == pseudonyms[1])
      #expect(pseudonyms[0] != pseudonyms[2])
    }
  }

  @Test func `a closed reader sees seals, and folds to the same case`() async throws {
    try await withLog { service, store, lab, events in
      let sealed = try await service.reader.events(
        of: lab.caseID, in: lab.facility, limit: 100, disclosure: .sealed)
      for recorded in sealed {
        #expect(!String(decoding: recorded.json.bytes, as: UTF8.self).contains("Secret"))
      }
      let state = try await service.reader.caseState(lab.caseID, in: lab.facility)
      #expect(state.phase == .cancelled)
      #expect(state.unreadable.isEmpty)
    }
  }

  @Test func `when the key is destroyed what was sealed reads as erased, and the rest stays`()
    async throws
  {
    try await withLog { service, store, lab, events in
      store.destroyKey(of: lab.caseID, in: lab.facility)
      let seen = try await service.reader.events(
        of: lab.caseID, in: lab.facility, limit: 100, disclosure: .clear)
      #expect(seen.count == events.count)
      for recorded in seen {
        let text = String(decoding: recorded.json.bytes, as: UTF8.self)
        #expect(!text.contains("Secret"))
        #expect(!text.contains("sealed"))
      }
      #expect(seen[0].event.reason == .erased)
      #expect(seen[2].event.body.data["text"] == ["erased": true])
      #expect(seen[2].event.body.data["kind"] == "nursing")
    }
  }

  @Test func `erased texts of another log are stored as erased`() async throws {
    try await withLog { service, store, lab, events in
      let other = try await service.openCase(in: lab.facility)
      var note = try other.event(.noteRecorded, ["kind": "tech", "text": ["erased": true]])
      note.reason = .erased
      try await service.append(note, to: lab.facility)
      for disclosure in [Disclosure.clear, .sealed] {
        let seen = try await service.reader.events(
          of: other.caseID, in: lab.facility, after: 1, limit: 1, disclosure: disclosure)
        #expect(seen.first?.event == note)
      }
      #expect(try await service.append(note, to: lab.facility).map(\.isRepeat) == [true])
    }
  }

  @Test func `a seal from elsewhere is not taken`() async throws {
    try await withLog { service, store, lab, events in
      let other = try await service.openCase(in: lab.facility)
      let foreign = try other.event(
        .noteRecorded, ["kind": "tech", "text": ["sealed": "AAAA"]])
      await #expect(throws: AppendFailure.self) {
        try await service.append(foreign, to: lab.facility)
      }
    }
  }

  @Test func `the digest is that of the content in clear under the case's key`() async throws {
    try await withLog { service, store, lab, events in
      let vault = Vault(store: store, masterKeys: [masterKey])
      let key = try #require(
        try await vault.storedKeys(of: [lab.caseID], in: lab.facility)[lab.caseID])
      let rows = try await store.rows(of: lab.caseID, in: lab.facility, after: 0, limit: 100)
      let clear = try await service.reader.events(
        of: lab.caseID, in: lab.facility, limit: 100, disclosure: .clear)
      for (row, recorded) in zip(rows, clear) {
        #expect(row.entry.digest == key.digest(ofContent: recorded.event.contentBytes))
      }
    }
  }
}
