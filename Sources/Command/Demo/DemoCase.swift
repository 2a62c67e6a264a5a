import Procedures

/// A made-up case: what the lab recorded, minute by minute, up to now.
struct DemoCase {
  let caseID: CaseID
  private let steps: [Step]

  private struct Step {
    let minutesAgo: Int64
    let type: EventType
    let data: JSON
  }

  private init(_ number: UInt64, _ steps: [(Int64, EventType, JSON)]) {
    caseID = CaseID(high: 0xDE30_0000_0000_4000, low: 0x8000_0000_0000_0000 | number)
    self.steps = steps.map { Step(minutesAgo: $0.0, type: $0.1, data: $0.2) }
  }

  /// The case's events; their ids are the same at each start, so that a demo that is started again
  /// goes on with the cases that it has.
  func events(now: Instant) throws(Refusal) -> [Event] {
    var events: [Event] = []
    for (index, step) in steps.enumerated() {
      events.append(
        Event(
          id: EventID(
            high: caseID.high, low: caseID.low << 16 | 0x8000_0000_0000_0000 | UInt64(index + 1)),
          caseID: caseID, occurredAt: now.adding(seconds: -60 * step.minutesAgo),
          body: try EventBody(step.type, data: step.data)))
    }
    return events
  }
}

extension DemoCase {
  /// The code of the demo's facility.
  static let facility = "general"
  /// Where the demo's facility stands.
  static let timeZone = "America/New_York"
  /// Who signs and reads in the demo.
  static let physician = "dr-114"

  /// A case under way: two vessels of the leg veins imaged, a third one waiting for its image.
  static func underWay(on date: CalendarDate) -> DemoCase {
    DemoCase(
      1,
      [
        (42, .caseOpened, opening(date, room: "Lab 2")),
        (40, .patientStatusChanged, ["status": "admitted-to-room"]),
        (
          36, .patientIdentified,
          [
            "patient": "demo patient 1", "identifiersChecked": ["name", "date of birth"],
          ]
        ),
        (
          33, .timeOutCompleted,
          [
            "participants": ["dr-114", "rn-204"],
            "confirmed": ["patient", "site", "procedure", "consent", "allergies", "images"],
          ]
        ),
        (31, .percutaneousEntry, ["vessel": "popliteal-vein", "side": "left", "sheathFrench": 8]),
        (26, .imageAcquired, ivus("common-iliac-vein", "left")),
        (
          24, .measurementRecorded,
          [
            "vessel": "common-iliac-vein", "side": "left", "measure": "lumen-csa",
            "site": "lumen minimum", "value": 58, "unit": "mm2",
          ]
        ),
        (21, .imageAcquired, ivus("external-iliac-vein", "left")),
        (18, .procedureCoded, ["code": "37238"]),
        (
          15, .interventionPerformed,
          [
            "action": "stent-placement", "vessel": "common-iliac-vein", "side": "left",
            "device": "venous stent 16 x 100",
          ]
        ),
        (9, .imageAcquired, ivus("common-iliac-vein", "left", phase: "post-intervention")),
        (
          6, .interpretationDocumented,
          [
            "vessels": [], "report": "demo report 1", "physician": .string(physician),
          ]
        ),
      ])
  }

  /// A case that is done and signed: three vessels, one corrected side.
  static func signed(on date: CalendarDate) -> DemoCase {
    DemoCase(
      2,
      [
        (180, .caseOpened, opening(date, room: "Lab 1")),
        (
          176, .patientIdentified,
          [
            "patient": "demo patient 2", "identifiersChecked": ["name", "date of birth"],
          ]
        ),
        (170, .procedureCoded, ["code": "75710"]),
        (160, .imageAcquired, ivus("common-iliac-artery", "right")),
        (155, .imageAcquired, ivus("external-iliac-artery", "right")),
        (150, .imageAcquired, ivus("superficial-femoral-artery-proximal", "right")),
        (
          140, .interpretationDocumented,
          [
            "vessels": [], "report": "demo report 2", "physician": .string(physician),
          ]
        ),
        (130, .caseClosed, [:]),
        (120, .caseSigned, ["signer": .string(physician), "meaning": "author"]),
      ])
  }

  private static func opening(_ date: CalendarDate, room: String) -> JSON {
    [
      "facility": .string(facility), "room": .string(room),
      "serviceDate": .string(date.description), "timeZone": .string(timeZone),
      "setting": "hospital-outpatient", "operator": .string(physician), "payer": "medicare",
    ]
  }

  private static func ivus(_ vessel: String, _ side: String, phase: String = "diagnostic") -> JSON {
    [
      "modality": "IVUS", "vessel": .string(vessel), "side": .string(side),
      "phase": .string(phase), "imagesStored": true,
    ]
  }
}
