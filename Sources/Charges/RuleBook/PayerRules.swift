public import Procedures

/// What the book knows of a payer, for people.
public struct Payer: Hashable, Sendable {
  /// The payer, as cases name it.
  public let payer: PayerCode
  /// Other names under which cases may name it.
  public let aliases: [PayerCode]
  /// The policy of grouping vessels; nil where none is known, and then the default holds.
  public let policy: GroupingPolicyName?
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
  let policy: GroupingPolicyName?
  let notes: [Payer.Note]
  let preauthorizations: [Preauthorization]

  /// The row for people.
  var payerRow: Payer {
    Payer(
      payer: payer, aliases: aliases, policy: policy, notes: notes,
      asksForPreauthorization: !preauthorizations.isEmpty)
  }

  init(_ row: TableRow) throws(RuleBookError) {
    payer = try row.term("payer")
    aliases = try row.list("aliases", "a payer's code") { $0.text.flatMap(PayerCode.init) }
    policy = try row.optional("policy", "a policy's name") {
      $0.text.flatMap(GroupingPolicyName.init)
    }
    var notes: [Payer.Note] = []
    for note in try row.rows("notes") {
      notes.append(
        Payer.Note(
          text: try note.text("text"), source: try note.text("source"),
          date: try note.optional("date", "a date") { $0.text.flatMap(CalendarDate.init) }))
    }
    self.notes = notes
    var rules: [Preauthorization] = []
    for row in try row.rows("preauthorizations") {
      rules.append(
        Preauthorization(
          action: try row.term("action"),
          vessels: Set(
            try row.list("vessels", "a vessel") { $0.text.flatMap(Vessel.init(code:)) }),
          statedCodes: Set(try row.codes("statedCodes")),
          diagnoses: Set(
            try row.list("diagnoses", "a diagnosis") {
              $0.text.flatMap(DiagnosisCode.init).map(Self.withoutPoint)
            }),
          heldCodes: Set(try row.codes("heldCodes")), source: try row.text("source")))
    }
    preauthorizations = rules
  }

  static func withoutPoint(_ code: DiagnosisCode) -> String {
    code.text.contains(".") ? code.text.filter { $0 != "." } : code.text
  }
}
