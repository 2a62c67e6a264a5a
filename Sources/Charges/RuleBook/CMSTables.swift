internal import Procedures

/// CMS's tables, each by code, so that a derivation looks up and never searches.
struct CMSTables: Sendable {
  /// When a code was in force; a code without an entry is taken as in force.
  let activeDates: [BillingCode: [DateSpan]]
  /// Unit limits by code and kind of table, earliest first; each holds until the next.
  let unitLimits: [UnitLimit.Key: [UnitLimit]]
  /// The primaries of an add-on.
  let addOns: [BillingCode: [AddOnList]]
  /// Pairs that exclude each other, by both columns, the earliest to end first.
  let pairs: [BillingCode: [BillingCode: [CodePair]]]
  /// Professional/technical indicators, earliest year first.
  let components: [BillingCode: [ComponentIndicator]]

  init(_ cms: JSON) throws(RuleBookError) {
    let root = TableRow(cms, of: "cms")
    activeDates = try Self.table(root, "codes") { row throws(RuleBookError) in
      (try row.code("code"), try row.span())
    }
    unitLimits = try Self.table(root, "medicallyUnlikelyEdits") { row throws(RuleBookError) in
      (
        UnitLimit.Key(code: try row.code("code"), table: try row.text("setting")),
        UnitLimit(
          from: try row.date("from"), units: try row.integer("value"),
          indicator: try row.integer("adjudicationIndicator"))
      )
    }.mapValues { $0.sorted { $0.from < $1.from } }
    addOns = try Self.table(root, "addOnPrimaries") { row throws(RuleBookError) in
      (
        try row.code("code"),
        AddOnList(
          span: try row.span(), type: try row.integer("type"),
          primaries: Set(try row.codes("primaries")), isAssumed: try row.flag("assumed"))
      )
    }
    pairs = try Self.codePairs(root)
    components = try Self.componentIndicators(root)
  }

  private static func table<Key: Hashable, Value>(
    _ root: TableRow, _ name: String,
    _ read: (TableRow) throws(RuleBookError) -> (Key, Value)
  ) throws(RuleBookError) -> [Key: [Value]] {
    var table: [Key: [Value]] = [:]
    for row in try root.rows(name) {
      let (key, value) = try read(row)
      table[key, default: []].append(value)
    }
    return table
  }

  private static func codePairs(
    _ root: TableRow
  ) throws(RuleBookError) -> [BillingCode: [BillingCode: [CodePair]]] {
    var table: [BillingCode: [BillingCode: [CodePair]]] = [:]
    for row in try root.rows("procedureToProcedure") {
      table[try row.code("column1"), default: [:]][try row.code("column2"), default: []].append(
        CodePair(
          last: try row.span().last, indicator: try row.integer("modifierIndicator"),
          rationale: try row.text("rationale")))
    }
    return table.mapValues { $0.mapValues { $0.sorted(by: CodePair.endsEarlier) } }
  }

  /// Only the rows of the whole service count; those of a component stand beside them.
  private static func componentIndicators(
    _ root: TableRow
  ) throws(RuleBookError) -> [BillingCode: [ComponentIndicator]] {
    var table: [BillingCode: [ComponentIndicator]] = [:]
    for row in try root.rows("feeScheduleIndicators") {
      guard try row.optional("modifier", "a text", { $0.text }) == nil else { continue }
      table[try row.code("code"), default: []].append(
        ComponentIndicator(
          year: try row.integer("year"), value: try row.integer("professionalTechnical")))
    }
    return table.mapValues { $0.sorted { $0.year < $1.year } }
  }
}

/// A medically unlikely edit: how many units a day are plausible.
struct UnitLimit: Sendable {
  struct Key: Hashable, Sendable {
    let code: BillingCode
    let table: String
  }

  let from: CalendarDate
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
///
/// Its first day is not known; the table says that it holds from before its own first day.
struct CodePair: Sendable {
  let last: CalendarDate?
  /// 1 where a modifier may pass the pair.
  let indicator: Int
  let rationale: String

  static func endsEarlier(_ left: CodePair, _ right: CodePair) -> Bool {
    guard let a = left.last else { return false }
    guard let b = right.last else { return true }
    return a < b
  }
}

/// Whether a code has a professional and a technical component (1) or neither (0).
struct ComponentIndicator: Sendable {
  let year: Int
  let value: Int
}

extension CMSTables {
  /// Whether a code is in force on a date; nil where the table has no dates for it.
  func isActive(_ code: BillingCode, on date: CalendarDate) -> Bool? {
    activeDates[code].map { spans in spans.contains { $0.contains(date) } }
  }

  func unitLimit(_ code: BillingCode, _ table: String, on date: CalendarDate) -> UnitLimit? {
    unitLimits[UnitLimit.Key(code: code, table: table)]?.last { $0.from <= date }
  }

  func addOnList(_ code: BillingCode, on date: CalendarDate) -> AddOnList? {
    addOns[code]?.first { $0.span.contains(date) }
  }

  /// The pair as it holds on a date.
  ///
  /// Of two rows the one that ends first held until then, the other after it.
  func pair(
    _ column1: BillingCode, _ column2: BillingCode, on date: CalendarDate
  ) -> CodePair? {
    pairs[column1]?[column2]?.first {
      $0.last.map { date <= $0 } ?? true
    }
  }

  /// The indicator of the latest year not after the date's.
  ///
  /// Earlier dates take the first year's: assumed, since no source says that it ever differed.
  func componentIndicator(_ code: BillingCode, on date: CalendarDate) -> Int? {
    guard let rows = components[code] else { return nil }
    let year = date.components.year
    return (rows.last { $0.year <= year } ?? rows.first)?.value
  }
}
