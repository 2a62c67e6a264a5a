/// A `timestamp with time zone`: microseconds since 1970-01-01 00:00 UTC.
///
/// PostgreSQL holds 4714-11-24 BC to 294276-12-31; `infinity` is not a time and is refused.
public struct PostgresTimestamp: Hashable, Comparable, Sendable {
  /// Microseconds since 1970-01-01 00:00 UTC, without leap seconds.
  public let microsecondsSince1970: Int64

  /// Names a time by its microseconds since 1970-01-01 00:00 UTC.
  @inlinable
  public init(microsecondsSince1970: Int64) {
    self.microsecondsSince1970 = microsecondsSince1970
  }

  /// Orders by time.
  public static func < (left: PostgresTimestamp, right: PostgresTimestamp) -> Bool {
    left.microsecondsSince1970 < right.microsecondsSince1970
  }

  /// 2000-01-01 00:00 UTC, from which PostgreSQL counts.
  static let epochMicroseconds: Int64 = 946_684_800_000_000

  /// What PostgreSQL can hold, in microseconds since 2000 (`MIN_TIMESTAMP`, `END_TIMESTAMP`).
  static let storable: Range<Int64> = -211_813_488_000_000_000..<9_223_371_331_200_000_000
}

extension PostgresTimestamp: PostgresCodable, PostgresArrayElement {
  /// `timestamp with time zone`.
  public static var postgresType: PostgresType { .timestamptz }
  /// `timestamp with time zone[]`.
  public static var postgresArrayType: PostgresType { .timestamptzArray }

  /// Accepts `timestamp with time zone`.
  public static func accepts(_ type: PostgresType) -> Bool { type == .timestamptz }

  /// Appends the microseconds since 2000.
  ///
  /// - Throws: ``PostgresError/Kind/encoding`` for a time that PostgreSQL cannot hold.
  public func encode(into buffer: inout BinaryBuffer) throws(PostgresError) {
    let (since2000, overflow) =
      microsecondsSince1970.subtractingReportingOverflow(Self.epochMicroseconds)
    guard !overflow, Self.storable.contains(since2000) else {
      throw PostgresError(.encoding, "a time lies outside what PostgreSQL can hold")
    }
    buffer.append(since2000)
  }

  /// Reads the microseconds since 2000.
  public init(postgresBinary bytes: RawSpan) throws(PostgresError) {
    let since2000 = try Int64(postgresBinary: bytes)
    let (since1970, overflow) = since2000.addingReportingOverflow(Self.epochMicroseconds)
    guard !overflow, Self.storable.contains(since2000) else {
      throw PostgresError(.decoding, "a time is infinite or lies too far ahead")
    }
    self.init(microsecondsSince1970: since1970)
  }
}
