import Procedures

/// SplitMix64: the same numbers for the same seed on every machine and in every edition.
///
/// Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014,
/// with the constants of Java's `SplittableRandom` and of Vigna's public-domain `splitmix64.c`. All
/// of it is arithmetic on 64-bit integers. Ranges are drawn here and not by the standard library,
/// whose way of drawing may change. Not for secrets: two outputs give the rest away.
public struct SeededGenerator: Sendable {
  private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var state: UInt64

  /// The generator of this seed.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= Self.increment
    return Self.mixed(state)
  }

  /// A generator of its own for each number.
  ///
  /// Its seed is the output of that number, from 0, which this one would give. Different numbers have different seeds, since mixing is a bijection.
  func stream(_ number: UInt64) -> SeededGenerator {
    SeededGenerator(seed: Self.mixed(state &+ (number &+ 1) &* Self.increment))
  }

  private static func mixed(_ state: UInt64) -> UInt64 {
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension SeededGenerator {
  /// A number of the range; each is as likely as the others to within 2⁻³² for the ranges of a lab.
  mutating func number(in range: ClosedRange<Int>) -> Int {
    let count = UInt64(range.upperBound - range.lowerBound + 1)
    return range.lowerBound + Int(next().multipliedFullWidth(by: count).high)
  }

  /// Whether something happens that does so in so many of a thousand times.
  mutating func happens(perMille: Int) -> Bool { number(in: 0...999) < perMille }

  /// One element, each as likely as the others.
  ///
  /// - Precondition: there is one.
  mutating func pick<Elements: RandomAccessCollection>(
    _ elements: Elements
  ) -> Elements.Element where Elements.Index == Int {
    elements[elements.startIndex + number(in: 0...elements.count - 1)]
  }

  /// One value of a table, as often as its weight says.
  ///
  /// - Precondition: there is a row, and no weight is negative.
  mutating func pick<Value>(weighted rows: [(weight: Int, value: Value)]) -> Value {
    var rest = number(in: 0...rows.reduce(0) { $0 + $1.weight } - 1)
    for row in rows {
      if rest < row.weight { return row.value }
      rest -= row.weight
    }
    return rows[rows.count - 1].value
  }

  /// A UUID of version 4 (RFC 9562, 5.4), whose 122 bits come from the seed.
  mutating func identifier<Subject>() -> Identifier<Subject> {
    Identifier(
      high: next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000,
      low: next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
  }

  /// So many decimal digits after a prefix, such as a record number.
  mutating func digits(_ count: Int, after prefix: String) -> String {
    var text = prefix
    for _ in 0..<count { text.append(String(number(in: 0...9))) }
    return text
  }
}
