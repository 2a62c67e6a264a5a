import Charges
import Procedures
import Testing

extension Derivation {
  /// What it says of the case, whatever the number of its events.
  fileprivate var verdict: String {
    let members = (json.members ?? []).filter { $0.name != "throughVersion" }
    return JSON.object(members).compactText
  }
}

extension `Whatever the history` {
  static let recording: [Property] = [
    Property("entries of distinct times derive the same in any order of recording") { history in
      guard history.state.phase != .cancelled else { return nil }
      var settled = try history.settled()
      for place in settled.events.indices {
        settled.events[place].occurredAt = settled.events[0].occurredAt.adding(
          seconds: Int64(place) * 60)
      }
      var chance = history.chance
      // All but the opening and the signature.
      let middle = settled.events.dropFirst().dropLast()
      for order in [middle.reversed(), middle.shuffled(using: &chance)] {
        var other = settled
        other.events.replaceSubrange(middle.indices, with: order)
        for policy in History.policies {
          let one = try settled.derivation(policy).verdict
          let two = try other.derivation(policy).verdict
          if one != two { return "\(policy): \(one)\nand in another order \(two)" }
        }
      }
      return nil
    },
    Property("another look at an imaged vessel changes no unit, whenever it was") { history in
      var chance = history.chance
      guard history.state.phase != .cancelled else { return nil }
      var again = history
      for entry in history.state.standing {
        guard case .imageAcquired = entry.body else { continue }
        let minutes = Int64.random(in: -60...600, using: &chance)
        again = try again.adding(
          .imageAcquired, entry.body.data,
          at: history.events[0].occurredAt.adding(seconds: minutes * 60))
      }
      for policy in History.policies {
        let before = try history.derivation(policy).units
        let after = try again.derivation(policy).units
        if before != after { return "\(policy): \(before), then \(after)" }
      }
      return nil
    },
    Property("an event sent again changes nothing") { history in
      var chance = history.chance
      let lines = try history.lines()
      var repeated = lines
      for line in lines.shuffled(using: &chance).prefix(5) {
        let place = repeated.firstIndex(of: line) ?? 0
        repeated.insert(line, at: Int.random(in: place + 1...repeated.count, using: &chance))
      }
      let once = try derivation(of: lines, history.policy)
      let twice = try derivation(of: repeated, history.policy)
      return once == twice ? nil : "\(once)\nand with repeats \(twice)"
    },
    Property("a retracted entry is as if it had never been") { history in
      var chance = history.chance
      let retracted = history.state.entries.filter(\.isRetracted).map(\.id)
      for id in retracted.shuffled(using: &chance).prefix(4) {
        var gone: Set = [id]
        var without = history
        without.events = history.events.filter { event in
          switch event.body {
          case .entryCorrected(let correction) where gone.contains(correction.entry):
            gone.insert(event.id)
            return false
          case .entryRetracted(let retraction) where gone.contains(retraction.entry):
            gone.insert(event.id)
            return false
          default: return event.id != id
          }
        }
        let there = try history.signed().derivation().verdict
        let not = try without.signed().derivation().verdict
        if there != not { return "with \(id): \(there)\nand without \(not)" }
      }
      return nil
    },
    Property("a case derives what its entries say as they stand") { history in
      let amended = try history.signed().derivation().verdict
      let settled = try history.settled().derivation().verdict
      return amended == settled ? nil : "\(amended)\nand settled \(settled)"
    },
  ]

  private static func derivation(
    of lines: [JSON], _ policy: GroupingPolicyName
  ) throws -> String {
    let text = lines.map(\.compactText).joined(separator: "\n")
    let collection = try CaseCollection(reading: Array(text.utf8))
    return collection.derivations(policy: policy).map(\.json.compactText).joined(separator: "\n")
  }

  static let standing: [Property] = [
    Property("holds and edits move units between lines and never change their sum") { history in
      guard history.state.phase != .cancelled else { return nil }
      var changed = history
      let before = try history.derivation().units
      changed = try changed.adding(
        .interpretationDocumented, ["vessels": [], "report": "r", "physician": "d"])
      for hold in HoldCode.allCases {
        changed = try changed.adding(
          .holdReleased, ["hold": .string(hold.rawValue), "reason": "r"])
        let after = try changed.derivation().units
        if after != before { return "\(before), and with \(hold) released \(after)" }
      }
      let after = try changed.signed().derivation().units
      return after == before ? nil : "\(before), and signed \(after)"
    },
    Property("a line is what its holds and edits say, and a signature and releases free it") {
      history in
      let derivation = try history.derivation()
      for line in derivation.lines {
        let isExcluded = line.edits.contains { $0.code.excludesLine }
        let expected: LineStatus =
          isExcluded ? .notBillable : line.holds.isEmpty ? .billable : .planned
        if line.status != expected { return "\(line.code) is \(line.status)" }
        if isExcluded, !line.holds.isEmpty { return "\(line.code) is excluded and held" }
        if line.units == 0 { return "\(line.code) has no unit" }
        if line.because.isEmpty { return "\(line.code) names no rule" }
      }
      guard history.state.phase != .cancelled else {
        return derivation.lines.isEmpty ? nil : "a cancelled case has lines"
      }
      var freed = try history.signed()
      for hold in HoldCode.allCases {
        freed = try freed.adding(.holdReleased, ["hold": .string(hold.rawValue), "reason": "r"])
      }
      for line in try freed.derivation().lines where line.status == .planned {
        // What no person can lift.
        if line.holds.map(\.code) != [.mueExceeded] { return "\(line.code): \(line.holds)" }
      }
      return nil
    },
  ]
}
