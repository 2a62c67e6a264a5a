internal import Procedures

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
  let preauthorizations: [Preauthorization]

  init(_ row: TableRow) throws(RuleBookError) {
    payer = try row.term("payer")
    aliases = try row.list("aliases", "a payer's code") { $0.text.flatMap(PayerCode.init) }
    policy = try row.optional("policy", "a policy's name") {
      $0.text.flatMap(GroupingPolicyName.init)
    }
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
