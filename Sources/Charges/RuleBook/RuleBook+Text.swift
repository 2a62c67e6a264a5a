internal import Procedures

extension RuleBook {
  /// The names of a book's tables, in order.
  public static var tableNames: [String] { TableForm.all.map(\.name) }

  /// How many rows each table has, in the order of a book.
  public var rowCounts: [(table: String, rows: Int)] {
    TableForm.all.map { ($0.name, tables.book.rows($0.name).count) }
  }

  /// The whole document as a person reads and edits it: JSON with one row a line.
  public var text: String {
    let head = (document.members ?? []).filter { $0.name != "tables" }.map {
      "  \(Self.name($0.name)): \($0.value.compactText)"
    }
    let all = TableForm.all.compactMap { form in
      tables.book.tables[form.name].map {
        "    \(Self.name(form.name)): \(Self.text($0, indent: "    "))"
      }
    }
    let body = "  \"tables\": {\n" + all.joined(separator: ",\n") + "\n  }"
    return "{\n" + (head + [body]).joined(separator: ",\n") + "\n}\n"
  }

  /// One table as JSON with one row a line; nil where there is none of this name.
  public func text(ofTable table: String) -> String? {
    tables.book.tables[table].map { Self.text($0, indent: "") + "\n" }
  }

  /// A table's columns, and its rows with a text for each column, for people; nil where there is
  /// none of this name.
  public func columns(ofTable table: String) -> (names: [String], rows: [[String]])? {
    guard let table = tables.book.tables[table] else { return nil }
    let rows = table.rows.map(\.fullJSON)
    let fields = (table.form.fields + TableForm.commonFields).filter { field in
      rows.contains { $0[field.name] != nil }
    }
    return (
      fields.map(\.name),
      rows.map { row in fields.map { Self.cell(row[$0.name], null: $0.null) } }
    )
  }

  private static func text(_ table: BookDocument.Table, indent: String) -> String {
    let members = table.json.members ?? []
    let head = members.filter { $0.name != "rows" }.map {
      "\(indent)  \(name($0.name)): \($0.value.compactText)"
    }
    let rows = (table.json["rows"]?.elements ?? []).map { "\(indent)    \($0.compactText)" }
    let list = rows.isEmpty ? "[]" : "[\n" + rows.joined(separator: ",\n") + "\n\(indent)  ]"
    return "{\n" + (head + ["\(indent)  \"rows\": \(list)"]).joined(separator: ",\n")
      + "\n\(indent)}"
  }

  private static func name(_ name: String) -> String { JSON.string(name).compactText }

  private static func cell(_ value: JSON?, null: String?) -> String {
    switch value {
    case nil: "-"
    case .null: null ?? "-"
    case .string(let text): text
    case .array(let elements): elements.map { cell($0, null: nil) }.joined(separator: " ")
    case .bool(let flag): flag ? "yes" : "no"
    case .number(let number): number.description
    case .object(let members): JSON.object(members).compactText
    }
  }
}
