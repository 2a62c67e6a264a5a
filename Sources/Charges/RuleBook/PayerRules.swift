public import Procedures

/// What the book knows of a payer from a first to a last day, for people.
public struct Payer: Hashable, Sendable {
  /// The payer, as cases name it.
  public let payer: PayerCode
  /// Other names under which cases may name it.
  public let aliases: [PayerCode]
  /// The first day on which this holds; nil where that is not known.
  public let firstDay: CalendarDate?
  /// The last day; nil where none is set.
  public let lastDay: CalendarDate?
  /// The policy of grouping vessels; nil where none is known, and then the default holds.
  public let policy: GroupingPolicyName?
  /// Where the row comes from.
  public let source: String
  /// Whether no source confirmed it.
  public let isAssumed: Bool
  /// What is known, each with its source.
  public let notes: [Note]
  /// Whether it asks for some procedures to be authorized before.
  public let asksForPreauthorization: Bool

  /// Something that is known of a payer.
  public struct Note: Hashable, Sendable {
    /// The words.
    public let text: String
    /// Where they come from.
    public let source: String
    /// Of when; nil where that is not known.
    public let date: CalendarDate?
  }
}

/// What the book knows of a payer.
struct PayerRules: Sendable {
  /// A procedure that the payer wants to have agreed to before.
  struct Preauthorization: Sendable {
    let span: DateSpan
    let action: Words
    /// The whole vessels in which the action asks for it.
    let vessels: Set<Vessel>
    /// Codes that state such an action where no entry shows where it was.
    let statedCodes: Set<BillingCode>
    /// Diagnoses, without their point, for which it is asked; another diagnosis alone needs none.
    let diagnoses: Set<String>
    let heldCodes: Set<BillingCode>
    let source: String
  }

  let payer: PayerCode
  let aliases: [PayerCode]
  let span: DateSpan
  let policy: GroupingPolicyName?
  let source: String
  let isAssumed: Bool
  let notes: [Payer.Note]
  let preauthorizations: [Preauthorization]

  /// The row for people.
  var payerRow: Payer {
    Payer(
      payer: payer, aliases: aliases, firstDay: span.first, lastDay: span.last, policy: policy,
      source: source, isAssumed: isAssumed, notes: notes,
      asksForPreauthorization: !preauthorizations.isEmpty)
  }

  /// What a payer wants authorized on a date.
  func preauthorizations(on date: CalendarDate) -> [Preauthorization] {
    preauthorizations.filter { $0.span.contains(date) }
  }

  /// The rows of all payers in the order of the book, each with the notes and the demands of its
  /// payer.
  static func all(_ book: BookDocument) throws(RuleBookError) -> [PayerRules] {
    var notes: [PayerCode: [Payer.Note]] = [:]
    for row in book.rows("payerNotes") {
      notes[try row.term("payer"), default: []].append(
        Payer.Note(
          text: try row.text("says"), source: row.source,
          date: try row.optional("date", "a date") { $0.text.flatMap(CalendarDate.init) }))
    }
    var demands: [PayerCode: [Preauthorization]] = [:]
    for row in book.rows("preauthorizations") {
      demands[try row.term("payer"), default: []].append(try Preauthorization(row))
    }
    var payers: [PayerRules] = []
    for row in book.rows("payers") {
      let payer: PayerCode = try row.term("payer")
      payers.append(
        try PayerRules(row, payer, notes: notes[payer] ?? [], demands: demands[payer] ?? []))
    }
    return payers
  }

  private init(
    _ row: TableRow, _ payer: PayerCode, notes: [Payer.Note], demands: [Preauthorization]
  ) throws(RuleBookError) {
    self.payer = payer
    aliases = try row.list("aliases", "a payer's code") { $0.text.flatMap(PayerCode.init) }
    span = try row.span()
    policy = try row.optional("policy", "a policy's name") {
      $0.text.flatMap(GroupingPolicyName.init)
    }
    source = row.source
    isAssumed = row.isAssumed
    self.notes = notes
    preauthorizations = demands
  }

  static func withoutPoint(_ code: DiagnosisCode) -> String {
    code.text.contains(".") ? code.text.filter { $0 != "." } : code.text
  }
}

extension PayerRules.Preauthorization {
  fileprivate init(_ row: TableRow) throws(RuleBookError) {
    span = try row.span()
    action = try row.term("action")
    vessels = Set(try row.vessels("vessels"))
    statedCodes = Set(try row.codes("statedCodes"))
    diagnoses = Set(
      try row.list("diagnoses", "a diagnosis") {
        $0.text.flatMap(DiagnosisCode.init).map(PayerRules.withoutPoint)
      })
    heldCodes = Set(try row.codes("heldCodes"))
    source = row.source
  }
}
