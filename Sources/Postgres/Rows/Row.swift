import CLibPQ

/// One row of a result; it keeps the whole result alive.
public struct Row: Sendable {
  let result: QueryResult
  let index: Int32

  /// How many columns the row has.
  public var count: Int { Int(PQnfields(result.pointer)) }

  /// Reads a column by its place, from zero.
  ///
  /// - Throws: ``PostgresError/Kind/decoding`` for a column that is not there, a column of another
  ///   type, and NULL where `type` is not optional.
  public subscript<Value: PostgresDecodable>(
    column: Int, as type: Value.Type = Value.self
  ) -> Value {
    get throws(PostgresError) {
      try checkRange(of: column)
      let columnType = knownType(of: column)
      guard Value.accepts(columnType) else {
        throw PostgresError(
          .decoding, "column \(column) has type \(columnType.rawValue), not one of \(Value.self)")
      }
      guard let bytes = field(column) else { return try Value.fromPostgresNull() }
      return try Value(postgresBinary: bytes.bytes)
    }
  }

  /// Reads a column by its name; of several with one name, the first.
  ///
  /// - Throws: ``PostgresError/Kind/decoding``, as the subscript by place.
  public subscript<Value: PostgresDecodable>(
    column: String, as type: Value.Type = Value.self
  ) -> Value {
    get throws(PostgresError) { try self[place(of: column), as: type] }
  }

  /// Whether a column is NULL.
  ///
  /// - Throws: ``PostgresError/Kind/decoding`` for a column that is not there.
  public func isNull(_ column: Int) throws(PostgresError) -> Bool {
    try checkRange(of: column)
    return field(column) == nil
  }

  /// Lends the binary form of a column, without a copy and without a check of its type.
  ///
  /// - Returns: What `body` returns, or nil for NULL.
  /// - Throws: ``PostgresError/Kind/decoding`` for a column that is not there, and what `body` throws.
  public func withBytes<Result>(
    of column: Int, _ body: (RawSpan) throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result? {
    try checkRange(of: column)
    guard let bytes = field(column) else { return nil }
    return try body(bytes.bytes)
  }

  /// The type of a column.
  ///
  /// - Throws: ``PostgresError/Kind/decoding`` for a column that is not there.
  public func type(of column: Int) throws(PostgresError) -> PostgresType {
    try checkRange(of: column)
    return knownType(of: column)
  }

  /// The names of the columns, in order.
  public var columnNames: [String] {
    (0..<Int32(count)).map { PQfname(result.pointer, $0).map { String(cString: $0) } ?? "" }
  }
}

extension Row {
  private func checkRange(of column: Int) throws(PostgresError) {
    guard column >= 0, column < count else {
      throw PostgresError(.decoding, "there is no column \(column) among \(count)")
    }
  }

  private func place(of name: String) throws(PostgresError) -> Int {
    // PQfnumber would fold upper case; a name is compared as the server sent it.
    for column in 0..<Int32(count) {
      guard let known = PQfname(result.pointer, column) else { continue }
      if String(cString: known) == name { return Int(column) }
    }
    throw PostgresError(.decoding, "there is no column of the name \(name)")
  }

  private func knownType(of column: Int) -> PostgresType {
    PostgresType(rawValue: PQftype(result.pointer, Int32(column)))
  }

  /// The bytes of a column that is known to be there, which live as long as the result does.
  private func field(_ column: Int) -> UnsafeRawBufferPointer? {
    let column = Int32(column)
    guard PQgetisnull(result.pointer, index, column) == 0 else { return nil }
    return UnsafeRawBufferPointer(
      start: PQgetvalue(result.pointer, index, column),
      count: Int(PQgetlength(result.pointer, index, column)))
  }
}

extension Row: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The number of columns; no value and no name.
  public var description: String { "Row(\(count) columns)" }

  /// The same as `description`.
  public var debugDescription: String { description }

  /// A mirror without the values.
  public var customMirror: Mirror { Mirror(self, children: ["count": count]) }
}
