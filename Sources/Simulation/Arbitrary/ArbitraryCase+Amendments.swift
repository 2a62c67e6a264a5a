import Procedures

extension ArbitraryCase {
  /// Corrects or retracts an entry that stands in the log; false where there is none to amend.
  mutating func amend() -> Bool {
    chance.happens(perMille: 450) ? correct() : retract()
  }

  /// Gives an entry new data of its type, at times another time too.
  private mutating func correct() -> Bool {
    let open = state.entries.filter {
      let category = $0.original.type.category
      return category != .lifecycle && category != .amendment
    }
    if open.isEmpty { return false }
    let entry = chance.pick(open)
    var members = [
      JSON.Member("entry", .string(entry.id.description)),
      JSON.Member("data", data(of: entry.original.type)),
      JSON.Member("reason", "wrong"),
    ]
    if chance.happens(perMille: 300) {
      members.append(JSON.Member("occurredAt", .string(nextTime().description)))
    }
    record(.entryCorrected, .object(members))
    return true
  }

  /// Retracts an entry, a correction or a retraction: the last ones more often, so that
  /// retractions of retractions are common.
  private mutating func retract() -> Bool {
    let open = state.entries.filter {
      $0.original.type.category != .lifecycle && !$0.isRetracted
    }
    if open.isEmpty { return false }
    let amendments = open.filter { $0.original.type.category == .amendment }
    let entry =
      !amendments.isEmpty && chance.happens(perMille: 400)
      ? chance.pick(amendments) : chance.pick(open)
    record(
      .entryRetracted, ["entry": .string(entry.id.description), "reason": "not so"])
    return true
  }
}
