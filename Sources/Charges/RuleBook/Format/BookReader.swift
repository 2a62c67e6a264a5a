internal import Procedures

/// Reads a document into the tables of a book and gathers all that is wrong with its form.
struct BookReader {
  /// What kind of text is read.
  enum Kind {
    /// A whole book: it has every table.
    case whole
    /// A site's book: it has what it changes in the book that it extends.
    case site
  }

  private(set) var faults = RuleBookFaults()
  /// The book that a site's book says it extends, and the digest that it expects of it.
  private(set) var extended: (edition: RuleBookEdition, digest: String?)?

  static let rowLimit = 20_000

  /// The book as far as its form is right; whether it is, ``faults`` says.
  mutating func read(_ json: JSON) -> BookDocument? {
    guard let members = json.members else {
      faults.add("A rule book is an object with \"ruleBook\" and \"tables\".")
      return nil
    }
    let kind: Kind = json["extends"] == nil ? .whole : .site
    let known =
      ["ruleBook", "about", "tables"]
      + (kind == .site ? ["extends", "extendsDigest"] : ["basedOn"])
    for name in members.map(\.name) where !known.contains(name) {
      faults.add(
        "\"\(TableField.excerpt(name))\" is not a field of a rule book; its fields are "
          + "\(known.joined(separator: ", ")).", field: name)
    }
    let edition = edition(json, "ruleBook")
    let about = optionalText(json, "about")
    var base: RuleBookBase?
    switch kind {
    case .whole: base = self.base(json["basedOn"])
    case .site: readExtended(json)
    }
    let tables = tables(json["tables"], kind)
    guard let edition else { return nil }
    return BookDocument(edition: edition, about: about, base: base, tables: tables)
  }

  private mutating func edition(_ json: JSON, _ name: String) -> RuleBookEdition? {
    guard let value = json[name] else {
      faults.add("\"\(name)\" is missing: it is an edition, such as 2026.1.")
      return nil
    }
    guard let text = value.text, TableField.Kind.isName(text), let edition = RuleBookEdition(text)
    else {
      faults.add(
        "\"\(name)\" is not an edition: \(TableField.Kind.name.expectation).", field: name)
      return nil
    }
    return edition
  }

  private mutating func optionalText(
    _ json: JSON, _ name: String, table: String? = nil
  ) -> String? {
    guard let value = json[name] else { return nil }
    guard let text = value.text, TableField.Kind.isText(text) else {
      faults.add(
        "\"\(name)\" is not \(TableField.Kind.text.expectation).", table: table, field: name)
      return nil
    }
    return text
  }

  private mutating func digest(_ value: JSON, _ field: String) -> String? {
    if let text = value.text, RuleBook.isDigest(text) { return text }
    faults.add("\"\(field)\" is not sha256: and 64 hexadecimal digits.", field: field)
    return nil
  }

  private mutating func base(_ value: JSON?) -> RuleBookBase? {
    guard let value else { return nil }
    guard value.members?.count == 2,
      let edition = value["ruleBook"]?.text.flatMap(
        RuleBookEdition.init), let digest = value["digest"]?.text, RuleBook.isDigest(digest)
    else {
      faults.add("\"basedOn\" is not an object of a ruleBook and a digest.", field: "basedOn")
      return nil
    }
    return RuleBookBase(edition: edition, digest: digest)
  }

  private mutating func readExtended(_ json: JSON) {
    let digest = json["extendsDigest"].flatMap { self.digest($0, "extendsDigest") }
    if let edition = edition(json, "extends") { extended = (edition, digest) }
  }
}

extension BookReader {
  private mutating func tables(_ json: JSON?, _ kind: Kind) -> [String: BookDocument.Table] {
    guard let json, let members = json.members else {
      faults.add(
        "\"tables\" is \(json == nil ? "missing" : "not an object"): it holds the tables by name.",
        field: "tables")
      return [:]
    }
    var tables: [String: BookDocument.Table] = [:]
    for member in members {
      guard let form = TableForm.named(member.name) else {
        let name = TableField.excerpt(member.name)
        faults.add(
          "There is no such table; there are \(Self.tableNames(kind)).", table: name)
        continue
      }
      if kind == .site, !form.isOpenToSites {
        faults.add(
          "A site's book may not change this table; it may change \(Self.tableNames(.site)).",
          table: form.name)
        continue
      }
      tables[form.name] = table(member.value, form)
    }
    if kind == .whole {
      for form in TableForm.all where json[form.name] == nil {
        faults.add("The table is missing.", table: form.name)
      }
    }
    return tables
  }

  private static func tableNames(_ kind: Kind) -> String {
    TableForm.all.filter { kind == .whole || $0.isOpenToSites }.map(\.name)
      .joined(separator: ", ")
  }

  private mutating func table(_ json: JSON, _ form: TableForm) -> BookDocument.Table {
    var table = BookDocument.Table(form: form, about: nil, source: nil, rows: [])
    guard let members = json.members else {
      faults.add("A table is an object with \"source\" and \"rows\".", table: form.name)
      return table
    }
    for name in members.map(\.name) where !["about", "source", "rows"].contains(name) {
      faults.add(
        "\"\(TableField.excerpt(name))\" is not a field of a table; its fields are about, source, "
          + "rows.", table: form.name, field: name)
    }
    table.about = optionalText(json, "about", table: form.name)
    table.source = optionalText(json, "source", table: form.name)
    guard let rows = json["rows"]?.elements else {
      faults.add("\"rows\" is missing or not a list.", table: form.name, field: "rows")
      return table
    }
    guard rows.count <= Self.rowLimit else {
      faults.add("It has more than \(Self.rowLimit) rows.", table: form.name)
      return table
    }
    for (index, row) in rows.enumerated() {
      if let row = self.row(row, index, form, table.source) { table.rows.append(row) }
    }
    checkOverlaps(table)
    return table
  }

  /// The row, where nothing is wrong with it.
  private mutating func row(
    _ json: JSON, _ index: Int, _ form: TableForm, _ tableSource: String?
  ) -> TableRow? {
    guard let members = json.members else {
      faults.add("A row is an object.", table: form.name, row: index)
      return nil
    }
    let before = faults.count
    for member in members {
      guard let field = form.allFields[member.name] else {
        faults.add(
          "\"\(TableField.excerpt(member.name))\" is not a field of \(form.name); its fields are "
            + "\(form.fieldNames).", table: form.name, row: index, field: member.name)
        continue
      }
      if let sentence = field.fault(member.value) {
        faults.add(sentence, table: form.name, row: index, field: field.name)
      }
    }
    for field in form.fields where json[field.name] == nil {
      let hint = field.null.map { ", or null for \($0)" } ?? ""
      faults.add(
        "\"\(field.name)\" is missing: it is \(field.kind.expectation)\(hint).",
        table: form.name, row: index)
    }
    if json["source"] == nil, tableSource == nil {
      faults.add(
        "The row has no source, and neither has its table.", table: form.name, row: index)
    }
    guard faults.count == before else { return nil }
    let row = TableRow(
      json, of: form.name, at: index, source: json["source"]?.text ?? tableSource ?? "")
    if (try? row.span()) == nil {
      faults.add("The row ends before it begins.", table: form.name, row: index, field: "to")
      return nil
    }
    return row
  }

  /// Refuses two rows of one key that hold on the same day, or at all where no dates are kept.
  private mutating func checkOverlaps(_ table: BookDocument.Table) {
    for rows in BookDocument.byKey(table.rows) where rows.count > 1 {
      var reaching = rows[0]
      for next in rows.dropFirst() {
        if next.span.overlaps(reaching.span) { addOverlap(reaching, next, table.form) }
        if next.span.endsLater(than: reaching.span) { reaching = next }
      }
    }
  }

  /// The fault stands at the later row of the text.
  private mutating func addOverlap(
    _ left: BookDocument.DatedRow, _ right: BookDocument.DatedRow, _ form: TableForm
  ) {
    let isInOrder = (left.row.index ?? 0) < (right.row.index ?? 0)
    let (earlier, later) = isInOrder ? (left, right) : (right, left)
    let number = (earlier.row.index ?? 0) + 1
    let days =
      form.isDated
      ? "holds on days of row \(number): \(later.span) and \(earlier.span)"
      : "stands in row \(number) already"
    faults.add("\(later.row.keyText) \(days).", table: form.name, row: later.row.index)
  }
}

extension BookDocument {
  /// A row and the days on which it holds.
  struct DatedRow {
    let row: TableRow
    let span: DateSpan
  }

  /// The rows of one table by what they are about, in the order of first appearance; those of one
  /// key by their first day.
  static func byKey(_ rows: [TableRow]) -> [[DatedRow]] {
    var places: [[JSON]: Int] = [:]
    var groups: [[DatedRow]] = []
    for row in rows {
      guard let span = try? row.span() else { continue }
      let dated = DatedRow(row: row, span: span)
      if let place = places[row.key] {
        groups[place].append(dated)
      } else {
        places[row.key] = groups.count
        groups.append([dated])
      }
    }
    return groups.map { $0.sorted { DateSpan.beginsEarlier($0.span, $1.span) } }
  }
}
