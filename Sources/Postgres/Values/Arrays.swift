/// A type whose arrays have a PostgreSQL form.
///
/// `UInt8` is one without being a value by itself: its array is `bytea`.
public protocol PostgresArrayElement: Sendable {
  /// The type of an array of these.
  static var postgresArrayType: PostgresType { get }

  /// Whether an array of these can be read from a column of `type`.
  static func acceptsArray(_ type: PostgresType) -> Bool

  /// Appends the binary form of an array.
  ///
  /// - Throws: ``PostgresError/Kind/encoding`` for an element that cannot be sent.
  static func encodeArray(
    _ elements: [Self], into buffer: inout BinaryBuffer
  ) throws(PostgresError)

  /// Reads the binary form of an array.
  ///
  /// - Throws: ``PostgresError/Kind/decoding`` when the bytes are no such array.
  static func decodeArray(_ bytes: RawSpan) throws(PostgresError) -> [Self]
}

extension Array: PostgresEncodable where Element: PostgresArrayElement {
  /// The type of an array of the elements.
  public static var postgresType: PostgresType { Element.postgresArrayType }

  /// Appends the array as its element type says.
  @inlinable
  public func encode(into buffer: inout BinaryBuffer) throws(PostgresError) {
    try Element.encodeArray(self, into: &buffer)
  }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
  /// Accepts what the element type accepts as an array of itself.
  public static func accepts(_ type: PostgresType) -> Bool { Element.acceptsArray(type) }

  /// Reads the array as its element type says.
  public init(postgresBinary bytes: RawSpan) throws(PostgresError) {
    self = try Element.decodeArray(bytes)
  }
}

extension PostgresArrayElement {
  /// Accepts exactly the type that is written.
  public static func acceptsArray(_ type: PostgresType) -> Bool { type == postgresArrayType }
}

extension PostgresArrayElement where Self: PostgresCodable {
  /// Appends the dimensions, the element type and each element behind its length.
  @inlinable
  public static func encodeArray(
    _ elements: [Self], into buffer: inout BinaryBuffer
  ) throws(PostgresError) {
    guard let count = Int32(exactly: elements.count) else { throw PostgresError.tooLong }
    buffer.append(Int32(elements.isEmpty ? 0 : 1))
    buffer.append(Int32(elements.contains(where: \.isPostgresNull) ? 1 : 0))
    buffer.append(postgresType.rawValue)
    guard !elements.isEmpty else { return }
    buffer.append(count)
    buffer.append(Int32(1))
    for element in elements { try buffer.appendField(element) }
  }

  /// Reads an array of one dimension, or an empty one.
  public static func decodeArray(_ bytes: RawSpan) throws(PostgresError) -> [Self] {
    var cursor = FieldCursor()
    let dimensions = try cursor.integer(Int32.self, in: bytes)
    _ = try cursor.integer(Int32.self, in: bytes)
    let type = PostgresType(rawValue: try cursor.integer(UInt32.self, in: bytes))
    guard accepts(type) else {
      throw PostgresError(
        .decoding, "an array of type \(type.rawValue) cannot be read as [\(Self.self)]")
    }
    guard dimensions > 0 else { return [] }
    guard dimensions == 1 else {
      throw PostgresError(.decoding, "an array has \(dimensions) dimensions")
    }
    let count = try cursor.integer(Int32.self, in: bytes)
    _ = try cursor.integer(Int32.self, in: bytes)
    // Each element takes at least its length: a count beyond that is no array.
    guard count >= 0, Int(count) <= (bytes.byteCount - cursor.offset) / 4 else {
      throw PostgresError(.decoding, "an array is shorter than it says")
    }
    var elements: [Self] = []
    elements.reserveCapacity(Int(count))
    for _ in 0..<count { elements.append(try cursor.field(Self.self, in: bytes)) }
    try cursor.expectEnd(of: bytes)
    return elements
  }
}

extension UInt8: PostgresArrayElement {
  /// `bytea`.
  public static var postgresArrayType: PostgresType { .bytea }

  /// Appends the bytes as they are.
  @inlinable
  public static func encodeArray(
    _ elements: [UInt8], into buffer: inout BinaryBuffer
  ) throws(PostgresError) {
    buffer.append(contentsOf: elements)
  }

  /// Reads the bytes as they are.
  public static func decodeArray(_ bytes: RawSpan) throws(PostgresError) -> [UInt8] {
    bytes.withUnsafeBytes { [UInt8]($0) }
  }
}

extension Array: PostgresArrayElement where Element == UInt8 {
  /// `bytea[]`.
  public static var postgresArrayType: PostgresType { .byteaArray }
}

extension Optional: PostgresArrayElement where Wrapped: PostgresArrayElement & PostgresCodable {
  /// The type of an array of the wrapped values.
  public static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }

  /// Accepts what the wrapped type accepts as an array of itself.
  public static func acceptsArray(_ type: PostgresType) -> Bool { Wrapped.acceptsArray(type) }
}

extension String {
  /// Accepts `text[]` and `character varying[]`.
  public static func acceptsArray(_ type: PostgresType) -> Bool {
    type == .textArray || type == .varcharArray
  }
}
