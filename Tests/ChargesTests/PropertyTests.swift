import Charges
import Procedures
import Testing

@Suite
struct `Whatever the history` {
  /// Each pair of a first and a further code.
  static let pairs = [
    ("37252", "37253"), ("92978", "92979"), ("37250", "37251"), ("75945", "75946"),
  ]
  static let heart: Set = ["92978", "92979"]

  static let properties: [Property] = counting + recording + standing + documents + words

  @Test(arguments: properties)
  func `this holds`(_ property: Property) { property.check() }

  @Test
  func `a property that does not hold is found and shrunk`() throws {
    let property = Property("no case has an image") { history in
      history.events.contains { $0.type == .imageAcquired } ? "it has" : nil
    }
    let failures = property.result(1..<40).failures
    #expect(failures.count == 3)
    for failure in failures {
      // The opening, the image, and the lesion where the image is of one.
      #expect((2...3).contains(failure.smallest.events.count))
      #expect(failure.description.contains("CATHLOG_SEED=\(failure.smallest.seed)"))
    }
  }
}

extension `Whatever the history` {
  static let counting: [Property] = [
    Property("the first code once, and the further one only beside it") { history in
      let units = try history.derivation().units
      for (first, further) in pairs {
        let firsts = units[first] ?? 0
        if firsts > 1 { return "\(firsts) units of \(first)" }
        if firsts == 0, units[further] != nil { return "\(further) without \(first)" }
      }
      return nil
    },
    Property("the units are those of a plain count, under every policy") { history in
      let count = PlainCount(history.events)
      for policy in History.policies {
        let units = try history.derivation(policy).units
        let date = history.state.opening?.serviceDate.description ?? ""
        let outside = try count.count(.noncoronary, policy.text)
        let within = try count.count(.coronary, policy.text)
        var expected: [String: Int] = [:]
        for (first, further) in pairs {
          let isOld = first != "37252" && first != "92978"
          let isInForce = first == "92978" || isOld == (date < "2016-01-01")
          let vessels = first == "92978" ? within : outside
          guard isInForce, vessels > 0 else { continue }
          expected[first] = 1
          if vessels > 1 { expected[further] = vessels - 1 }
        }
        let derived = units.filter { code, _ in pairs.contains { [$0, $1].contains(code) } }
        if derived != expected { return "\(policy): \(derived), not \(expected)" }
      }
      return nil
    },
    Property("one unit a group, and no group and no entry twice in a code's family") { history in
      let lines = try history.derivation().lines
      for (first, further) in pairs {
        let counted = lines.filter { [first, further].contains($0.code.text) }.flatMap(\.counted)
        let groups = counted.map(\.group)
        let entries = counted.flatMap(\.entries)
        if Set(groups).count != groups.count { return "a group counts twice: \(groups)" }
        if Set(entries).count != entries.count { return "an entry counts twice: \(entries)" }
      }
      for line in lines where line.counted.count != line.units {
        return "\(line.code): \(line.units) units of \(line.counted.count) groups"
      }
      return nil
    },
    Property("every counted entry stands, is of a counted kind, and shows the unit's vessel") {
      history in
      let state = history.state
      for line in try history.derivation().lines {
        for unit in line.counted where !unit.vessels.isEmpty {
          for id in unit.entries {
            guard let entry = state.entry(id), !entry.isRetracted,
              case .imageAcquired(let image) = entry.body
            else { return "\(id) is no image that stands" }
            let isCoronary = heart.contains(line.code.text)
            let isCounted =
              image.modality == .intravascularUltrasound
              || isCoronary && image.modality == .opticalCoherence
            if !isCounted { return "\(image.modality) counts for \(line.code)" }
            if (image.site.vessel.facts.territory == .coronary) != isCoronary {
              return "\(image.site) counts for \(line.code)"
            }
            if !unit.vessels.contains(image.site.whole) { return "\(image.site) is in no vessel" }
          }
        }
      }
      return nil
    },
    Property("the heart changes nothing elsewhere, nor the other way round") { history in
      guard history.state.phase != .cancelled else { return nil }
      let settled = try history.settled()
      let whole = try settled.derivation().lines
      for territory in Vessel.Territory.allCases {
        var part = settled
        part.events.removeAll {
          guard case .imageAcquired(let image) = $0.body else { return false }
          return image.site.vessel.facts.territory == territory
        }
        let own =
          territory == .coronary ? heart : Set(pairs.flatMap { [$0, $1] }).subtracting(heart)
        // A stated code can be excluded by what is counted outside the heart.
        let others = territory == .coronary ? nil : heart
        let counts = { (line: LineItem) -> Bool in
          others?.contains(line.code.text) ?? !own.contains(line.code.text)
        }
        let beside = whole.filter(counts)
        let alone = try part.derivation().lines.filter(counts)
        if beside != alone { return "without \(territory): \(alone), with it \(beside)" }
      }
      return nil
    },
    Property("joining two imaged vessels by a lesion never raises units") { history in
      var chance = history.chance
      let imaged = history.state.standing.compactMap { entry -> VesselSite? in
        if case .imageAcquired(let image) = entry.body { image.site } else { nil }
      }
      guard let one = imaged.randomElement(using: &chance),
        let other = imaged.filter({ $0 != one }).randomElement(using: &chance),
        history.state.phase != .cancelled
      else { return nil }
      let joined = try history.adding(
        .lesionIdentified, ["lesion": "Z", "vessels": [one.fields, other.fields]])
      for policy in History.policies {
        let before = try history.derivation(policy).units
        let after = try joined.derivation(policy).units
        for (code, units) in after where units > before[code] ?? 0 {
          return "\(policy), \(code): \(before[code] ?? 0), then \(units)"
        }
        let fewer = before.values.reduce(0, +) - after.values.reduce(0, +)
        let isOld = before["37250"] != nil
        if fewer > (isOld ? 2 : 1) { return "\(policy): \(fewer) units fewer" }
      }
      return nil
    },
    Property("a further vessel, stored and read, adds one unit") { history in
      guard history.state.phase != .cancelled else { return nil }
      let more = try history.adding(
        .imageAcquired,
        [
          "modality": "IVUS", "vessel": "splenic-vein", "phase": "diagnostic", "imagesStored": true,
        ])
      // Imaged before, or in a lesion, it is none of its own.
      let isKnown = history.script.contains { $0.compactText.contains("splenic-vein") }
      if isKnown { return nil }
      let before = try history.derivation().units
      let after = try more.derivation().units
      for (first, further) in pairs where first != "92978" && after[first] != nil {
        let added =
          (after[first] ?? 0) + (after[further] ?? 0) - (before[first] ?? 0)
          - (before[further] ?? 0)
        if added != 1 { return "\(first) and \(further): \(added) more" }
      }
      return after.isEmpty ? "nothing is counted" : nil
    },
  ]
}

extension VesselSite {
  /// The site as a lesion names it.
  var fields: JSON {
    var members = [JSON.Member("vessel", .string(vessel.code))]
    if let side { members.append(JSON.Member("side", .string(side.rawValue))) }
    return .object(members)
  }
}
