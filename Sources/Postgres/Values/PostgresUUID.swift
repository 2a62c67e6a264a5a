/// A `uuid`: 128 bits, whatever they mean.
public struct PostgresUUID: Hashable, Sendable {
  /// The first eight bytes, most significant first.
  public let high: UInt64
  /// The last eight bytes, most significant first.
  public let low: UInt64

  /// Builds an identifier from its halves.
  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Builds an identifier from its bytes; nil unless there are sixteen.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The sixteen bytes, most significant first.
  public var bytes: [UInt8] {
    [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * $0)) } }
  }
}

extension PostgresUUID: PostgresCodable, PostgresArrayElement {
  /// `uuid`.
  public static var postgresType: PostgresType { .uuid }
  /// `uuid[]`.
  public static var postgresArrayType: PostgresType { .uuidArray }

  /// Accepts `uuid`.
  public static func accepts(_ type: PostgresType) -> Bool { type == .uuid }

  /// Appends the sixteen bytes.
  @inlinable
  public func encode(into buffer: inout BinaryBuffer) throws(PostgresError) {
    buffer.append(high)
    buffer.append(low)
  }

  /// Reads sixteen bytes.
  @inlinable
  public init(postgresBinary bytes: RawSpan) throws(PostgresError) {
    guard bytes.byteCount == 16 else {
      throw PostgresError.unexpectedLength(bytes.byteCount, PostgresUUID.self)
    }
    self.init(high: bytes.bigEndianInteger(at: 0), low: bytes.bigEndianInteger(at: 8))
  }
}

extension PostgresUUID: Comparable, CustomStringConvertible, LosslessStringConvertible {
  /// Orders as PostgreSQL does: by bytes.
  public static func < (left: PostgresUUID, right: PostgresUUID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  /// Thirty-two lower-case hexadecimal digits in five groups.
  public var description: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Reads five groups of hexadecimal digits; nil for any other text.
  public init?(_ text: String) {
    let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard groups.map(\.count) == [8, 4, 4, 4, 12] else { return nil }
    let digits = groups.joined()
    guard digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else { return nil }
    let text = String(decoding: Array(digits), as: UTF8.self)
    guard let high = UInt64(text.prefix(16), radix: 16),
      let low = UInt64(text.dropFirst(16), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }
}
