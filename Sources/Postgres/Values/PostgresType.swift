/// A type of PostgreSQL, named by its object identifier.
///
/// Source: `pg_type.dat` of PostgreSQL; built-in identifiers never change.
public struct PostgresType: RawRepresentable, Hashable, Sendable {
  /// The object identifier.
  public let rawValue: UInt32

  /// Names a type by its object identifier.
  @inlinable
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }
}

extension PostgresType {
  /// `boolean`.
  public static let bool = PostgresType(rawValue: 16)
  /// `bytea`.
  public static let bytea = PostgresType(rawValue: 17)
  /// `name`, the type of identifiers in the catalogues.
  public static let name = PostgresType(rawValue: 19)
  /// `bigint`.
  public static let int8 = PostgresType(rawValue: 20)
  /// `smallint`.
  public static let int2 = PostgresType(rawValue: 21)
  /// `integer`.
  public static let int4 = PostgresType(rawValue: 23)
  /// `text`.
  public static let text = PostgresType(rawValue: 25)
  /// `double precision`.
  public static let float8 = PostgresType(rawValue: 701)
  /// `character(n)`.
  public static let bpchar = PostgresType(rawValue: 1042)
  /// `character varying`.
  public static let varchar = PostgresType(rawValue: 1043)
  /// `timestamp with time zone`.
  public static let timestamptz = PostgresType(rawValue: 1184)
  /// `uuid`.
  public static let uuid = PostgresType(rawValue: 2950)
  /// `boolean[]`.
  public static let boolArray = PostgresType(rawValue: 1000)
  /// `bytea[]`.
  public static let byteaArray = PostgresType(rawValue: 1001)
  /// `smallint[]`.
  public static let int2Array = PostgresType(rawValue: 1005)
  /// `integer[]`.
  public static let int4Array = PostgresType(rawValue: 1007)
  /// `text[]`.
  public static let textArray = PostgresType(rawValue: 1009)
  /// `character varying[]`.
  public static let varcharArray = PostgresType(rawValue: 1015)
  /// `bigint[]`.
  public static let int8Array = PostgresType(rawValue: 1016)
  /// `double precision[]`.
  public static let float8Array = PostgresType(rawValue: 1022)
  /// `timestamp with time zone[]`.
  public static let timestamptzArray = PostgresType(rawValue: 1185)
  /// `uuid[]`.
  public static let uuidArray = PostgresType(rawValue: 2951)
}
