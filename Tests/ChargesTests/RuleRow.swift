import Testing

/// One row of a table of rules: what is recorded, and the lines that it must derive to.
struct RuleRow: Sendable, CustomTestStringConvertible {
  let rule: String
  let script: CaseScript
  let policy: String
  let expected: String

  init(_ rule: String, _ script: CaseScript, policy: String = "named-vessel", _ expected: String) {
    self.rule = rule
    self.script = script
    self.policy = policy
    self.expected = expected
  }

  var testDescription: String { rule }
}
