internal import Procedures

/// One row of a table in JSON, read field by field; each fault names the table and the row.
struct TableRow {
  let table: String
  let index: Int?
  private let json: JSON

  init(_ json: JSON, of table: String, at index: Int? = nil) {
    self.json = json
    self.table = table
    self.index = index
  }

  func fault(_ sentence: String) -> RuleBookError { RuleBookError(table, index, sentence) }

  /// The value of a field; nil where it is absent or null.
  private func value(_ name: String) -> JSON? {
    guard let value = json[name], value != .null else { return nil }
    return value
  }

  func optional<Value>(
    _ name: String, _ expectation: String, _ read: (JSON) -> Value?
  ) throws(RuleBookError) -> Value? {
    guard let raw = value(name) else { return nil }
    guard let value = read(raw) else { throw fault("\(name) is not \(expectation)") }
    return value
  }

  func required<Value>(
    _ name: String, _ expectation: String, _ read: (JSON) -> Value?
  ) throws(RuleBookError) -> Value {
    guard let value = try optional(name, expectation, read) else {
      throw fault("\(name) is missing")
    }
    return value
  }

  func text(_ name: String) throws(RuleBookError) -> String {
    try required(name, "a text") { $0.text }
  }

  func integer(_ name: String) throws(RuleBookError) -> Int {
    try required(name, "a whole number") { $0.number?.integer }
  }

  func amount(_ name: String) throws(RuleBookError) -> Decimal {
    try required(name, "a number") { $0.number }
  }

  func flag(_ name: String) throws(RuleBookError) -> Bool {
    try optional(name, "true or false") { $0.flag } ?? false
  }

  func code(_ name: String) throws(RuleBookError) -> BillingCode {
    try required(name, "a billing code") { $0.text.flatMap(BillingCode.init) }
  }

  func term<Subject>(_ name: String) throws(RuleBookError) -> Term<Subject> {
    try required(name, "a name") { $0.text.flatMap(Term<Subject>.init) }
  }

  func date(_ name: String) throws(RuleBookError) -> CalendarDate {
    try required(name, "a date") { $0.text.flatMap(CalendarDate.init) }
  }

  func span() throws(RuleBookError) -> DateSpan {
    let first = try optional("from", "a date") { $0.text.flatMap(CalendarDate.init) }
    let last = try optional("to", "a date") { $0.text.flatMap(CalendarDate.init) }
    if let first, let last, last < first { throw fault("it ends before it begins") }
    return DateSpan(first: first, last: last)
  }

  func list<Value>(
    _ name: String, _ expectation: String, _ read: (JSON) -> Value?
  ) throws(RuleBookError) -> [Value] {
    let elements = try required(name, "a list") { $0.elements }
    var values: [Value] = []
    for element in elements {
      guard let value = read(element) else {
        throw fault("\(name) holds what is not \(expectation)")
      }
      values.append(value)
    }
    return values
  }

  func codes(_ name: String) throws(RuleBookError) -> [BillingCode] {
    try list(name, "a billing code") { $0.text.flatMap(BillingCode.init) }
  }

  func modifiers(_ name: String) throws(RuleBookError) -> [Modifier] {
    try list(name, "a modifier") { $0.text.flatMap(Modifier.init) }
  }

  /// The rows of a table within this one; none where it is absent.
  func rows(_ name: String) throws(RuleBookError) -> [TableRow] {
    let elements = try optional(name, "a list") { $0.elements } ?? []
    return elements.enumerated().map { TableRow($1, of: name, at: $0) }
  }

  /// The one object of this name.
  func section(_ name: String) throws(RuleBookError) -> TableRow {
    TableRow(try required(name, "an object") { $0.members == nil ? nil : $0 }, of: name)
  }
}

/// The days from a first to a last, both included; nil means without end on that side.
struct DateSpan: Hashable, Sendable {
  let first: CalendarDate?
  let last: CalendarDate?

  func contains(_ date: CalendarDate) -> Bool {
    if let first, date < first { return false }
    if let last, last < date { return false }
    return true
  }
}
