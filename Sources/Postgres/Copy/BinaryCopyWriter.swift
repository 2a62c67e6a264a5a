/// Writes the binary form of COPY: a header, rows, a trailer.
///
/// The types must be exactly those of the columns: an `integer` for a `bigint` fails.
/// Source: PostgreSQL documentation, COPY, "Binary Format".
public struct BinaryCopyWriter {
  private var buffer = BinaryBuffer()

  /// Begins with the header.
  public init() {
    buffer.append(contentsOf: BinaryCopyHeader.signature)
    buffer.append(Int32(0))
    buffer.append(Int32(0))
  }

  /// How many bytes wait to be taken.
  public var byteCount: Int { buffer.count }

  /// Begins a row of so many columns, each of which must follow.
  public mutating func beginRow(columnCount: Int16) {
    buffer.append(columnCount)
  }

  /// Appends a column.
  ///
  /// - Throws: ``PostgresError/Kind/encoding`` for a value that cannot be sent.
  public mutating func append(_ value: some PostgresEncodable) throws(PostgresError) {
    try buffer.appendField(value)
  }

  /// Appends a column that is NULL.
  public mutating func appendNull() {
    buffer.append(Int32(-1))
  }

  /// Appends the trailer.
  public mutating func finish() {
    buffer.append(Int16(-1))
  }

  /// Hands over what was written since the last call.
  public mutating func takeBytes() -> [UInt8] {
    defer { buffer.removeAll() }
    return buffer.bytes
  }
}

/// What a binary COPY begins with.
enum BinaryCopyHeader {
  static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]
  /// The signature, the flags and the length of the extension.
  static let byteCount = signature.count + 8
}
