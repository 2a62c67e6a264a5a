public import Postgres
public import Procedures

// The lab's values in PostgreSQL's binary form, so that statements take them as they are.

extension Identifier: PostgresCodable, PostgresArrayElement {
  /// `uuid`.
  public static var postgresType: PostgresType { .uuid }
  /// `uuid[]`.
  public static var postgresArrayType: PostgresType { .uuidArray }
  /// Accepts `uuid`.
  public static func accepts(_ type: PostgresType) -> Bool { type == .uuid }

  /// Appends the sixteen bytes.
  public func encode(into buffer: inout BinaryBuffer) throws(PostgresError) {
    try PostgresUUID(high: high, low: low).encode(into: &buffer)
  }

  /// Reads sixteen bytes.
  public init(postgresBinary bytes: RawSpan) throws(PostgresError) {
    let uuid = try PostgresUUID(postgresBinary: bytes)
    self.init(high: uuid.high, low: uuid.low)
  }
}

extension Instant: PostgresCodable, PostgresArrayElement {
  /// `timestamp with time zone`.
  public static var postgresType: PostgresType { .timestamptz }
  /// `timestamp with time zone[]`.
  public static var postgresArrayType: PostgresType { .timestamptzArray }
  /// Accepts `timestamp with time zone`.
  public static func accepts(_ type: PostgresType) -> Bool { type == .timestamptz }

  /// Appends the microseconds since 2000.
  public func encode(into buffer: inout BinaryBuffer) throws(PostgresError) {
    try PostgresTimestamp(microsecondsSince1970: microseconds).encode(into: &buffer)
  }

  /// Reads the microseconds since 2000.
  public init(postgresBinary bytes: RawSpan) throws(PostgresError) {
    let timestamp = try PostgresTimestamp(postgresBinary: bytes)
    self.init(microseconds: timestamp.microsecondsSince1970)
  }
}
