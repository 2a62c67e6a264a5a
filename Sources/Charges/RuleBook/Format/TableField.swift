internal import Procedures

/// One field of a table's rows.
struct TableField: Sendable {
  let name: String
  let kind: Kind
  /// What null means there, in a word; nil where null may not stand.
  let null: String?

  init(_ name: String, _ kind: Kind, orNull null: String? = nil) {
    self.name = name
    self.kind = kind
    self.null = null
  }

  /// What may stand in a field.
  enum Kind: Sendable {
    case code
    case codes
    case date
    case diagnoses
    case flag
    case integer(ClosedRange<Int>)
    case amount
    case modifier
    case modifiers
    case oneOf([String])
    case someOf([String])
    /// A name of 1 to 64 small letters, digits, points and hyphens.
    case name
    case payer
    case payers
    case text
    case vessel
    case vessels
    /// `true`, or what is assumed in words.
    case flagOrText
  }

  /// How long a text may be, in characters.
  static let textLimit = 1_000
  /// How many elements a list may have.
  static let listLimit = 1_000
}

extension TableField {
  /// What is wrong with a value, in a sentence; nil where nothing is.
  func fault(_ value: JSON) -> String? {
    if value == .null {
      return null != nil ? nil : "\"\(name)\" may not be null: it is \(kind.expectation)."
    }
    switch kind {
    case .codes, .diagnoses, .modifiers, .someOf, .payers, .vessels: return faultOfList(value)
    case .vessel: return faultOfVessel(value)
    case .code, .date, .flag, .integer, .amount, .modifier, .oneOf, .name, .payer, .text,
      .flagOrText:
      return kind.accepts(value) ? nil : "\"\(name)\" is not \(kind.expectation)."
    }
  }

  private func faultOfList(_ value: JSON) -> String? {
    guard let elements = value.elements else {
      return "\"\(name)\" is not a list: it holds \(kind.expectation)."
    }
    guard elements.count <= Self.listLimit else {
      return "\"\(name)\" has more than \(Self.listLimit) elements."
    }
    var seen: Set<String> = []
    for element in elements {
      if case .vessels = kind, let fault = faultOfVessel(element) { return fault }
      guard let text = element.text, kind.accepts(element) else {
        return "\"\(name)\" holds \(Self.shown(element)), which is not \(kind.expectation)."
      }
      guard seen.insert(text).inserted else { return "\"\(name)\" holds \"\(text)\" twice." }
    }
    return nil
  }

  private func faultOfVessel(_ value: JSON) -> String? {
    guard let text = value.text else { return "\"\(name)\" is not a vessel's code." }
    if Vessel(code: text) != nil { return nil }
    let nearest = VesselCatalogue.standard.nearest(to: text, count: 1).first
    return "\"\(name)\" names \"\(Self.excerpt(text))\", which is no vessel"
      + (nearest.map { "; the nearest is \($0)." } ?? ".")
  }

  /// A value as a sentence shows it.
  static func shown(_ value: JSON) -> String {
    switch value {
    case .string(let text): "\"\(excerpt(text))\""
    case .number(let number): number.description
    case .null, .bool, .array, .object: value.kind
    }
  }

  /// The start of a text that may be long.
  static func excerpt(_ text: String) -> String {
    text.count <= 40 ? text : text.prefix(40) + "…"
  }
}

extension TableField.Kind {
  /// What should stand there, for a sentence.
  var expectation: String {
    switch self {
    case .code, .codes: "a billing code of five characters, such as 37252"
    case .date: "a day of the calendar, such as 2026-03-02"
    case .diagnoses: "an ICD-10-CM code, such as I87.1"
    case .flag: "true or false"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .amount: "a number that is not below zero, of at most six places"
    case .modifier, .modifiers: "a modifier of two characters, such as 59"
    case .oneOf(let words), .someOf(let words): "one of \(words.joined(separator: ", "))"
    case .name: "a name of 1 to 64 small letters, digits, points and hyphens"
    case .payer, .payers: "a payer's name of 1 to 128 characters"
    case .text: "a text of 1 to \(TableField.textLimit) characters"
    case .vessel, .vessels: "a vessel's code"
    case .flagOrText: "true or false, or a text that says what is assumed"
    }
  }

  /// Whether a value, or one element of a list, can stand there; null is asked elsewhere.
  func accepts(_ value: JSON) -> Bool {
    switch self {
    case .code, .codes: value.text.flatMap(BillingCode.init) != nil
    case .date: value.text.flatMap(CalendarDate.init) != nil
    case .diagnoses: value.text.flatMap(DiagnosisCode.init) != nil
    case .flag: value.flag != nil
    case .integer(let range): value.number?.integer.map(range.contains) ?? false
    case .amount: value.number.map { !$0.isNegative && $0.exponent >= -6 } ?? false
    case .modifier, .modifiers: value.text.flatMap(Modifier.init) != nil
    case .oneOf(let words), .someOf(let words): value.text.map(words.contains) ?? false
    case .name: value.text.map(Self.isName) ?? false
    case .payer, .payers: value.text.flatMap(PayerCode.init) != nil
    case .text: value.text.map(Self.isText) ?? false
    case .vessel, .vessels: value.text.flatMap(Vessel.init(code:)) != nil
    case .flagOrText: value.flag != nil || (value.text.map(Self.isText) ?? false)
    }
  }

  static func isName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789.-".utf8.contains($0) }
  }

  static func isText(_ text: String) -> Bool {
    text.utf8.count <= 4 * TableField.textLimit && text.count <= TableField.textLimit
      && text.contains { !$0.isWhitespace }
  }
}
