internal import Crypto
public import Procedures
internal import Synchronization

/// Keeps what identifies patients out of the log: seals and opens events under the keys of their
/// cases, and puts pseudonyms in the place of patients.
public final class Vault: Sendable {
  let store: any LogStore
  private let masterKeys: [MasterKey]
  private let caches: Mutex<Caches>

  private struct Caches {
    var caseKeys: BoundedCache<Place, CaseKey>
    var registryKeys: BoundedCache<FacilityCode, SymmetricKey>
    var pseudonyms: BoundedCache<HashedPatient, PatientPseudonym>
  }

  private struct Place: Hashable {
    let facility: FacilityCode
    let caseID: CaseID
  }

  private struct HashedPatient: Hashable {
    let facility: FacilityCode
    let identifierHash: [UInt8]
  }

  /// A vault over the keys of a store.
  ///
  /// - Parameters:
  ///   - store: where wrapped keys and the registry are.
  ///   - masterKeys: the keys that open them; the first one wraps new keys.
  public convenience init(store: any LogStore, masterKeys: [MasterKey]) {
    self.init(store: store, masterKeys: masterKeys, cacheLimit: 16_384)
  }

  init(store: any LogStore, masterKeys: [MasterKey], cacheLimit: Int) {
    self.store = store
    self.masterKeys = masterKeys
    caches = Mutex(
      Caches(
        caseKeys: BoundedCache(limit: cacheLimit), registryKeys: BoundedCache(limit: cacheLimit),
        pseudonyms: BoundedCache(limit: cacheLimit)))
  }
}

extension Vault {
  /// The key of a case: its own, or a proposal that stays the same until the store has one.
  ///
  /// Of a case that is thought to be new the store is not asked; where it has events after all, the
  /// append is answered with a key conflict.
  func key(
    of caseID: CaseID, in facility: FacilityCode, isNew: Bool = false
  ) async throws(StoreError) -> CaseKey {
    let place = Place(facility: facility, caseID: caseID)
    if let known = caches.withLock({ $0.caseKeys[place] }) { return known }
    if !isNew, let stored = try await store.keys(of: [caseID], in: facility)[caseID] {
      let key = try unwrap(stored, at: place)
      caches.withLock { $0.caseKeys[place] = key }
      return key
    }
    let proposal = try propose(at: place)
    return caches.withLock { caches in
      if let known = caches.caseKeys[place] { return known }
      caches.caseKeys[place] = proposal
      return proposal
    }
  }

  /// The key that the store has, after it said that a case has another than this one.
  func key(
    of caseID: CaseID, in facility: FacilityCode, insteadOf key: CaseKey
  ) async throws(StoreError) -> CaseKey {
    forgetKey(of: caseID, in: facility, ifItIs: key.wrapped.id)
    return try await self.key(of: caseID, in: facility)
  }

  /// The stored keys of these cases, read anew, so that a key that was destroyed opens nothing.
  func storedKeys(
    of cases: [CaseID], in facility: FacilityCode
  ) async throws(StoreError) -> [CaseID: CaseKey] {
    var keys: [CaseID: CaseKey] = [:]
    for (caseID, stored) in try await store.keys(of: cases, in: facility) {
      let place = Place(facility: facility, caseID: caseID)
      if let known = caches.withLock({ $0.caseKeys[place] }), known.wrapped == stored {
        keys[caseID] = known
        continue
      }
      let key = try unwrap(stored, at: place)
      keys[caseID] = key
      caches.withLock { $0.caseKeys[place] = key }
    }
    return keys
  }

  /// Lets go of the cached key of a case, as after its destruction.
  public func forgetKey(of caseID: CaseID, in facility: FacilityCode) {
    caches.withLock { $0.caseKeys[Place(facility: facility, caseID: caseID)] = nil }
  }

  private func forgetKey(of caseID: CaseID, in facility: FacilityCode, ifItIs id: KeyID) {
    let place = Place(facility: facility, caseID: caseID)
    caches.withLock { if $0.caseKeys[place]?.wrapped.id == id { $0.caseKeys[place] = nil } }
  }

  private func propose(at place: Place) throws(StoreError) -> CaseKey {
    guard let master = masterKeys.first else { throw .masterKeyMissing }
    let key = SymmetricKey(size: .bits256)
    let id = KeyID.random()
    return CaseKey(
      key,
      wrapped: WrappedKey(
        id: id, masterKey: master.id, bytes: try master.wrap(key, for: Self.purpose(place, id))))
  }

  private func unwrap(_ stored: WrappedKey, at place: Place) throws(StoreError) -> CaseKey {
    let master = try masterKey(stored.masterKey)
    return CaseKey(
      try master.unwrap(stored.bytes, for: Self.purpose(place, stored.id)), wrapped: stored)
  }

  private func masterKey(_ id: [UInt8]) throws(StoreError) -> MasterKey {
    guard let key = masterKeys.first(where: { $0.id == id }) else { throw .masterKeyMissing }
    return key
  }

  private static func purpose(_ place: Place, _ id: KeyID) -> String {
    "\(place.facility)/\(place.caseID)/\(id)"
  }
}

extension Vault {
  /// The pseudonyms of the patients that these events name.
  func pseudonyms(
    of events: [Event], in facility: FacilityCode
  ) async throws(StoreError) -> [PatientReference: PatientPseudonym] {
    var pseudonyms: [PatientReference: PatientPseudonym] = [:]
    for event in events {
      guard let patient = event.body.namedPatient, pseudonyms[patient] == nil else { continue }
      pseudonyms[patient] = try await pseudonym(of: patient, in: facility)
    }
    return pseudonyms
  }

  private func pseudonym(
    of patient: PatientReference, in facility: FacilityCode
  ) async throws(StoreError) -> PatientPseudonym {
    // An export names patients by pseudonym: in the log that it came from they are the same patients.
    if let pseudonym = PatientPseudonym(patient.text),
      try await store.knows(pseudonym, in: facility)
    {
      return pseudonym
    }
    let key = try await registryKey(of: facility)
    let hash = Array(HMAC<SHA256>.authenticationCode(for: Array(patient.text.utf8), using: key))
    let hashed = HashedPatient(facility: facility, identifierHash: hash)
    if let known = caches.withLock({ $0.pseudonyms[hashed] }) { return known }
    let pseudonym = try await store.pseudonym(for: hash, in: facility, proposing: .random())
    caches.withLock { $0.pseudonyms[hashed] = pseudonym }
    return pseudonym
  }

  private func registryKey(of facility: FacilityCode) async throws(StoreError) -> SymmetricKey {
    if let known = caches.withLock({ $0.registryKeys[facility] }) { return known }
    guard let master = masterKeys.first else { throw .masterKeyMissing }
    let purpose = "\(facility)/registry"
    let proposal = WrappedKey(
      id: .zero, masterKey: master.id,
      bytes: try master.wrap(SymmetricKey(size: .bits256), for: purpose))
    let stored = try await store.registryKey(of: facility, proposing: proposal)
    let key = try masterKey(stored.masterKey).unwrap(stored.bytes, for: purpose)
    caches.withLock { $0.registryKeys[facility] = key }
    return key
  }
}
