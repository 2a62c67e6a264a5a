/// Bytes in PostgreSQL's binary form, appended value by value; integers are big-endian.
public struct BinaryBuffer: Sendable {
  /// What has been appended so far.
  public private(set) var bytes: [UInt8] = []

  /// Makes an empty buffer.
  public init() {}

  /// How many bytes have been appended.
  public var count: Int { bytes.count }

  /// Appends an integer, most significant byte first.
  public mutating func append<Integer: FixedWidthInteger>(_ integer: Integer) {
    Swift.withUnsafeBytes(of: integer.bigEndian) { bytes.append(contentsOf: $0) }
  }

  /// Appends bytes as they are.
  public mutating func append(contentsOf other: some Sequence<UInt8>) {
    bytes.append(contentsOf: other)
  }

  /// Appends a value behind its length in four bytes; NULL is the length -1.
  ///
  /// - Throws: ``PostgresError/Kind/encoding`` when the value cannot be sent.
  public mutating func appendField(
    _ value: some PostgresEncodable
  ) throws(PostgresError) {
    guard !value.isPostgresNull else {
      append(Int32(-1))
      return
    }
    let start = bytes.count
    append(Int32(0))
    try value.encode(into: &self)
    guard let length = Int32(exactly: bytes.count - start - 4) else {
      throw PostgresError(.encoding, "a value is longer than PostgreSQL can hold")
    }
    replace(at: start, with: length)
  }

  /// Empties the buffer and keeps its memory.
  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
  }

  private mutating func replace(at offset: Int, with length: Int32) {
    withUnsafeBytes(of: length.bigEndian) { source in
      for (index, byte) in source.enumerated() { bytes[offset + index] = byte }
    }
  }
}
