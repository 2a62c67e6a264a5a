/// An integer whose binary form is its bytes, most significant first.
public protocol PostgresInteger: FixedWidthInteger, PostgresCodable, PostgresArrayElement {}

extension PostgresInteger {
  /// Appends the bytes, most significant first.
  @inlinable
  public func encode(into buffer: inout BinaryBuffer) throws(PostgresError) {
    buffer.append(self)
  }

  /// Accepts exactly the type that is written.
  public static func accepts(_ type: PostgresType) -> Bool { type == postgresType }

  /// Reads exactly as many bytes as the integer has.
  @inlinable
  public init(postgresBinary bytes: RawSpan) throws(PostgresError) {
    guard bytes.byteCount == MemoryLayout<Self>.size else {
      throw PostgresError.unexpectedLength(bytes.byteCount, Self.self)
    }
    self = bytes.bigEndianInteger(at: 0)
  }
}

extension Int16: PostgresInteger {
  /// `smallint`.
  public static var postgresType: PostgresType { .int2 }
  /// `smallint[]`.
  public static var postgresArrayType: PostgresType { .int2Array }
}

extension Int32: PostgresInteger {
  /// `integer`.
  public static var postgresType: PostgresType { .int4 }
  /// `integer[]`.
  public static var postgresArrayType: PostgresType { .int4Array }
}

extension Int64: PostgresInteger {
  /// `bigint`.
  public static var postgresType: PostgresType { .int8 }
  /// `bigint[]`.
  public static var postgresArrayType: PostgresType { .int8Array }
}

extension Int: PostgresInteger {
  /// `bigint`.
  public static var postgresType: PostgresType { .int8 }
  /// `bigint[]`.
  public static var postgresArrayType: PostgresType { .int8Array }

  /// Accepts every integer type: each of them fits.
  public static func accepts(_ type: PostgresType) -> Bool {
    type == .int8 || type == .int4 || type == .int2
  }

  /// Reads two, four or eight bytes.
  @inlinable
  public init(postgresBinary bytes: RawSpan) throws(PostgresError) {
    switch bytes.byteCount {
    case 8: self = Int(bytes.bigEndianInteger(at: 0, as: Int64.self))
    case 4: self = Int(bytes.bigEndianInteger(at: 0, as: Int32.self))
    case 2: self = Int(bytes.bigEndianInteger(at: 0, as: Int16.self))
    default: throw PostgresError.unexpectedLength(bytes.byteCount, Int.self)
    }
  }
}

extension RawSpan {
  /// The integer whose most significant byte stands at `offset`; traps when it reaches too far.
  @inlinable
  func bigEndianInteger<Integer: FixedWidthInteger>(
    at offset: Int, as type: Integer.Type = Integer.self
  ) -> Integer {
    precondition(offset >= 0 && byteCount - offset >= MemoryLayout<Integer>.size)
    return withUnsafeBytes { source in
      var integer: Integer = 0
      Swift.withUnsafeMutableBytes(of: &integer) { target in
        target.copyMemory(
          from: UnsafeRawBufferPointer(
            rebasing: source[offset..<offset + MemoryLayout<Integer>.size]))
      }
      return Integer(bigEndian: integer)
    }
  }
}
