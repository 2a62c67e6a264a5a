public import Procedures

/// What one book says otherwise than another about one thing on the same days.
public struct RuleBookChange: Hashable, Sendable, CustomStringConvertible {
  /// The table; `rule book` for the head.
  public let table: String
  /// What the rows are about, such as `37252 practitioner`; a dated row also names its days.
  public let key: String
  /// What became of it.
  public let kind: Kind

  /// What became of a row.
  public enum Kind: Hashable, Sendable {
    /// The second book has a row that the first has not.
    case added(JSON)
    /// The first book has a row that the second has not.
    case removed(JSON)
    /// Both have it, and some fields differ.
    case changed([FieldChange])
  }

  /// One field that differs.
  public struct FieldChange: Hashable, Sendable {
    /// The field.
    public let field: String
    /// What stood there; nil where it was absent.
    public let before: JSON?
    /// What stands there now; nil where it is absent.
    public let after: JSON?
  }

  /// `added`, `removed` or `changed`.
  public var word: String {
    switch kind {
    case .added: "added"
    case .removed: "removed"
    case .changed: "changed"
    }
  }

  /// The table, the key and what differs.
  public var description: String {
    switch kind {
    case .added(let row), .removed(let row): "\(table): \(key) \(word): \(row.compactText)"
    case .changed(let fields):
      "\(table): \(key) changed: " + fields.map(\.description).joined(separator: "; ")
    }
  }
}

extension RuleBookChange.FieldChange: CustomStringConvertible {
  /// The field with both values.
  public var description: String {
    "\(field) from \(before?.compactText ?? "nothing") to \(after?.compactText ?? "nothing")"
  }
}

extension RuleBook {
  /// What another book says otherwise than this one, by table in the order of a book, then by row.
  ///
  /// Rows are told apart by what they are about and, in a dated table, their first day. Where a row
  /// begins on another day in the other book, the rows of its key that are left over are compared
  /// one by one.
  public func changes(to other: RuleBook) -> [RuleBookChange] {
    TableForm.all.flatMap { form in
      let before = BookDocument.byKey(tables.book.rows(form.name))
      let after = BookDocument.byKey(other.tables.book.rows(form.name))
      let afterOfKey = Dictionary(
        after.compactMap { rows in rows.first.map { ($0.row.key, rows) } }
      ) { first, _ in first }
      let known = Set(before.compactMap { $0.first?.row.key })
      let kept = before.flatMap { rows in
        Self.changes(rows, rows.first.flatMap { afterOfKey[$0.row.key] } ?? [], form)
      }
      let added = after.filter { rows in rows.first.map { !known.contains($0.row.key) } ?? false }
      return kept + added.flatMap { Self.changes([], $0, form) }
    }
  }

  private static func changes(
    _ before: [BookDocument.DatedRow], _ after: [BookDocument.DatedRow], _ form: TableForm
  ) -> [RuleBookChange] {
    var changes: [RuleBookChange] = []
    var rest = after
    var unmatched: [BookDocument.DatedRow] = []
    for row in before {
      guard let place = rest.firstIndex(where: { $0.span.first == row.span.first }) else {
        unmatched.append(row)
        continue
      }
      changes += change(row, rest.remove(at: place), form)
    }
    for (row, successor) in zip(unmatched, rest) { changes += change(row, successor, form) }
    for row in unmatched.dropFirst(rest.count) {
      changes.append(
        RuleBookChange(
          table: form.name, key: key(row, form), kind: .removed(row.row.fullJSON)))
    }
    for row in rest.dropFirst(unmatched.count) {
      changes.append(
        RuleBookChange(table: form.name, key: key(row, form), kind: .added(row.row.fullJSON)))
    }
    return changes
  }

  private static func change(
    _ before: BookDocument.DatedRow, _ after: BookDocument.DatedRow, _ form: TableForm
  ) -> [RuleBookChange] {
    let names = (form.fields + TableForm.commonFields).map(\.name)
    let left = before.row.fullJSON
    let right = after.row.fullJSON
    let fields = names.compactMap { name in
      left[name] == right[name]
        ? nil : RuleBookChange.FieldChange(field: name, before: left[name], after: right[name])
    }
    if fields.isEmpty { return [] }
    return [RuleBookChange(table: form.name, key: key(before, form), kind: .changed(fields))]
  }

  private static func key(_ row: BookDocument.DatedRow, _ form: TableForm) -> String {
    form.isDated ? "\(row.row.keyText) (\(row.span))" : row.row.keyText
  }
}

extension RuleBookChange {
  /// `{"table":…,"key":…,"change":"added"|"removed","row":…}`, or with `"fields"` for a changed row.
  public var json: JSON {
    var members = [
      JSON.Member("table", .string(table)), JSON.Member("key", .string(key)),
      JSON.Member("change", .string(word)),
    ]
    switch kind {
    case .added(let row), .removed(let row): members.append(JSON.Member("row", row))
    case .changed(let fields):
      let list = fields.map { field -> JSON in
        [
          "field": .string(field.field), "before": field.before ?? .null,
          "after": field.after ?? .null,
        ]
      }
      members.append(JSON.Member("fields", .array(list)))
    }
    return .object(members)
  }
}
