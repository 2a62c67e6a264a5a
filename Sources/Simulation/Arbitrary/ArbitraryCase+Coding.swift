import Procedures

extension ArbitraryCase {
  /// Codes that carry the add-ons, that exclude them or are excluded, that were in force only for a
  /// time, and that no table knows.
  private static let stated = [
    "75710", "75822", "37238", "37239", "37221", "37254", "92928", "93458", "37191", "37197",
    "33275", "0645T", "C9754", "93978", "93979", "76000", "36005", "36000", "01916", "99213",
    "C1753",
  ]
  private static let derived = [
    "37252", "37253", "92978", "92979", "37250", "37251", "75945", "75946",
  ]
  private static let modifiers = [
    "59", "XE", "XS", "XP", "XU", "26", "TC", "50", "LT", "RT", "76", "GC",
  ]

  static let diagnoses = ["I87.1", "I871", "I82.4", "I70.213"]

  mutating func procedure() -> JSON {
    var modifiers: [String] = []
    let count = chance.pick(weighted: [(7, 0...0), (3, 1...2), (1, 3...6)])
    for _ in 0..<chance.number(in: count) {
      let modifier = chance.pick(Self.modifiers)
      if !modifiers.contains(modifier) { modifiers.append(modifier) }
    }
    return [
      "code": .string(chance.pick(Self.stated)),
      "units": .integer(chance.pick(weighted: [(8, 1), (2, 2), (1, 3)])),
      "modifiers": .texts(modifiers),
    ]
  }

  mutating func modifier() -> JSON {
    [
      "code": .string(chance.pick(chance.happens(perMille: 500) ? Self.derived : Self.stated)),
      "modifier": .string(chance.pick(Self.modifiers)), "reason": "apart from the rest",
    ]
  }

  mutating func release() -> JSON {
    var members = [
      JSON.Member("hold", .string(chance.pick(HoldCode.allCases).rawValue)),
      JSON.Member("reason", "seen"),
    ]
    if chance.happens(perMille: 600) {
      members.append(JSON.Member("code", .string(chance.pick(Self.derived + Self.stated))))
    }
    return .object(members)
  }
}
