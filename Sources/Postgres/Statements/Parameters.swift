/// The values of one statement: their types, and their binary forms one behind the other.
@usableFromInline
struct Parameters: Sendable {
  /// PostgreSQL counts parameters in 16 bits.
  static let limit = Int(UInt16.max)

  @usableFromInline var types: [UInt32] = []
  /// Where each value stands in `buffer`; nil is NULL.
  @usableFromInline var ranges: [Range<Int>?] = []
  @usableFromInline var buffer = BinaryBuffer()
  /// The first value that could not be encoded.
  @usableFromInline var failure: PostgresError?

  @inlinable
  mutating func append<Value: PostgresEncodable>(_ value: Value) {
    types.append(Value.postgresType.rawValue)
    guard !value.isPostgresNull else {
      ranges.append(nil)
      return
    }
    // An empty value must not look like NULL to libpq, so the buffer is never empty.
    if buffer.count == 0 { buffer.append(UInt8(0)) }
    let start = buffer.count
    do throws(PostgresError) {
      try value.encode(into: &buffer)
    } catch {
      failure = failure ?? error
    }
    ranges.append(start..<buffer.count)
  }

  /// Throws the first value's error, if one could not be encoded, or when there are too many.
  func validate() throws(PostgresError) {
    if let failure { throw failure }
    guard types.count <= Self.limit else {
      throw PostgresError(.encoding, "a statement has more than \(Self.limit) values")
    }
    let lengths = ranges.lazy.compactMap { $0?.count }
    guard lengths.allSatisfy({ $0 <= Int(Int32.max) }) else {
      throw PostgresError(.encoding, "a value is longer than PostgreSQL can hold")
    }
  }

  /// Calls `body` with what libpq wants: a pointer to each value (nil for NULL) and its length.
  func withPointers<Result>(
    _ body: (_ values: [UnsafePointer<CChar>?], _ lengths: [Int32]) -> Result
  ) -> Result {
    buffer.bytes.withUnsafeBytes { bytes in
      let start = bytes.bindMemory(to: CChar.self).baseAddress
      return body(
        ranges.map { range in range.flatMap { start?.advanced(by: $0.lowerBound) } },
        ranges.map { Int32($0?.count ?? 0) })
    }
  }
}
