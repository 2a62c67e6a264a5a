internal import Procedures

extension BookDocument {
  /// A site's book laid over the one that it extends.
  ///
  /// On the days on which a row of the site holds, it stands in place of the rows of the same key;
  /// on all other days those hold as before. Where a table keeps no dates, the site's row stands in
  /// place of the other.
  func laid(over base: RuleBook) -> BookDocument {
    var joined = base.tables.book
    joined.edition = edition
    joined.about = about
    joined.base = RuleBookBase(edition: base.edition, digest: base.digest)
    for (name, table) in joined.tables {
      joined.tables[name]?.rows = Self.overlay(tables[name]?.rows ?? [], on: table.rows)
    }
    return joined
  }

  private static func overlay(_ own: [TableRow], on base: [TableRow]) -> [TableRow] {
    let base = base.map { TableRow($0.json, of: $0.table, at: nil, source: $0.source) }
    if own.isEmpty { return base }
    let groups = byKey(own)
    let placeOfKey = Dictionary(
      groups.enumerated().compactMap { place, rows in rows.first.map { ($0.row.key, place) } }
    ) { first, _ in first }
    var isUsed = Array(repeating: false, count: groups.count)
    var rows: [TableRow] = []
    for old in byKey(base) {
      guard let key = old.first?.row.key, let place = placeOfKey[key] else {
        rows += old.map(\.row)
        continue
      }
      isUsed[place] = true
      rows += joined(groups[place], over: old)
    }
    for (place, group) in groups.enumerated() where !isUsed[place] { rows += group.map(\.row) }
    return rows
  }

  /// The rows of one key, by their first day.
  private static func joined(_ own: [DatedRow], over old: [DatedRow]) -> [TableRow] {
    var left = old
    for new in own {
      left = left.flatMap { row in
        row.span.overlaps(new.span)
          ? row.span.without(new.span).map { DatedRow(row: row.row.holding($0), span: $0) }
          : [row]
      }
    }
    return (left + own).sorted { DateSpan.beginsEarlier($0.span, $1.span) }.map(\.row)
  }
}
