import Procedures

/// Counts vessels by the plainest means, beside the product's: reads the events themselves, follows
/// amendments by recursion, and joins sets until nothing joins any more.
///
/// The policies stand here a second time, as they were read from their sources.
struct PlainCount {
  private let events: [Event]
  private var amendments: [EventID: [Int]] = [:]

  init(_ events: [Event]) {
    self.events = events
    for (place, event) in events.enumerated() {
      switch event.body {
      case .entryCorrected(let correction): amendments[correction.entry, default: []].append(place)
      case .entryRetracted(let retraction): amendments[retraction.entry, default: []].append(place)
      default: break
      }
    }
  }

  func isRetracted(_ place: Int) -> Bool {
    (amendments[events[place].id] ?? []).contains {
      events[$0].type == .entryRetracted && !isRetracted($0)
    }
  }

  private func body(_ place: Int) throws -> EventBody {
    for amendment in (amendments[events[place].id] ?? []).reversed() {
      if case .entryCorrected(let correction) = events[amendment].body, !isRetracted(amendment) {
        return try EventBody(events[place].type, data: correction.data)
      }
    }
    return events[place].body
  }

  private static let oneOf: [String: [[String]]] = [
    "named-vessel": [],
    "sir": [
      ["external-iliac-artery", "common-femoral-artery"],
      ["external-iliac-vein", "common-femoral-vein"],
      ["superficial-femoral-artery", "popliteal-artery"],
      ["femoral-vein", "popliteal-vein"],
      ["anterior-tibial-vein", "posterior-tibial-vein", "peroneal-vein"],
    ],
    "scai-2026": [
      ["common-femoral-artery", "profunda-femoris-artery"],
      ["superficial-femoral-artery", "popliteal-artery"],
    ],
  ]

  private func whole(_ site: VesselSite) -> String {
    var vessel = site.vessel
    while let parent = vessel.facts.parent { vessel = parent }
    return vessel.code + (site.side.map { " " + $0.rawValue } ?? "")
  }

  /// How many vessels of a territory count.
  func count(_ territory: Vessel.Territory, _ policy: String) throws -> Int {
    let counted: Set<ImageAcquired.Modality> =
      territory == .coronary
      ? [.intravascularUltrasound, .opticalCoherence] : [.intravascularUltrasound]
    var groups: Set<Set<String>> = []
    var lesions: [String: Set<String>] = [:]
    for place in events.indices where !isRetracted(place) {
      switch try body(place) {
      case .imageAcquired(let image)
      where image.site.vessel.facts.territory == territory && counted.contains(image.modality):
        groups.insert([whole(image.site)])
      case .lesionIdentified(let lesion):
        lesions[lesion.lesion.text, default: []].formUnion(lesion.vessels.map(whole))
      case .caseCancelled: return 0
      default: break
      }
    }
    let imaged = groups.reduce(into: Set()) { $0.formUnion($1) }
    if territory == .noncoronary {
      for one in Self.oneOf[policy] ?? [] {
        for side in ["", " left", " right"] { groups.join(Set(one.map { $0 + side })) }
      }
    }
    // Each pass joins two groups at least, or is the last.
    for _ in 0...imaged.count { for lesion in lesions.values { groups.join(lesion) } }
    if territory == .noncoronary, policy == "scai-2026" {
      let tibials = ["anterior-tibial-artery", "posterior-tibial-artery", "peroneal-artery"]
      let yielding = [" left", " right"].filter { side in
        tibials.contains { imaged.contains($0 + side) }
      }.map { "tibioperoneal-trunk" + $0 }
      groups = groups.filter { !$0.isSubset(of: yielding) }
    }
    return groups.count
  }
}

extension Set<Set<String>> {
  /// Makes one of all groups that share a vessel with `vessels`.
  fileprivate mutating func join(_ vessels: Set<String>) {
    let touched = filter { !$0.isDisjoint(with: vessels) }
    guard touched.count > 1 else { return }
    subtract(touched)
    insert(touched.reduce(into: Set<String>()) { $0.formUnion($1) })
  }
}
