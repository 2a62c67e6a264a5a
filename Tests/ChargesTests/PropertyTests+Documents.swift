import Charges
import Procedures
import Testing

extension `Whatever the history` {
  static let documents: [Property] = [
    Property("a case read through a version is the case as it stood then") { history in
      var chance = history.chance
      let count = Int.random(in: 1...history.events.count, using: &chance)
      let text = try history.lines().map(\.compactText).joined(separator: "\n")
      let collection = try CaseCollection(reading: Array(text.utf8))
      let read = collection.derivations(policy: history.policy, through: Int64(count))
      let then = History(seed: history.seed, events: Array(history.events.prefix(count)))
      guard read == [try then.derivation()] else { return "it differs at version \(count)" }
      guard collection.states(through: Int64(count)) == [then.state] else {
        return "its state differs at version \(count)"
      }
      return nil
    },
    Property("every event is read back as it was written") { history in
      for (event, line) in zip(history.events, try history.lines()) {
        let read = try JSON.read(line.bytes)
        guard read == line, try SubmittedEvent(read, from: .file).event == event else {
          return line.compactText
        }
        let body = try EventBody(event.type, data: try JSON.read(event.body.data.canonicalBytes))
        guard body == event.body else { return "its stored form: \(line.compactText)" }
      }
      return nil
    },
    Property("the same case gives the same bytes, in the contract's order") { history in
      let derivation = try history.derivation()
      let json = derivation.json
      guard try history.derivation().json.bytes == json.bytes else { return "other bytes" }
      guard try JSON.read(json.bytes).bytes == json.bytes else { return "read back otherwise" }
      let names = [
        "case", "throughVersion", "serviceDate", "ruleBook", "ruleBookDigest", "groupingPolicy",
        "lines", "holds", "edits", "warnings", "unchecked",
      ]
      guard json.members?.map(\.name) == names else { return "other members" }
      let keys = derivation.lines.map { line -> [String] in
        let place = LineStatus.allCases.firstIndex(of: line.status) ?? 0
        return [line.code.text, line.modifiers.map(\.text).joined(separator: "-"), "\(place)"]
      }
      for (left, right) in zip(keys, keys.dropFirst()) where right.lexicographicallyPrecedes(left) {
        return "\(left) stands before \(right)"
      }
      return nil
    },
  ]
}
