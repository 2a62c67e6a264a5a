import Procedures
import Testing

/// Events as a lab submits them.
struct Lab {
  let facility: FacilityCode
  let caseID: CaseID

  static let start = Instant(microseconds: 1_772_000_000_000_000)

  init(_ facility: FacilityCode, case caseID: CaseID = .fresh) {
    self.facility = facility
    self.caseID = caseID
  }

  func event(
    _ type: EventType, _ data: JSON, id: EventID = .fresh, at time: Instant = start,
    reason: String? = nil
  ) throws -> Event {
    Event(
      id: id, caseID: caseID, occurredAt: time, reason: reason.map { .clear($0) },
      body: try EventBody(type, data: data))
  }

  func opened(
    id: EventID = .fresh, patient: String? = nil, encounter: String? = nil
  ) throws -> Event {
    var members: [JSON.Member] = [
      JSON.Member("facility", .string(facility.text)), JSON.Member("room", "Cath 2"),
      JSON.Member("serviceDate", "2026-02-25"), JSON.Member("timeZone", "America/New_York"),
      JSON.Member("setting", "hospital-outpatient"), JSON.Member("operator", "dr.lee"),
    ]
    if let patient { members.append(JSON.Member("patient", .string(patient))) }
    if let encounter { members.append(JSON.Member("encounter", .string(encounter))) }
    return try event(.caseOpened, .object(members), id: id)
  }

  func identified(_ patient: String) throws -> Event {
    try event(
      .patientIdentified,
      ["patient": .string(patient), "identifiersChecked": ["name", "birth date"]])
  }

  func note(_ text: String = "nothing unusual", id: EventID = .fresh) throws -> Event {
    try event(.noteRecorded, ["kind": "nursing", "text": .string(text)], id: id)
  }

  func image(_ vessel: String = "common-iliac-vein", id: EventID = .fresh) throws -> Event {
    try event(
      .imageAcquired,
      [
        "modality": "IVUS", "vessel": .string(vessel), "side": "left", "phase": "diagnostic",
        "imagesStored": true,
      ], id: id)
  }

  func corrected(
    _ entry: EventID, _ data: JSON, reason: String = "typing error", id: EventID = .fresh
  ) throws -> Event {
    try event(
      .entryCorrected,
      ["entry": .string(entry.description), "data": data, "reason": .string(reason)], id: id)
  }

  func retracted(_ entry: EventID, reason: String = "wrong patient") throws -> Event {
    try event(
      .entryRetracted, ["entry": .string(entry.description), "reason": .string(reason)])
  }

  func signed() throws -> Event {
    try event(.caseSigned, ["signer": "dr.lee", "meaning": "author"])
  }

  func cancelled(reason: String = "no access") throws -> Event {
    try event(.caseCancelled, ["reason": .string(reason)])
  }

  /// The opening of the facility's log, an event of the case of all zeros.
  static func facilityOpened(_ facility: FacilityCode, id: EventID = .fresh) throws -> Event {
    try Lab(facility, case: .zero).event(
      .facilityOpened,
      [
        "facility": .string(facility.text), "name": "St. Mary's", "timeZone": "America/New_York",
      ], id: id)
  }

  static var nurse: PersonCode {
    get throws { try #require(PersonCode("nurse.1")) }
  }
}
