import Procedures
import Projectors
import Store

/// The demo's cases in the log, and a line to try for each role.
struct DemoTour {
  private let parts: Parts
  private let address: String
  private var tokens: [StaffRole: String] = [:]

  init(parts: Parts, address: String) {
    self.parts = parts
    self.address = address
  }

  /// Puts the cases into the log, where they are not there yet, and makes a token for each role.
  func prepared() async throws -> DemoTour {
    guard let facility = FacilityCode(DemoCase.facility),
      let timeZone = TimeZoneName(DemoCase.timeZone)
    else { throw CommandFailure("demo-broken", "The demo's facility cannot be.", .software) }
    let now = Instant.now
    if try await parts.store.head(of: facility) == nil {
      try await parts.openFacility(try Self.opening(now))
    }
    let today = timeZone.date(of: now)
    for demo in [DemoCase.signed(on: today), .underWay(on: today)]
    where try await parts.reader.caseState(demo.caseID, in: facility).version == 0 {
      guard let recorder = PersonCode("rn-204") else { continue }
      try await parts.append(
        Submission(caseID: demo.caseID, events: try demo.events(now: now), recorder: recorder),
        to: facility)
    }
    var tour = self
    for (role, person) in [
      (StaffRole.recorder, "rn-204"), (.physician, DemoCase.physician), (.billing, "bi-31"),
      (.auditor, "au-7"), (.admin, "ad-1"),
    ] {
      guard let person = PersonCode(person) else { continue }
      let made = try await parts.tokens.create(
        for: person, roles: [role], in: facility, lifetime: .seconds(86_400))
      tour.tokens[role] = made.presented.revealed
    }
    if let end = try await parts.store.head(of: facility) {
      try await parts.runner.waitUntilApplied(position: end.position, in: facility)
    }
    return tour
  }

  private static func opening(_ now: Instant) throws -> Event {
    Event(
      id: .random(), caseID: .zero, occurredAt: now,
      body: try EventBody(
        .facilityOpened,
        data: [
          "facility": .string(DemoCase.facility), "name": "General Hospital (made up)",
          "timeZone": .string(DemoCase.timeZone),
        ]))
  }

  /// What to try, as lines for a shell.
  var text: String {
    let caseID = DemoCase.underWay(on: CalendarDate(daysSince1970: 0)).caseID
    let image: JSON = [
      "id": .string(EventID.random().description), "type": "image-acquired",
      "occurredAt": .string(Instant.now.description),
      "data": [
        "modality": "IVUS", "vessel": "inferior-vena-cava", "phase": "diagnostic",
        "imagesStored": true,
      ],
    ]
    return """
      ready: http://\(address)

      A case is under way in Lab 2: the left common and external iliac veins are imaged, which is one
      unit of 37252 and one of 37253. See its lines (billing):

        curl -s \(url("/v1/line-items?case=\(caseID)")) \(header(.billing))

      Image one more vessel, the inferior vena cava (recorder), and ask again: 37253 has one unit more.

        curl -s \(url("/v1/cases/\(caseID)/events")) \(header(.recorder)) \\
          -H 'Content-Type: application/json' -d '\(image.compactText)'

      Read why, step by step (auditor), sign it (physician), see what the facility has (admin):

        curl -s \(url("/v1/cases/\(caseID)/replay")) \(header(.auditor))
        curl -s \(url("/v1/cases/\(caseID)/events")) \(header(.physician)) \\
          -H 'Content-Type: application/json' -d '\(signature.compactText)'
        curl -s \(url("/readyz"))

      Ctrl-C ends the demo; its data stay for the next time.

      """
  }

  private var signature: JSON {
    [
      "id": .string(EventID.random().description), "type": "case-signed",
      "occurredAt": .string(Instant.now.description),
      "data": ["signer": .string(DemoCase.physician), "meaning": "author"],
    ]
  }

  private func url(_ path: String) -> String { "'http://\(address)\(path)'" }

  private func header(_ role: StaffRole) -> String {
    "-H 'Authorization: Bearer \(tokens[role] ?? "")'"
  }
}
