import Foundation
import Procedures

/// A source of chance that a seed repeats (SplitMix64).
struct Chance: RandomNumberGenerator {
  let seed: UInt64
  private var state: UInt64

  /// From `CATHLOG_SEED`, or a new one; tests print it with what failed.
  init() {
    let given = ProcessInfo.processInfo.environment["CATHLOG_SEED"].flatMap { UInt64($0) }
    self.init(seed: given ?? .random(in: 0...UInt64.max))
  }

  init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func id<Subject>() -> Identifier<Subject> { Identifier(high: next(), low: next()) }

  /// Whether something of this chance happens.
  mutating func happens(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

extension Identifier {
  /// A new random identifier.
  static var fresh: Self {
    Self(high: .random(in: 1...UInt64.max), low: .random(in: 1...UInt64.max))
  }
}
