/// One row of a binary COPY, read column by column from the left.
///
/// A COPY does not name its types: a wrong one shows only in its length.
public struct BinaryCopyReader: ~Copyable {
  @usableFromInline let bytes: UnsafeRawBufferPointer
  @usableFromInline var cursor: FieldCursor

  /// How many columns have not been read yet.
  public private(set) var remainingColumnCount: Int

  /// The bytes must outlive the reader, which is only ever lent to a closure.
  init(
    _ bytes: UnsafeRawBufferPointer, at cursor: FieldCursor, columnCount: Int
  ) {
    self.bytes = bytes
    self.cursor = cursor
    remainingColumnCount = columnCount
  }

  /// Reads the next column.
  ///
  /// - Throws: ``PostgresError/Kind/decoding`` when it is NULL and `type` is not optional, when its
  ///   length does not fit, or when there is none left.
  @inlinable
  public mutating func next<Value: PostgresDecodable>(
    _ type: Value.Type = Value.self
  ) throws(PostgresError) -> Value {
    try countColumn()
    return try cursor.field(type, in: bytes.bytes)
  }

  /// Lends the bytes of the next column, without a copy; returns nil for NULL.
  @inlinable
  public mutating func withNextBytes<Result>(
    _ body: (RawSpan) throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result? {
    try countColumn()
    let length = Int(try cursor.integer(Int32.self, in: bytes.bytes))
    guard length >= 0 else { return nil }
    guard bytes.count - cursor.offset >= length else { throw PostgresError.truncated() }
    defer { cursor.offset += length }
    return try body(bytes.bytes.extracting(cursor.offset..<cursor.offset + length))
  }

  @usableFromInline
  mutating func countColumn() throws(PostgresError) {
    guard remainingColumnCount > 0 else {
      throw PostgresError(.decoding, "more columns were read than the row has")
    }
    remainingColumnCount -= 1
  }
}

/// How far a binary COPY has been read: header, rows, trailer.
struct BinaryCopyStage {
  private var hasReadHeader = false
  private var hasReadTrailer = false

  /// Reads the rows of one piece, which holds whole rows, as libpq hands them over.
  mutating func readRows(
    _ bytes: UnsafeRawBufferPointer,
    _ read: (inout BinaryCopyReader) throws(PostgresError) -> Void
  ) throws(PostgresError) {
    var cursor = FieldCursor()
    if !hasReadHeader {
      cursor.offset = try Self.headerLength(bytes)
      hasReadHeader = true
    }
    while cursor.offset < bytes.count {
      let columnCount = try cursor.integer(Int16.self, in: bytes.bytes)
      guard columnCount >= 0 else {
        hasReadTrailer = true
        return try cursor.expectEnd(of: bytes.bytes)
      }
      var reader = BinaryCopyReader(bytes, at: cursor, columnCount: Int(columnCount))
      try read(&reader)
      guard reader.remainingColumnCount == 0 else {
        throw PostgresError(.decoding, "fewer columns were read than the row has")
      }
      cursor = reader.cursor
    }
  }

  /// Throws unless the data ended as it should.
  func expectTrailer() throws(PostgresError) {
    guard hasReadTrailer else { throw PostgresError.truncated() }
  }

  private static func headerLength(
    _ bytes: UnsafeRawBufferPointer
  ) throws(PostgresError) -> Int {
    guard bytes.starts(with: BinaryCopyHeader.signature),
      bytes.count >= BinaryCopyHeader.byteCount
    else { throw PostgresError(.decoding, "the COPY is not in binary") }
    let extensionLength = bytes.bytes.bigEndianInteger(
      at: BinaryCopyHeader.byteCount - 4, as: Int32.self)
    let length = BinaryCopyHeader.byteCount + Int(extensionLength)
    guard extensionLength >= 0, length <= bytes.count else { throw PostgresError.truncated() }
    return length
  }
}
