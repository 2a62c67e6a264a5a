import Crypto
import Procedures
import Testing

@testable import Store

@Suite struct `The vault` {
  private let masterKey = MasterKey.random()

  private func store() -> MemoryLogStore { MemoryLogStore(clock: TestClock().read) }

  @Test func `a master key is 32 bytes, and no description tells them`() throws {
    #expect(MasterKey(bytes: Array(repeating: 1, count: 31)) == nil)
    #expect(MasterKey(base64: "no base64") == nil)
    let bytes = (0..<32).map { UInt8($0) }
    let key = try #require(MasterKey(bytes: bytes))
    #expect(key.id == Array(SHA256.hash(data: bytes).prefix(8)))
    #expect(MasterKey(base64: key.base64)?.id == key.id)
    #expect(MasterKey.random().id != MasterKey.random().id)
    var dumped = ""
    dump(key, to: &dumped)
    for text in [dumped, "\(key)", String(reflecting: key)] {
      #expect(!text.contains(key.base64))
      #expect(!text.contains("1, 2, 3"))
    }
  }

  @Test func `one key is proposed for a new case until the store has one`() async throws {
    let store = store()
    let facility = try await store.openLog()
    let vaults = (0..<2).map { _ in Vault(store: store, masterKeys: [masterKey]) }
    let caseID = CaseID.fresh
    let proposed = try await vaults[0].key(of: caseID, in: facility)
    let again = try await vaults[0].key(of: caseID, in: facility, isNew: true)
    #expect(proposed.wrapped == again.wrapped)
    let lost = try await vaults[1].key(of: caseID, in: facility, isNew: true)
    #expect(lost.wrapped != proposed.wrapped)

    let request = Entries.request(
      caseID, version: 0, [Entries.entry()], key: proposed.wrapped)
    _ = try await store.append(request, to: facility)
    let learned = try await vaults[1].key(of: caseID, in: facility, insteadOf: lost)
    #expect(learned.wrapped == proposed.wrapped)
    let place = SealedPlace(
      facility: facility, caseID: caseID, eventID: .fresh, path: "data.text")
    #expect(learned.open(try proposed.seal("é🫀", for: place), for: place) == .text("é🫀"))
    #expect(learned.digest(ofContent: [1]) == proposed.digest(ofContent: [1]))
    #expect(lost.digest(ofContent: [1]) != proposed.digest(ofContent: [1]))
  }

  @Test func `a sealed text opens only where it belongs, and whole`() async throws {
    let vault = Vault(store: store(), masterKeys: [masterKey])
    let facility = try Entries.facility()
    let key = try await vault.key(of: .fresh, in: facility, isNew: true)
    let other = try await vault.key(of: .fresh, in: facility, isNew: true)
    let (caseID, eventID) = (CaseID.fresh, EventID.fresh)
    func place(
      _ facility: FacilityCode = facility, _ caseID: CaseID = caseID,
      _ eventID: EventID = eventID, _ path: String = "data.text"
    ) -> SealedPlace {
      SealedPlace(facility: facility, caseID: caseID, eventID: eventID, path: path)
    }
    let sealed = try key.seal("John Doe", for: place())
    #expect(sealed != (try key.seal("John Doe", for: place())), "a nonce is used once")
    #expect(key.open(sealed, for: place()) == .text("John Doe"))
    #expect(other.open(sealed, for: place()) == .underAnotherKey)
    let elsewhere = [
      place(try Entries.facility()), place(facility, .fresh), place(facility, caseID, .fresh),
      place(facility, caseID, eventID, "reason"),
    ]
    for place in elsewhere { #expect(key.open(sealed, for: place) == .damaged) }
    for index in 8..<sealed.count {
      var damaged = sealed
      damaged[index] ^= 1
      #expect(key.open(damaged, for: place()) == .damaged)
    }
    for length in 8..<sealed.count {
      #expect(key.open(Array(sealed.prefix(length)), for: place()) == .damaged)
    }
  }

  @Test func `a key opens under the master key that wrapped it, old or new`() async throws {
    let store = store()
    let facility = try await store.openLog()
    let (caseID, newMaster) = (CaseID.fresh, MasterKey.random())
    let old = Vault(store: store, masterKeys: [masterKey])
    let key = try await old.key(of: caseID, in: facility)
    let request = Entries.request(caseID, version: 0, [Entries.entry()], key: key.wrapped)
    _ = try await store.append(request, to: facility)

    let both = Vault(store: store, masterKeys: [newMaster, masterKey])
    #expect(try await both.key(of: caseID, in: facility).wrapped == key.wrapped)
    let proposal = try await both.key(of: .fresh, in: facility)
    #expect(proposal.wrapped.masterKey == newMaster.id)
    for keys in [[newMaster], []] {
      let vault = Vault(store: store, masterKeys: keys)
      let error = await #expect(throws: StoreError.self) {
        try await vault.key(of: caseID, in: facility)
      }
      guard case .masterKeyMissing = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test func `a key that was stored for another case does not open`() async throws {
    let store = store()
    let facility = try await store.openLog()
    let vault = Vault(store: store, masterKeys: [masterKey])
    let stolen = try await vault.key(of: .fresh, in: facility)
    let caseID = CaseID.fresh
    let request = Entries.request(caseID, version: 0, [Entries.entry()], key: stolen.wrapped)
    _ = try await store.append(request, to: facility)
    let error = await #expect(throws: StoreError.self) {
      try await vault.key(of: caseID, in: facility)
    }
    guard case .unreadable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `a patient has one pseudonym in a facility, and another in the next`() async throws {
    let store = store()
    let (facility, other) = (try Entries.facility(), try Entries.facility())
    func pseudonym(
      _ vault: Vault, _ patient: String, _ facility: FacilityCode
    ) async throws
      -> PatientPseudonym
    {
      let events = [try Lab(facility).opened(patient: patient)]
      let pseudonyms = try await vault.pseudonyms(of: events, in: facility)
      return try #require(PatientReference(patient).flatMap { pseudonyms[$0] })
    }
    let vaults = (0..<2).map { _ in Vault(store: store, masterKeys: [masterKey], cacheLimit: 1) }
    let first = try await pseudonym(vaults[0], "MRN 1", facility)
    let second = try await pseudonym(vaults[0], "MRN 2", facility)
    #expect(first != second)
    #expect(try await pseudonym(vaults[0], "MRN 1", facility) == first)
    #expect(try await pseudonym(vaults[1], "MRN 1", facility) == first)
    #expect(try await pseudonym(vaults[1], "MRN 1", other) != first)
  }

  @Test func `caches are bounded, and keep what is used`() {
    var cache = BoundedCache<Int, String>(limit: 3)
    for number in 0..<3 { cache[number] = "\(number)" }
    for number in 3..<100 {
      #expect(cache[0] == "0", "used between any two that come in")
      cache[number] = "\(number)"
      #expect(cache.count == 3)
    }
    #expect(cache[99] == "99")
    cache[0] = nil
    #expect(cache[0] == nil)
    #expect(cache.count == 2)
    var model: [Int: Int] = [:]
    var chance = Chance()
    var small = BoundedCache<Int, Int>(limit: 8)
    for step in 0..<2_000 {
      let key = Int.random(in: 0..<20, using: &chance)
      if chance.happens(20) {
        small[key] = nil
        model[key] = nil
      } else if chance.happens(50) {
        small[key] = step
        model[key] = step
      } else if let value = small[key] {
        #expect(value == model[key], "seed \(chance.seed)")
      }
      #expect(small.count <= 8)
    }
  }
}
