import Postgres
import Testing

// A server allows a hundred connections unless it is told otherwise.
@Suite(.serialized) struct `Values` {
  /// Sends a value, lets PostgreSQL compare it with its own reading of `literal`, and reads it back.
  private func check<Value: PostgresCodable & Equatable>(
    _ value: Value, _ literal: String, _ type: String
  ) async throws {
    let (isSame, echo) = try await withSession { session throws(PostgresError) in
      let row = try session.query(
        "SELECT \(value) IS NOT DISTINCT FROM (\(unescaped: literal))::\(unescaped: type), \(value)"
      )[0]
      return (try row[0, as: Bool.self], try row[1, as: Value.self])
    }
    #expect(isSame, "\(literal)::\(type) was sent as something else")
    #expect(echo == value)
  }

  @Test(arguments: [
    (Int64.min, "'-9223372036854775808'"), (-1, "-1"), (0, "0"), (1, "1"),
    (Int64.max, "9223372036854775807"),
  ])
  func `a bigint goes both ways`(_ value: Int64, _ literal: String) async throws {
    try await check(value, literal, "bigint")
    try await check(Int(value), literal, "bigint")
    try await check(Int64?.some(value), literal, "bigint")
  }

  @Test(arguments: [(Int32.min, "-2147483648"), (0, "0"), (Int32.max, "2147483647")])
  func `an integer goes both ways`(_ value: Int32, _ literal: String) async throws {
    try await check(value, "'\(literal)'", "integer")
  }

  @Test(arguments: [(Int16.min, "-32768"), (0, "0"), (Int16.max, "32767")])
  func `a smallint goes both ways`(_ value: Int16, _ literal: String) async throws {
    try await check(value, "'\(literal)'", "smallint")
  }

  @Test(arguments: [(true, "true"), (false, "false")])
  func `a boolean goes both ways`(_ value: Bool, _ literal: String) async throws {
    try await check(value, literal, "boolean")
  }

  @Test(arguments: [
    (0.0, "0"), (-1.5, "-1.5"), (Double.greatestFiniteMagnitude, "'1.7976931348623157e308'"),
    (Double.leastNonzeroMagnitude, "'5e-324'"), (Double.infinity, "'Infinity'"),
    (-Double.infinity, "'-Infinity'"),
  ])
  func `a double goes both ways`(_ value: Double, _ literal: String) async throws {
    try await check(value, literal, "double precision")
  }

  @Test func `a double that is not a number goes both ways`() async throws {
    let echo = try await withSession { session throws(PostgresError) in
      try session.query("SELECT \(Double.nan)")[0][0, as: Double.self]
    }
    #expect(echo.isNaN)
  }

  @Test(arguments: [
    ("", "''"), ("plain", "'plain'"), ("it's", "'it''s'"), ("$1; DROP", "'$1; DROP'"),
    ("é and e\u{301}", "U&'\\00e9 and e\\0301'"), ("🫀", "U&'\\+01FAC0'"),
    ("\n\t\\", "E'\\n\\t\\\\'"),
  ])
  func `a text goes both ways`(_ value: String, _ literal: String) async throws {
    try await check(value, literal, "text")
  }

  @Test(
    arguments: [
      ([], "''"), ([0], "'\\x00'"), ([0, 255, 128], "'\\x00ff80'"), ([UInt8](0...255), nil),
    ] as [([UInt8], String?)])
  func `bytes go both ways`(_ value: [UInt8], _ literal: String?) async throws {
    let all =
      "decode('\(value.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())','hex')"
    try await check(value, literal ?? all, "bytea")
  }

  @Test(arguments: [
    (PostgresUUID(high: 0, low: 0), "00000000-0000-0000-0000-000000000000"),
    (PostgresUUID(high: .max, low: .max), "ffffffff-ffff-ffff-ffff-ffffffffffff"),
    (
      PostgresUUID(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210),
      "01234567-89ab-cdef-fedc-ba9876543210"
    ),
  ])
  func `a uuid goes both ways`(_ value: PostgresUUID, _ text: String) async throws {
    try await check(value, "'\(text)'", "uuid")
    #expect(value.description == text)
    #expect(PostgresUUID(text) == value)
    #expect(PostgresUUID(bytes: value.bytes) == value)
  }

  @Test(arguments: ["", "0123456789abcdeffedcba9876543210", "01234567-89ab-cdef-fedc-ba987654321g"])
  func `another text is no uuid`(_ text: String) {
    #expect(PostgresUUID(text) == nil)
  }

  @Test(
    arguments: [
      (0, "1970-01-01 00:00+00"), (-1, "1969-12-31 23:59:59.999999+00"),
      (946_684_800_000_000, "2000-01-01 00:00+00"),
      (1_456_704_000_123_456, "2016-02-29 00:00:00.123456+00"),
      (-210_866_803_200_000_000, "4714-11-24 00:00:00+00 BC"),
      (9_223_371_331_199_999_999, "294247-01-01 23:59:59.999999+00"),
    ] as [(Int64, String)])
  func `a time goes both ways`(_ microseconds: Int64, _ literal: String) async throws {
    // The latest time that an Int64 since 1970 can name lies thirty years before PostgreSQL's.
    try await check(
      PostgresTimestamp(microsecondsSince1970: microseconds), "'\(literal)'", "timestamptz")
  }

  @Test(arguments: [Int64.min, Int64.min + 946_684_800_000_000, -210_866_803_200_000_001])
  func `a time that PostgreSQL cannot hold is refused before it is sent`(_ value: Int64) async {
    let error = await postgresError {
      try await withSession { session throws(PostgresError) in
        try session.execute("SELECT \(PostgresTimestamp(microsecondsSince1970: value))")
      }
    }
    #expect(error?.kind == .encoding)
  }

  @Test(arguments: ["infinity", "-infinity", "294276-12-31 23:59:59+00"])
  func `a time that microseconds since 1970 cannot hold is refused`(_ literal: String) async {
    let error = await postgresError {
      try await withSession { session throws(PostgresError) in
        try session.query("SELECT \(literal)::text::timestamptz")[0][0, as: PostgresTimestamp.self]
      }
    }
    #expect(error?.kind == .decoding)
  }

  @Test func `null goes both ways for every type`() async throws {
    func check<Value: PostgresCodable & Equatable>(_ type: Value.Type) async throws {
      let (echo, isNull) = try await withSession { session throws(PostgresError) in
        let row = try session.query("SELECT \(Value?.none)")[0]
        return (try row[0, as: Value?.self], try row.isNull(0))
      }
      #expect(echo == nil)
      #expect(isNull)
    }
    try await check(Bool.self)
    try await check(Int16.self)
    try await check(Int32.self)
    try await check(Int64.self)
    try await check(Double.self)
    try await check(String.self)
    try await check([UInt8].self)
    try await check(PostgresUUID.self)
    try await check(PostgresTimestamp.self)
    try await check([Int64].self)
    try await check([String?].self)
  }

  @Test func `arrays go both ways`() async throws {
    try await check([Int64](), "'{}'", "bigint[]")
    try await check(
      [Int64.min, 0, .max], "'{-9223372036854775808,0,9223372036854775807}'", "bigint[]")
    try await check([1, 2], "'{1,2}'", "bigint[]")
    try await check([1, 2] as [Int32], "'{1,2}'", "integer[]")
    try await check([-1, 2] as [Int16], "'{-1,2}'", "smallint[]")
    try await check([true, false], "'{t,f}'", "boolean[]")
    try await check([0.5, -0.25], "'{0.5,-0.25}'", "double precision[]")
    try await check(["", "a,b", "\"q\"", "NULL"], "ARRAY['','a,b','\"q\"','NULL']", "text[]")
    try await check([[], [0, 255]] as [[UInt8]], "ARRAY['','\\x00ff']", "bytea[]")
    let id = PostgresUUID(high: 0, low: 1)
    try await check([id], "ARRAY['\(id)']", "uuid[]")
    let time = PostgresTimestamp(microsecondsSince1970: 0)
    try await check([time], "ARRAY['1970-01-01 00:00+00']", "timestamptz[]")
  }

  @Test func `arrays with null elements go both ways`() async throws {
    try await check([1, nil, 3] as [Int64?], "'{1,NULL,3}'", "bigint[]")
    try await check([nil] as [Int32?], "'{NULL}'", "integer[]")
    try await check([nil, 7] as [Int16?], "'{NULL,7}'", "smallint[]")
    try await check([nil, true] as [Bool?], "'{NULL,t}'", "boolean[]")
    try await check([nil, 1.5] as [Double?], "'{NULL,1.5}'", "double precision[]")
    try await check(["", nil] as [String?], "ARRAY['',NULL]", "text[]")
    try await check([[1], nil] as [[UInt8]?], "ARRAY['\\x01',NULL]", "bytea[]")
    try await check([nil] as [PostgresUUID?], "'{NULL}'", "uuid[]")
    try await check([nil] as [PostgresTimestamp?], "'{NULL}'", "timestamptz[]")
  }

  @Test func `an array of ten thousand elements goes both ways`() async throws {
    let values = (0..<10_000).map { Int64($0) }
    try await check(values, "ARRAY(SELECT generate_series(0, 9999))", "bigint[]")
  }

  @Test(arguments: [
    ("SELECT ARRAY[NULL]::bigint[]", "a null element"),
    ("SELECT '{{1,2}}'::bigint[]", "two dimensions"),
    ("SELECT '{1}'::integer[]", "another type"), ("SELECT 1::integer", "another type"),
    ("SELECT NULL::bigint[]", "null"),
  ])
  func `an array that does not fit is refused`(_ text: String, _ why: String) async {
    let error = await postgresError {
      try await withSession { session throws(PostgresError) in
        try session.query("\(unescaped: text)")[0][0, as: [Int64].self]
      }
    }
    #expect(error?.kind == .decoding, "\(why)")
  }

  @Test func `an int reads every integer type`() async throws {
    let values = try await withSession { session throws(PostgresError) in
      let row = try session.query("SELECT (-2)::smallint, (-3)::integer, (-4)::bigint")[0]
      return [try row[0, as: Int.self], try row[1, as: Int.self], try row[2, as: Int.self]]
    }
    #expect(values == [-2, -3, -4])
  }

  @Test(arguments: ["a\0b", "\0"])
  func `a text with a NUL character is refused before it is sent`(_ text: String) async {
    let kinds = await withKinds { session throws(PostgresError) in
      try session.execute("SELECT \(text)")
    }
    #expect(kinds == .encoding)
    let inArray = await withKinds { session throws(PostgresError) in
      try session.execute("SELECT \([text])")
    }
    #expect(inArray == .encoding)
  }

  private func withKinds(
    _ body: @Sendable (Session) throws(PostgresError) -> Int
  ) async -> PostgresError.Kind? {
    await postgresError { try await withSession(body) }?.kind
  }
}
