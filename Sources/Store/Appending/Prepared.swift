internal import Procedures

/// A submission with everything that can be done for it without its case's state, by its caller's
/// own task.
struct Prepared {
  let caseID: CaseID
  let events: [Event]
  let claims: [Submission.Claim?]
  let recorder: PersonCode
  let expectedVersion: Int64?
  let places: [Int]
  let pseudonyms: [PatientReference: PatientPseudonym]
  let key: CaseKey
  let sealed: [SealedEvent?]
  let byteCount: Int

  /// Finds the key and the pseudonyms, and seals.
  init(
    _ submission: Submission, in facility: FacilityCode, vault: Vault
  ) async throws(AppendFailure) {
    let distinct = try Self.distinct(submission)
    caseID = submission.caseID
    events = distinct.events
    claims = distinct.claims
    places = distinct.places
    recorder = submission.recorder
    expectedVersion = submission.expectedVersion
    do {
      let first = distinct.events.first?.type
      key = try await vault.key(
        of: submission.caseID, in: facility,
        isNew: first == .caseOpened || first == .facilityOpened)
      pseudonyms = try await vault.pseudonyms(of: distinct.events, in: facility)
      let sealer = EventSealer(
        facility: facility, key: key, pseudonyms: pseudonyms, recorder: submission.recorder)
      var sealed: [SealedEvent?] = []
      for (event, claim) in zip(distinct.events, distinct.claims) {
        // The form of a correction's data is the corrected entry's, which the case knows.
        let waits = event.type == .entryCorrected
        sealed.append(waits ? nil : try sealer.seal(event, claim: claim))
      }
      self.sealed = sealed
    } catch {
      throw .store(error)
    }
    byteCount = zip(events, sealed).reduce(0) { sum, pair in
      sum + (pair.1?.entry.payload.count ?? pair.0.body.data.canonicalBytes.count)
    }
  }

  private struct Distinct {
    var events: [Event] = []
    var claims: [Submission.Claim?] = []
    var places: [Int] = []
  }

  /// The events with each id once: an event that stands twice with one content is one event.
  private static func distinct(_ submission: Submission) throws(AppendFailure) -> Distinct {
    var distinct = Distinct()
    var known: [EventID: Int] = [:]
    for (index, event) in submission.events.enumerated() {
      if let place = known[event.id] {
        guard distinct.events[place] == event else {
          throw .refused(.eventIDReused, index: index)
        }
        distinct.places.append(place)
        continue
      }
      known[event.id] = distinct.events.count
      distinct.places.append(distinct.events.count)
      distinct.events.append(event)
      distinct.claims.append(
        submission.claims.indices.contains(index) ? submission.claims[index] : nil)
    }
    return distinct
  }
}

extension Refusal {
  /// The id belongs to an event of another content, or of another case.
  static var eventIDReused: Refusal {
    Refusal(.eventIDReused, "This id belongs to another event; choose a new one.", field: "id")
  }

  /// The case is not at the version that the caller insists on.
  static func versionConflict(expected: Int64, current: Int64) -> Refusal {
    Refusal(
      .versionConflict,
      "The case has moved on: version \(expected) was expected, and it is at \(current).",
      versions: Versions(expected: expected, current: current))
  }

  /// Nobody opened the facility's log.
  static var facilityUnknown: Refusal {
    Refusal(
      .caseUnknown, "There is no log of this facility; open the facility first.",
      field: "facility")
  }
}
