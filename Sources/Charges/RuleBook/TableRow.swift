internal import Procedures

/// One row of a table, read field by field; each fault names the table and the row.
struct TableRow: Sendable {
  let table: String
  /// The row's place in the file from which the book is read; nil for a row of the book beneath.
  let index: Int?
  let json: JSON
  /// Its own source, or that of its table.
  let source: String

  init(_ json: JSON, of table: String, at index: Int?, source: String) {
    self.json = json
    self.table = table
    self.index = index
    self.source = source
  }

  /// Whether no source confirmed it.
  var isAssumed: Bool {
    switch json["assumed"] {
    case .bool(let flag): flag
    case .string: true
    case nil, .null, .number, .array, .object: false
    }
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
    guard let value = read(raw) else { throw fault("\"\(name)\" is not \(expectation).") }
    return value
  }

  func required<Value>(
    _ name: String, _ expectation: String, _ read: (JSON) -> Value?
  ) throws(RuleBookError) -> Value {
    guard let value = try optional(name, expectation, read) else {
      throw fault("\"\(name)\" is missing.")
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
    try required(name, "true or false") { $0.flag }
  }

  func code(_ name: String) throws(RuleBookError) -> BillingCode {
    try required(name, "a billing code") { $0.text.flatMap(BillingCode.init) }
  }

  func vessel(_ name: String) throws(RuleBookError) -> Vessel {
    try required(name, "a vessel") { $0.text.flatMap(Vessel.init(code:)) }
  }

  func term<Subject>(_ name: String) throws(RuleBookError) -> Term<Subject> {
    try required(name, "a name") { $0.text.flatMap(Term<Subject>.init) }
  }

  /// The days on which the row holds; all where its table is not dated.
  func span() throws(RuleBookError) -> DateSpan {
    let first = try optional("from", "a date") { $0.text.flatMap(CalendarDate.init) }
    let last = try optional("to", "a date") { $0.text.flatMap(CalendarDate.init) }
    if let first, let last, last < first { throw fault("It ends before it begins.") }
    return DateSpan(first: first, last: last)
  }

  func list<Value>(
    _ name: String, _ expectation: String, _ read: (JSON) -> Value?
  ) throws(RuleBookError) -> [Value] {
    let elements = try required(name, "a list") { $0.elements }
    var values: [Value] = []
    for element in elements {
      guard let value = read(element) else {
        throw fault("\"\(name)\" holds what is not \(expectation).")
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

  func vessels(_ name: String) throws(RuleBookError) -> [Vessel] {
    try list(name, "a vessel") { $0.text.flatMap(Vessel.init(code:)) }
  }
}
