/// A UUID (RFC 9562) that names one kind of thing, so that a case is never passed for an event.
public struct Identifier<Subject>: Hashable, Sendable {
  /// The first eight bytes, big-endian.
  public let high: UInt64
  /// The last eight bytes, big-endian.
  public let low: UInt64

  /// The identifier of these 16 bytes.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The nil UUID.
  public static var zero: Self { Self(high: 0, low: 0) }
}

/// Names a case: one procedure session of one patient.
public typealias CaseID = Identifier<CaseState>
/// Names an event: the caller's idempotency key.
public typealias EventID = Identifier<Event>

extension Identifier: CustomStringConvertible, LosslessStringConvertible, Comparable {
  /// Reads the 36 character form, in either case.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 36 else { return nil }
    var halves: (high: UInt64, low: UInt64) = (0, 0)
    var digits = 0
    for (offset, byte) in bytes.enumerated() {
      if offset == 8 || offset == 13 || offset == 18 || offset == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = hexValue(byte) else { return nil }
      if digits < 16 {
        halves.high = halves.high << 4 | UInt64(digit)
      } else {
        halves.low = halves.low << 4 | UInt64(digit)
      }
      digits += 1
    }
    self.init(high: halves.high, low: halves.low)
  }

  /// The 36 character form in lower case.
  public var description: String {
    let text = [UInt8](unsafeUninitializedCapacity: 36) { buffer, count in
      let digits = hexDigits
      var at = 0
      for nibble in 0..<32 {
        if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
          buffer[at] = UInt8(ascii: "-")
          at += 1
        }
        let half = nibble < 16 ? high : low
        buffer[at] = digits[Int(half >> UInt64(60 - 4 * (nibble % 16)) & 15)]
        at += 1
      }
      count = 36
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Byte order, as PostgreSQL sorts its `uuid`.
  public static func < (left: Self, right: Self) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}
