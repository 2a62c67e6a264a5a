internal import Procedures

/// CMS's tables, each by code, so that a derivation looks up and never searches.
struct CMSTables: Sendable {
  /// When a code was in force; a code without an entry is taken as in force.
  let activeDates: [BillingCode: [DateSpan]]
  /// Unit limits by code and kind of table, earliest first.
  let unitLimits: [UnitLimit.Key: [UnitLimit]]
  /// The primaries of an add-on.
  let addOns: [BillingCode: [AddOnList]]
  /// Pairs that exclude each other, by both columns, earliest first.
  let pairs: [BillingCode: [BillingCode: [CodePair]]]
  /// The days between the rows of a pair, of those pairs that have such days.
  let pairHoles: [BillingCode: [BillingCode: [DateSpan]]]
  /// Professional/technical indicators, earliest first.
  let components: [BillingCode: [ComponentIndicator]]

  init(_ book: BookDocument) throws(RuleBookError) {
    activeDates = try Self.table(book, "codes") { row throws(RuleBookError) in
      (try row.code("code"), try row.span())
    }.mapValues { $0.sorted(by: DateSpan.beginsEarlier) }
    unitLimits = try Self.table(book, "medicallyUnlikelyEdits") { row throws(RuleBookError) in
      (
        UnitLimit.Key(code: try row.code("code"), table: try row.text("setting")),
        UnitLimit(
          span: try row.span(), units: try row.integer("value"),
          indicator: try row.integer("adjudicationIndicator"))
      )
    }
    addOns = try Self.addOnLists(book)
    pairs = try Self.codePairs(book)
    pairHoles = pairs.mapValues {
      $0.mapValues { DateSpan.holes(between: $0.map(\.span)) }.filter { !$0.value.isEmpty }
    }.filter { !$0.value.isEmpty }
    components = try Self.componentIndicators(book)
  }

  private static func table<Key: Hashable, Value>(
    _ book: BookDocument, _ name: String,
    _ read: (TableRow) throws(RuleBookError) -> (Key, Value)
  ) throws(RuleBookError) -> [Key: [Value]] {
    var table: [Key: [Value]] = [:]
    for row in book.rows(name) {
      let (key, value) = try read(row)
      table[key, default: []].append(value)
    }
    return table
  }

  /// The lists as they are between the days on which one of their rows begins or ends.
  private static func addOnLists(
    _ book: BookDocument
  ) throws(RuleBookError) -> [BillingCode: [AddOnList]] {
    let primaries = try table(book, "addOnPrimaries") { row throws(RuleBookError) in
      (try row.code("code"), (code: try row.code("primary"), span: try row.span()))
    }
    var lists: [BillingCode: [AddOnList]] = [:]
    for row in book.rows("addOns") {
      guard let type = try row.optional("type", "a number", { $0.number?.integer }) else {
        continue
      }
      let code = try row.code("code")
      let rows = primaries[code] ?? []
      for span in try row.span().parts(at: rows.map(\.span)) {
        let held = rows.filter { $0.span.overlaps(span) }.map(\.code)
        lists[code, default: []].append(
          AddOnList(span: span, type: type, primaries: Set(held), isAssumed: row.isAssumed))
      }
    }
    return lists
  }

  private static func codePairs(
    _ book: BookDocument
  ) throws(RuleBookError) -> [BillingCode: [BillingCode: [CodePair]]] {
    var table: [BillingCode: [BillingCode: [CodePair]]] = [:]
    for row in book.rows("procedureToProcedure") {
      table[try row.code("column1"), default: [:]][try row.code("column2"), default: []].append(
        CodePair(
          span: try row.span(), indicator: try row.integer("modifierIndicator"),
          rationale: try row.text("rationale")))
    }
    return table.mapValues {
      $0.mapValues { $0.sorted { DateSpan.beginsEarlier($0.span, $1.span) } }
    }
  }

  /// Only the rows of the whole service count; those of a component stand beside them.
  private static func componentIndicators(
    _ book: BookDocument
  ) throws(RuleBookError) -> [BillingCode: [ComponentIndicator]] {
    var table: [BillingCode: [ComponentIndicator]] = [:]
    for row in book.rows("feeScheduleIndicators") where row.json["modifier"] == .null {
      table[try row.code("code"), default: []].append(
        ComponentIndicator(
          span: try row.span(), value: try row.integer("professionalTechnical")))
    }
    return table
  }
}

/// A medically unlikely edit: how many units a day are plausible.
struct UnitLimit: Sendable {
  struct Key: Hashable, Sendable {
    let code: BillingCode
    let table: String
  }

  let span: DateSpan
  let units: Int
  /// CMS's adjudication indicator: 1 a line, 2 a day and absolute, 3 a day and open to appeal.
  let indicator: Int
}

/// The primaries one of which an add-on needs.
struct AddOnList: Sendable {
  let span: DateSpan
  /// CMS's type: 1 means that the list is complete.
  let type: Int
  let primaries: Set<BillingCode>
  let isAssumed: Bool
}

/// A pair of the NCCI: column 2 is not paid beside column 1.
struct CodePair: Sendable {
  let span: DateSpan
  /// 1 where a modifier may pass the pair.
  let indicator: Int
  let rationale: String
}

/// Whether a code has a professional and a technical component (1) or neither (0).
struct ComponentIndicator: Sendable {
  let span: DateSpan
  let value: Int
}

extension CMSTables {
  /// Whether a code is in force on a date; nil where the table has no dates for it, or leaves a
  /// hole there.
  func isActive(_ code: BillingCode, on date: CalendarDate) -> Bool? {
    guard let spans = activeDates[code] else { return nil }
    if spans.contains(where: { $0.contains(date) }) { return true }
    return Self.isHole(date, spans) ? nil : false
  }

  func unitLimit(_ code: BillingCode, _ table: String, on date: CalendarDate) -> UnitLimit? {
    unitLimits[UnitLimit.Key(code: code, table: table)]?.first { $0.span.contains(date) }
  }

  func addOnList(_ code: BillingCode, on date: CalendarDate) -> AddOnList? {
    addOns[code]?.first { $0.span.contains(date) }
  }

  /// The pair as it holds on a date.
  func pair(
    _ column1: BillingCode, _ column2: BillingCode, on date: CalendarDate
  ) -> CodePair? {
    pairs[column1]?[column2]?.first { $0.span.contains(date) }
  }

  /// Whether the table has rows of a pair before and after a date, and none for it.
  func isPairUnchecked(
    _ column1: BillingCode, _ column2: BillingCode, on date: CalendarDate
  ) -> Bool {
    pairHoles[column1]?[column2]?.contains { $0.contains(date) } ?? false
  }

  func componentIndicator(_ code: BillingCode, on date: CalendarDate) -> Int? {
    components[code]?.first { $0.span.contains(date) }?.value
  }

  private static func isHole(_ date: CalendarDate, _ spans: [DateSpan]) -> Bool {
    DateSpan.holes(between: spans).contains { $0.contains(date) }
  }
}
