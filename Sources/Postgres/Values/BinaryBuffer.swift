/// Bytes in PostgreSQL's binary form, appended value by value; integers are big-endian.
public struct BinaryBuffer: Sendable {
  /// What has been appended so far.
  @inlinable public var bytes: [UInt8] { storage }

  @usableFromInline var storage: [UInt8] = []

  /// Makes an empty buffer.
  public init() {}

  /// How many bytes have been appended.
  @inlinable public var count: Int { storage.count }

  /// Appends an integer, most significant byte first.
  @inlinable
  public mutating func append<Integer: FixedWidthInteger>(_ integer: Integer) {
    Swift.withUnsafeBytes(of: integer.bigEndian) { storage.append(contentsOf: $0) }
  }

  /// Appends bytes as they are.
  @inlinable
  public mutating func append(contentsOf other: some Sequence<UInt8>) {
    storage.append(contentsOf: other)
  }

  /// Appends a value behind its length in four bytes; NULL is the length -1.
  ///
  /// - Throws: ``PostgresError/Kind/encoding`` when the value cannot be sent.
  @inlinable
  public mutating func appendField(
    _ value: some PostgresEncodable
  ) throws(PostgresError) {
    guard !value.isPostgresNull else {
      append(Int32(-1))
      return
    }
    let start = storage.count
    append(Int32(0))
    try value.encode(into: &self)
    guard let length = Int32(exactly: storage.count - start - 4) else {
      throw PostgresError.tooLong
    }
    replace(at: start, with: length)
  }

  /// Empties the buffer and keeps its memory.
  mutating func removeAll() {
    storage.removeAll(keepingCapacity: true)
  }

  @usableFromInline
  mutating func replace(at offset: Int, with length: Int32) {
    withUnsafeBytes(of: length.bigEndian) { source in
      for (index, byte) in source.enumerated() { storage[offset + index] = byte }
    }
  }
}

extension PostgresError {
  /// More bytes, or more elements, than PostgreSQL can hold.
  @usableFromInline
  static var tooLong: PostgresError {
    PostgresError(.encoding, "a value is longer than PostgreSQL can hold")
  }
}
