public import Procedures

/// The made-up hospital: its rooms, its people, and where it stands.
public struct Laboratory: Sendable {
  /// The facility whose log is simulated.
  public let facility: FacilityCode
  /// Its time zone.
  public let timeZone: TimeZoneName
  /// How many rooms it has, 1 to 40.
  public let roomCount: Int

  /// A laboratory of this many rooms; nil beyond 1 to 40.
  public init?(facility: FacilityCode, timeZone: TimeZoneName, roomCount: Int = 6) {
    guard (1...40).contains(roomCount) else { return nil }
    self.facility = facility
    self.timeZone = timeZone
    self.roomCount = roomCount
    rooms = (1...roomCount).map { "Lab \($0)" }
    circulating = (1...roomCount).compactMap { PersonCode("rn-\(200 + $0)") }
    scrubs = (1...roomCount).compactMap { PersonCode("rt-\(300 + $0)") }
    relief = PersonCode("rn-290").map { [$0] } ?? []
    coders = ["cd-41", "cd-44"].compactMap { PersonCode($0) }
    cardiologists = ["dr-114", "dr-121", "dr-127"].compactMap { PersonCode($0) }
    vascularPhysicians = ["dr-133", "dr-140", "dr-146", "dr-152"].compactMap { PersonCode($0) }
  }

  let rooms: [String]
  let circulating: [PersonCode]
  let scrubs: [PersonCode]
  let relief: [PersonCode]
  let coders: [PersonCode]
  let cardiologists: [PersonCode]
  let vascularPhysicians: [PersonCode]

  /// Which room has this name, from 0; nil where none has.
  public func room(_ name: RoomName?) -> Int? {
    name.flatMap { name in rooms.firstIndex { $0 == name.text } }
  }

  func physicians(for kind: CaseKind) -> [PersonCode] {
    switch kind {
    case .coronary: cardiologists
    case .legArtery, .iliacVein, .renal, .dialysis, .filter, .aorta: vascularPhysicians
    }
  }
}
