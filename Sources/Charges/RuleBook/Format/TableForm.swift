/// What one table of a book holds: the fields of its rows, and what makes two rows speak of the
/// same thing.
struct TableForm: Sendable {
  let name: String
  /// The fields that name what a row is about; of a dated table, rows of one key follow each other.
  let key: [String]
  let fields: [TableField]
  /// Whether each row holds from a first to a last day.
  let isDated: Bool
  /// Whether a site's book may change it.
  let isOpenToSites: Bool

  /// Every row may carry these; the source stands in the row or for the whole table.
  static let commonFields = [
    TableField("source", .text), TableField("assumed", .flagOrText), TableField("note", .text),
  ]
  static let dates = [
    TableField("from", .date, orNull: "unknown"), TableField("to", .date, orNull: "open"),
  ]

  init(
    _ name: String, key: [String], isDated: Bool = false, isOpenToSites: Bool = true,
    _ fields: [TableField]
  ) {
    self.name = name
    self.key = key
    self.isDated = isDated
    self.isOpenToSites = isOpenToSites
    self.fields = fields + (isDated ? Self.dates : [])
    allFields = Dictionary(
      (self.fields + Self.commonFields).map { ($0.name, $0) }
    ) { first, _ in first }
  }

  /// By name, the common ones among them.
  let allFields: [String: TableField]

  /// The names of all fields, in order, for a sentence.
  var fieldNames: String {
    (fields + Self.commonFields).map(\.name).joined(separator: ", ")
  }

  /// The form of a table; nil where there is none of this name.
  static func named(_ name: String) -> TableForm? { byName[name] }

  private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
}
