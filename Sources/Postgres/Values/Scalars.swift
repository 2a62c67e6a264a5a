extension Bool: PostgresCodable, PostgresArrayElement {
  /// `boolean`.
  public static var postgresType: PostgresType { .bool }
  /// `boolean[]`.
  public static var postgresArrayType: PostgresType { .boolArray }

  /// Accepts `boolean`.
  public static func accepts(_ type: PostgresType) -> Bool { type == .bool }

  /// Appends one byte, 0 or 1.
  @inlinable
  public func encode(into buffer: inout BinaryBuffer) throws(PostgresError) {
    buffer.append(UInt8(self ? 1 : 0))
  }

  /// Reads one byte, 0 or 1.
  @inlinable
  public init(postgresBinary bytes: RawSpan) throws(PostgresError) {
    guard bytes.byteCount == 1 else {
      throw PostgresError.unexpectedLength(bytes.byteCount, Bool.self)
    }
    self = bytes.bigEndianInteger(at: 0, as: UInt8.self) != 0
  }
}

extension Double: PostgresCodable, PostgresArrayElement {
  /// `double precision`.
  public static var postgresType: PostgresType { .float8 }
  /// `double precision[]`.
  public static var postgresArrayType: PostgresType { .float8Array }

  /// Accepts `double precision`.
  public static func accepts(_ type: PostgresType) -> Bool { type == .float8 }

  /// Appends the eight bytes of IEEE 754, most significant first.
  public func encode(into buffer: inout BinaryBuffer) throws(PostgresError) {
    buffer.append(bitPattern)
  }

  /// Reads the eight bytes of IEEE 754, most significant first.
  @inlinable
  public init(postgresBinary bytes: RawSpan) throws(PostgresError) {
    guard bytes.byteCount == 8 else {
      throw PostgresError.unexpectedLength(bytes.byteCount, Double.self)
    }
    self.init(bitPattern: bytes.bigEndianInteger(at: 0, as: UInt64.self))
  }
}

extension String: PostgresCodable, PostgresArrayElement {
  /// `text`.
  public static var postgresType: PostgresType { .text }
  /// `text[]`.
  public static var postgresArrayType: PostgresType { .textArray }

  /// Accepts the types whose binary form is their text.
  public static func accepts(_ type: PostgresType) -> Bool {
    type == .text || type == .varchar || type == .bpchar || type == .name
  }

  /// Appends the UTF-8 bytes.
  ///
  /// - Throws: ``PostgresError/Kind/encoding`` for a NUL character, which PostgreSQL cannot hold.
  @inlinable
  public func encode(into buffer: inout BinaryBuffer) throws(PostgresError) {
    guard !utf8.contains(0) else { throw PostgresError.holdsNul }
    buffer.append(contentsOf: utf8)
  }

  /// Reads UTF-8 bytes.
  public init(postgresBinary bytes: RawSpan) throws(PostgresError) {
    let text = bytes.withUnsafeBytes { String(validating: $0, as: UTF8.self) }
    guard let text else { throw PostgresError(.decoding, "a text is not UTF-8") }
    self = text
  }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
  /// The type of the wrapped value.
  public static var postgresType: PostgresType { Wrapped.postgresType }

  /// Whether there is no value.
  @inlinable
  public var isPostgresNull: Bool { self?.isPostgresNull ?? true }

  /// Appends the wrapped value.
  @inlinable
  public func encode(into buffer: inout BinaryBuffer) throws(PostgresError) {
    try self?.encode(into: &buffer)
  }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
  /// Accepts what the wrapped type accepts.
  public static func accepts(_ type: PostgresType) -> Bool { Wrapped.accepts(type) }

  /// Reads the wrapped value.
  @inlinable
  public init(postgresBinary bytes: RawSpan) throws(PostgresError) {
    self = .some(try Wrapped(postgresBinary: bytes))
  }

  /// No value.
  @inlinable
  public static func fromPostgresNull() throws(PostgresError) -> Wrapped? { nil }
}

extension PostgresError {
  /// A text that PostgreSQL cannot hold.
  @usableFromInline
  static var holdsNul: PostgresError { PostgresError(.encoding, "a text holds a NUL character") }
}
