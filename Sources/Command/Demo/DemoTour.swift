import Procedures
import Simulation
import Store

/// A link and a line to try for each role.
struct DemoTour {
  private let address: String
  private let facility: FacilityCode
  private let cases: DemoCases
  private var tokens: [StaffRole: String] = [:]
  private static let people: [(StaffRole, String)] = [
    (.recorder, "rn-204"), (.physician, "dr-140"), (.coder, "cd-41"), (.billing, "bi-31"),
    (.auditor, "au-7"), (.admin, "ad-1"),
  ]

  /// Makes a token for each role, for a day.
  init(parts: Parts, address: String, facility: FacilityCode, cases: DemoCases) async throws {
    self.address = address
    self.facility = facility
    self.cases = cases
    for (role, person) in Self.people {
      guard let person = PersonCode(person) else { continue }
      let made = try await parts.tokens.create(
        for: person, roles: [role], in: facility, lifetime: .seconds(86_400))
      tokens[role] = made.presented.revealed
    }
  }

  /// What to try.
  var text: String {
    let waiting = DemoCases.plan(DemoCases.waiting).caseID
    let unread = DemoCases.plan(DemoCases.unread).caseID
    let shown = DemoCases.plan(DemoCases.shown).caseID
    return """
      To see for yourself: for each role a link for the browser, and a line for a shell. A case of
      yesterday, \(waiting), waits for its signature.

      recorder: the worklist; one more vessel of that case is imaged, and 37253 has one unit more
        \(link(.recorder, "/v1/cases"))
        \(send(.recorder, "/v1/cases/\(waiting)/events", image))
      physician: that case; signed, its lines can be billed
        \(link(.physician, "/v1/cases/\(waiting)"))
        \(send(.physician, "/v1/cases/\(waiting)/events", signature))
      coder: what waits for a reading; one hold released, with the reason
        \(link(.coder, "/v1/line-items?hold=interpretation-missing"))
        \(send(.coder, "/v1/cases/\(unread)/events", release))
      billing: what can be billed; the lines of that case
        \(link(.billing, "/v1/line-items?status=billable"))
        \(fetch(.billing, "/v1/line-items?case=\(waiting)"))
      auditor: the case in Lab 1 as it goes on, and what each step of it changed
        \(link(.auditor, "/v1/cases/\(shown)/events"))
        \(fetch(.auditor, "/v1/cases/\(shown)/replay"))
      admin: how the service is; one more person registered
        http://\(address)/readyz
        \(send(.admin, "/v1/facility/events", person))

      Ctrl-C ends the demo; its data stay for the next time.


      """
  }

  private func link(_ role: StaffRole, _ path: String) -> String {
    "http://\(role.rawValue):\(tokens[role] ?? "")@\(address)\(path)"
  }

  private func fetch(_ role: StaffRole, _ path: String) -> String {
    "curl -s 'http://\(address)\(path)' -H 'Authorization: Bearer \(tokens[role] ?? "")'"
  }

  private func send(_ role: StaffRole, _ path: String, _ event: JSON) -> String {
    fetch(role, path) + " \\\n    -H 'Content-Type: application/json' -d '\(event.compactText)'"
  }

  // MARK: What is sent

  private var image: JSON {
    let happening = cases.composed(DemoCases.waiting, now: .now)
    let side = happening.entries.lazy.compactMap { $0.data["side"] }.first ?? "left"
    return event(
      .imageAcquired,
      [
        "modality": "IVUS", "vessel": "internal-iliac-vein", "side": side, "phase": "diagnostic",
        "imagesStored": true,
      ], reason: "found on the console")
  }

  private var signature: JSON { event(.caseSigned, ["signer": "dr-140", "meaning": "author"]) }

  private var release: JSON {
    event(
      .holdReleased,
      ["hold": "interpretation-missing", "reason": "reading stands in the operative report"])
  }

  private var person: JSON {
    event(.personRegistered, ["person": "rn-205", "name": "R. Example", "roles": ["recorder"]])
  }

  private func event(_ type: EventType, _ data: JSON, reason: String? = nil) -> JSON {
    var members = [
      JSON.Member("id", .string(EventID.random().description)),
      JSON.Member("type", .string(type.rawValue)),
      JSON.Member("occurredAt", .string(Instant.now.description)),
    ]
    if let reason { members.append(JSON.Member("reason", .string(reason))) }
    return .object(members + [JSON.Member("data", data)])
  }
}
