/// A place in bytes that hold integers and length-prefixed fields one after the other.
///
/// The bytes are an argument of each call, so that the cursor can be kept apart from them.
@usableFromInline
struct FieldCursor {
  @usableFromInline var offset = 0

  @inlinable
  init() {}

  @inlinable
  mutating func integer<Integer: FixedWidthInteger>(
    _ type: Integer.Type, in bytes: RawSpan
  ) throws(PostgresError) -> Integer {
    guard bytes.byteCount - offset >= MemoryLayout<Integer>.size else {
      throw PostgresError.truncated()
    }
    defer { offset += MemoryLayout<Integer>.size }
    return bytes.bigEndianInteger(at: offset)
  }

  @inlinable
  mutating func field<Value: PostgresDecodable>(
    _ type: Value.Type, in bytes: RawSpan
  ) throws(PostgresError) -> Value {
    let length = Int(try integer(Int32.self, in: bytes))
    guard length >= 0 else { return try Value.fromPostgresNull() }
    guard bytes.byteCount - offset >= length else { throw PostgresError.truncated() }
    defer { offset += length }
    return try Value(postgresBinary: bytes.extracting(offset..<offset + length))
  }

  @inlinable
  func expectEnd(of bytes: RawSpan) throws(PostgresError) {
    guard offset == bytes.byteCount else { throw PostgresError.surplus() }
  }
}

extension PostgresError {
  /// Bytes that end before the value does.
  @usableFromInline
  static func truncated() -> PostgresError {
    PostgresError(.decoding, "a value ends too early")
  }

  /// Bytes that go on behind the value.
  @usableFromInline
  static func surplus() -> PostgresError {
    PostgresError(.decoding, "a value has bytes behind its end")
  }
}
