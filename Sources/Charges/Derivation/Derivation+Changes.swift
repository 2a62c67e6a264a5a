public import Procedures

/// How many units of a code stand where, before and after.
public struct LineChange: Hashable, Sendable {
  /// The code.
  public let code: BillingCode
  /// The line's modifiers.
  public let modifiers: [Modifier]
  /// The line's status.
  public let status: LineStatus
  /// Its units before; 0 where there was no such line.
  public let unitsBefore: Int
  /// Its units after; 0 where there is no such line.
  public let unitsAfter: Int
}

extension Derivation {
  /// The lines that differ in their units in another derivation, such as one by other rules, in the
  /// order of lines.
  public func changes(to other: Derivation) -> [LineChange] {
    struct Key: Hashable {
      let code: BillingCode
      let modifiers: [Modifier]
      let status: LineStatus
    }
    var units: [Key: (before: Int, after: Int)] = [:]
    for line in lines {
      let key = Key(code: line.code, modifiers: line.modifiers, status: line.status)
      units[key, default: (0, 0)].before += line.units
    }
    for line in other.lines {
      let key = Key(code: line.code, modifiers: line.modifiers, status: line.status)
      units[key, default: (0, 0)].after += line.units
    }
    return units.filter { $0.value.before != $0.value.after }.map { key, units in
      LineChange(
        code: key.code, modifiers: key.modifiers, status: key.status, unitsBefore: units.before,
        unitsAfter: units.after)
    }.sorted(by: LineChange.precedes)
  }
}

extension LineChange {
  fileprivate static func precedes(_ left: LineChange, _ right: LineChange) -> Bool {
    if left.code != right.code { return left.code < right.code }
    if left.modifiers != right.modifiers {
      return left.modifiers.lexicographicallyPrecedes(right.modifiers)
    }
    return left.status < right.status
  }
}
