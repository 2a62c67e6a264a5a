import Procedures

/// An entry while its case is being made: times are seconds after the case's start.
struct Draft {
  let id: EventID
  let type: EventType
  var data: [JSON.Member]
  var occurred: Int
  var entered: Int
  var qualifier: Event.TimeQualifier?
  var performer: PersonCode?
  var recorder: PersonCode
  var reason: String?

  /// Replaces the value of a member that stands.
  mutating func set(_ name: String, _ value: JSON) {
    for place in data.indices where data[place].name == name {
      data[place] = JSON.Member(name, value)
    }
  }

  func value(_ name: String) -> JSON? { data.first { $0.name == name }?.value }
}

/// An image of a vessel, and the draft that says so.
struct Look {
  let draft: Int
  let site: Site
  let modality: ImageAcquired.Modality
  let phase: ImageAcquired.Phase
  var areImagesStored = true
  let pullback: JSON?

  /// The fields of its entry, of this or of another site.
  func members(at site: Site? = nil) -> [JSON.Member] {
    var members = [JSON.Member("modality", .string(modality.rawValue))]
    (site ?? self.site).append(to: &members)
    members.append(JSON.Member("phase", .string(phase.rawValue)))
    members.append(JSON.Member("imagesStored", .bool(areImagesStored)))
    if let pullback { members.append(JSON.Member("pullbackMillimetersPerSecond", pullback)) }
    return members
  }

  /// Whether it can earn a unit of imaging anywhere.
  var isIntravascular: Bool {
    modality == .intravascularUltrasound || modality == .opticalCoherence
  }
}

extension Site {
  func append(to members: inout [JSON.Member]) {
    members.append(JSON.Member("vessel", .string(vessel)))
    if let side { members.append(JSON.Member("side", .string(side.rawValue))) }
  }

  var json: JSON {
    var members: [JSON.Member] = []
    append(to: &members)
    return .object(members)
  }
}
