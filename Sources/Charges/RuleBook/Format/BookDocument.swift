internal import Procedures

/// A book whose form was checked: its head, and the rows of its tables.
struct BookDocument: Sendable {
  /// One table: what it says of itself, and its rows.
  struct Table: Sendable {
    let form: TableForm
    var about: String?
    var source: String?
    var rows: [TableRow]
  }

  var edition: RuleBookEdition
  var about: String?
  /// The book that a site's book rests on, once the two are joined.
  var base: RuleBookBase?
  /// By name; those of ``TableForm/all``, or for a site's own text those that it has.
  var tables: [String: Table]

  func rows(_ table: String) -> [TableRow] { tables[table]?.rows ?? [] }

  /// The whole as one document, tables in the order of their forms.
  var json: JSON {
    var members = [JSON.Member("ruleBook", .string(edition.text))]
    if let about { members.append(JSON.Member("about", .string(about))) }
    if let base { members.append(JSON.Member("basedOn", base.json)) }
    let tableMembers = TableForm.all.compactMap { form in
      tables[form.name].map { JSON.Member(form.name, $0.json) }
    }
    members.append(JSON.Member("tables", .object(tableMembers)))
    return .object(members)
  }
}

extension BookDocument.Table {
  /// `{"about":…,"source":…,"rows":[…]}`; a row names its source where it is not the table's.
  var json: JSON {
    var members: [JSON.Member] = []
    if let about { members.append(JSON.Member("about", .string(about))) }
    if let source { members.append(JSON.Member("source", .string(source))) }
    members.append(JSON.Member("rows", .array(rows.map { $0.json(inTableOf: source) })))
    return .object(members)
  }
}

extension TableRow {
  /// What the row is about, in the order of the table's key.
  var key: [JSON] {
    (TableForm.named(table)?.key ?? []).map { json[$0] ?? .null }
  }

  /// The key for a sentence, such as `37252 practitioner`.
  var keyText: String {
    key.map { value in value.text.map(TableField.excerpt) ?? TableField.shown(value) }
      .joined(separator: " ")
  }

  /// The row with other days.
  func holding(_ span: DateSpan) -> TableRow {
    let members = (json.members ?? []).map { member in
      switch member.name {
      case "from": JSON.Member("from", span.first.map { .string($0.description) } ?? .null)
      case "to": JSON.Member("to", span.last.map { .string($0.description) } ?? .null)
      default: member
      }
    }
    return TableRow(.object(members), of: table, at: index, source: source)
  }

  /// The row with its source, also where that is its table's.
  var fullJSON: JSON { json(inTableOf: nil) }

  fileprivate func json(inTableOf tableSource: String?) -> JSON {
    guard json["source"] == nil, source != tableSource else { return json }
    return .object((json.members ?? []) + [JSON.Member("source", .string(source))])
  }
}
