/// A payload that is read from and written as the `data` of its type.
///
/// `init(from:)` and `fields` name the same fields; a property test reads back what was written.
protocol Payload: Hashable, Sendable {
  init(from reader: inout FieldReader) throws(Refusal)
  var fields: Fields { get }
}

/// The fields of a payload on their way out; absent ones leave no trace.
struct Fields {
  private(set) var members: [JSON.Member] = []

  mutating func set(_ name: String, _ value: JSON?) {
    if let value { members.append(JSON.Member(name, value)) }
  }

  mutating func set<Subject>(_ name: String, _ term: Term<Subject>?) {
    set(name, term.map { .string($0.text) })
  }

  mutating func set(_ name: String, _ text: String?) { set(name, text.map { .string($0) }) }

  mutating func set(_ name: String, _ number: Decimal?) { set(name, number.map { .number($0) }) }

  mutating func set(_ name: String, _ text: Confidential?) { set(name, text?.json) }

  mutating func set(_ site: VesselSite?) {
    set("vessel", site?.vessel.code)
    set("side", site?.side?.rawValue)
  }

  mutating func set(_ name: String, _ sites: [VesselSite]) {
    set(
      name,
      .array(
        sites.map { site in
          var fields = Fields()
          fields.set(site)
          return .object(fields.members)
        }))
  }
}

extension FieldReader {
  /// The vessel and its side, by the catalogue's rule for sides.
  mutating func site() throws(Refusal) -> VesselSite {
    guard let site = try optionalSite() else {
      throw Refusal(.fieldMissing, "\(path)vessel is missing.", field: path + "vessel")
    }
    return site
  }

  /// The vessel and its side; nil when neither is there.
  mutating func optionalSite() throws(Refusal) -> VesselSite? {
    let side = try optional("side", FieldForm<Side>.choice())
    guard let raw = value("vessel") else {
      guard side == nil else {
        throw Refusal(
          .fieldMissing, "\(path)vessel is missing: a side needs its vessel.",
          field: path + "vessel")
      }
      return nil
    }
    guard let code = raw.text else { throw invalid("vessel", "a vessel's code") }
    guard let vessel = Vessel(code: code) else {
      let nearest = VesselCatalogue.standard.nearest(to: code)
      throw Refusal(
        .vesselUnknown,
        "This vessel is not in the catalogue; nearest: \(nearest.joined(separator: ", ")).",
        field: path + "vessel", nearest: nearest)
    }
    if let site = VesselSite(vessel, side) { return site }
    let name = vessel.facts.display
    throw side == nil
      ? Refusal(.sideRequired, "\(name) needs a side: left or right.", field: path + "side")
      : Refusal(.sideNotApplicable, "\(name) has no left and right.", field: path + "side")
  }

  /// A list of vessels with their sides, without repeats.
  mutating func sites(_ name: String, _ count: ClosedRange<Int>) throws(Refusal) -> [VesselSite] {
    let raw = try required(name)
    guard let elements = raw.elements, count.contains(elements.count) else {
      throw invalid(name, "a list of \(count.lowerBound) to \(count.upperBound) vessels")
    }
    var sites: [VesselSite] = []
    for (index, element) in elements.enumerated() {
      var reader = try FieldReader(element, at: "\(path)\(name)[\(index)]")
      let site = try reader.site()
      try reader.finish()
      guard !sites.contains(site) else {
        throw Refusal(
          .fieldInvalid, "\(path)\(name) names one vessel twice.", field: "\(path)\(name)[\(index)]"
        )
      }
      sites.append(site)
    }
    return sites
  }
}
