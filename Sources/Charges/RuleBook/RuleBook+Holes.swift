public import Procedures

/// Days on which a dated table says nothing of what it speaks of before and after them.
///
/// Such a book is accepted; what is derived on those days says that the table did not check it.
public struct RuleBookHole: Hashable, Sendable, CustomStringConvertible {
  /// The table.
  public let table: String
  /// What the rows before and after are about, such as `37252 practitioner`.
  public let key: String
  /// The first day that has no row.
  public let firstDay: CalendarDate
  /// The last day that has none.
  public let lastDay: CalendarDate

  /// The table, the key and the days.
  public var description: String {
    let days = firstDay == lastDay ? "\(firstDay)" : "\(firstDay) to \(lastDay)"
    return "\(table): \(key) has no row for \(days)."
  }
}

extension RuleBook {
  /// The holes between the dated rows, in the order of the tables.
  public var holes: [RuleBookHole] {
    TableForm.all.filter(\.isDated).flatMap { form in
      BookDocument.byKey(tables.book.rows(form.name)).flatMap { rows in
        DateSpan.holes(between: rows.map(\.span)).compactMap { span in
          guard let first = span.first, let last = span.last, let row = rows.first?.row else {
            return nil
          }
          return RuleBookHole(
            table: form.name, key: row.keyText, firstDay: first, lastDay: last)
        }
      }
    }
  }
}
