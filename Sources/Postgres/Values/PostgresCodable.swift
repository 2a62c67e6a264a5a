/// A value that can be sent to PostgreSQL in the binary form of one type.
public protocol PostgresEncodable: Sendable {
  /// The type whose binary form `encode(into:)` writes.
  static var postgresType: PostgresType { get }

  /// Whether the value stands for NULL; then `encode(into:)` is not called.
  var isPostgresNull: Bool { get }

  /// Appends the binary form, without its length.
  ///
  /// - Throws: ``PostgresError/Kind/encoding`` for a value that the type cannot hold.
  func encode(into buffer: inout BinaryBuffer) throws(PostgresError)
}

extension PostgresEncodable {
  /// False: only an optional can be NULL.
  @inlinable public var isPostgresNull: Bool { false }
}

/// A value that can be read from the binary form of one or more types.
public protocol PostgresDecodable: Sendable {
  /// Whether values of this type can be read from a column of `type`.
  static func accepts(_ type: PostgresType) -> Bool

  /// Reads the binary form.
  ///
  /// - Throws: ``PostgresError/Kind/decoding`` when the bytes are no such value.
  init(postgresBinary bytes: RawSpan) throws(PostgresError)

  /// The value that stands for NULL.
  ///
  /// - Throws: ``PostgresError/Kind/decoding`` unless the type is optional.
  static func fromPostgresNull() throws(PostgresError) -> Self
}

extension PostgresDecodable {
  /// Throws: only an optional can be NULL.
  @inlinable
  public static func fromPostgresNull() throws(PostgresError) -> Self {
    throw PostgresError.unexpectedNull(Self.self)
  }
}

/// A value that goes both ways.
public typealias PostgresCodable = PostgresEncodable & PostgresDecodable

extension PostgresError {
  /// A value of the right type that does not say what its reader expects of it; the reason repeats
  /// nothing of the value.
  public static func unreadable(_ reason: String) -> PostgresError {
    PostgresError(.decoding, reason)
  }

  /// NULL where the caller asked for a type that cannot be NULL.
  @usableFromInline
  static func unexpectedNull(_ type: Any.Type) -> PostgresError {
    PostgresError(.decoding, "NULL cannot be read as \(type)")
  }

  /// Bytes of a length that the type never has.
  @usableFromInline
  static func unexpectedLength(_ count: Int, _ type: Any.Type) -> PostgresError {
    PostgresError(.decoding, "\(count) bytes cannot be read as \(type)")
  }
}
