internal import Procedures

/// Vessels that count as one, with the looks at them.
struct ImagedGroup {
  /// The policy's group and the side, such as `external-iliac-vein/left`; groups that a lesion
  /// joins are named in order with `+` between them.
  let name: String
  /// The whole vessels that were imaged, by code, then side.
  let vessels: [VesselSite]
  /// By time, then version; never empty.
  let sightings: [Sighting]
  /// The lesions that joined its vessels.
  let lesions: [LesionCode]
  /// The policy's groups of more than one vessel that joined its vessels.
  let policyGroups: [String]
  /// The rule by which it earns nothing beside others; nil where it counts.
  let yieldsBy: Citation?

  var countedUnit: CountedUnit {
    CountedUnit(group: name, vessels: vessels, entries: sightings.map(\.entry))
  }
}
