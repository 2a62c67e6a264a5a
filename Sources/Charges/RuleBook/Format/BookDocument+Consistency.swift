internal import Procedures

extension BookDocument {
  /// All that is wrong between the rows of a book whose form is right: names that lead nowhere, and
  /// what stands twice.
  func inconsistencies() -> RuleBookFaults {
    var faults = RuleBookFaults()
    checkNames(&faults)
    checkPolicies(&faults)
    checkRules(&faults)
    checkPayers(&faults)
    checkCompleteness(&faults)
    checkVessels(&faults)
    return faults
  }

  /// A row of a site's book names its place; one of the book beneath has none.
  private func add(
    _ sentence: String, at row: TableRow, _ field: String? = nil,
    to faults: inout RuleBookFaults
  ) {
    faults.add(sentence, table: row.table, row: row.index, field: row.index == nil ? nil : field)
  }

  private func texts(_ field: String, of table: String) -> Set<String> {
    Set(rows(table).compactMap { $0.json[field]?.text })
  }

  /// A field of one table that names a row of another.
  private typealias Reference = (table: String, field: String, other: String, key: String)

  private static let references: [Reference] = [
    ("vesselGroups", "policy", "policies", "policy"),
    ("policyYields", "policy", "policies", "policy"),
    ("payers", "policy", "policies", "policy"),
    ("payerNotes", "payer", "payers", "payer"),
    ("preauthorizations", "payer", "payers", "payer"),
    ("addOnPrimaries", "code", "addOns", "code"),
    ("familyCodes", "family", "families", "family"),
    ("familyCodes", "firstRule", "rules", "rule"),
    ("familyCodes", "furtherRule", "rules", "rule"),
  ]

  private func checkNames(_ faults: inout RuleBookFaults) {
    for reference in Self.references {
      let known = texts(reference.key, of: reference.other)
      for row in rows(reference.table) {
        guard let name = row.json[reference.field]?.text, !known.contains(name) else { continue }
        add(
          "\"\(reference.field)\" names \"\(TableField.excerpt(name))\", which has no row in "
            + "\(reference.other).", at: row, reference.field, to: &faults)
      }
    }
  }

  private func checkPolicies(_ faults: inout RuleBookFaults) {
    let defaults = rows("policies").filter { $0.json["default"]?.flag == true }
    if defaults.count != 1 {
      let names = defaults.map(\.keyText).joined(separator: ", ")
      faults.add(
        "Exactly one policy is the default; here \(defaults.isEmpty ? "none is" : "\(names) are").",
        table: "policies", row: defaults.last { $0.index != nil }?.index)
    }
    var groups: [[String]: String] = [:]
    for row in rows("vesselGroups") {
      guard let policy = row.json["policy"]?.text, let group = row.json["group"]?.text else {
        continue
      }
      for vessel in row.json["vessels"]?.elements?.compactMap(\.text) ?? [] {
        checkCounted(vessel, row, &faults)
        if let other = groups.updateValue(group, forKey: [policy, vessel]) {
          add(
            "\(vessel) stands in two groups of \(policy): \(other) and \(group).", at: row,
            "vessels", to: &faults)
        }
      }
    }
  }

  private func checkCounted(_ code: String, _ row: TableRow, _ faults: inout RuleBookFaults) {
    guard let vessel = Vessel(code: code) else { return }
    if vessel.whole != vessel {
      add(
        "\(code) is a segment of \(vessel.whole.code) and counts with it; name that.", at: row,
        "vessels", to: &faults)
    } else if vessel.facts.territory != .noncoronary {
      add(
        "\(code) is a vessel of the heart, where policies do not group.", at: row, "vessels",
        to: &faults)
    }
  }

  private func checkRules(_ faults: inout RuleBookFaults) {
    var seen: Set<String> = []
    for row in rows("rules") + rows("policies") + rows("policyYields") {
      guard let rule = row.json["rule"]?.text, !seen.insert(rule).inserted else { continue }
      add("The rule \"\(rule)\" stands twice.", at: row, "rule", to: &faults)
    }
    let rules = texts("rule", of: "rules")
    for rule in CountingRules.names where !rules.contains(rule) {
      faults.add("The rule \(rule) is missing.", table: "rules")
    }
  }

  /// No name may lead to two payers on one day.
  private func checkPayers(_ faults: inout RuleBookFaults) {
    var claims: [String: [(payer: String, span: DateSpan)]] = [:]
    for row in rows("payers") {
      guard let payer = row.json["payer"]?.text, let span = try? row.span() else { continue }
      let aliases = row.json["aliases"]?.elements?.compactMap(\.text) ?? []
      for name in [payer] + aliases {
        if let other = claims[name]?.first(where: {
          $0.payer != payer && $0.span.overlaps(span)
        }) {
          add(
            "\"\(name)\" names both \(other.payer) and \(payer) on the same days.", at: row,
            "aliases", to: &faults)
        }
        claims[name, default: []].append((payer, span))
      }
    }
  }

  private func checkCompleteness(_ faults: inout RuleBookFaults) {
    let expected = [
      ("holds", "hold", HoldCode.allCases.map(\.rawValue)),
      ("unitLimitTables", "setting", CareSetting.allCases.map(\.rawValue)),
      ("modifierChecks", "check", ModifierRules.checks),
    ]
    for (table, field, names) in expected {
      let known = texts(field, of: table)
      for name in names where !known.contains(name) {
        faults.add("\(name) is missing.", table: table)
      }
    }
  }

  /// Refuses a book that was made when the catalogue said other things of a vessel.
  private func checkVessels(_ faults: inout RuleBookFaults) {
    for row in rows("vessels") {
      guard let vessel = row.json["vessel"]?.text.flatMap(Vessel.init(code:)) else { continue }
      let now = vessel.bookRow
      for member in now.members ?? [] where row.json[member.name] != member.value {
        add(
          "\"\(member.name)\" of \(vessel.code) is \(member.value.compactText) in this "
            + "program's catalogue.", at: row, member.name, to: &faults)
      }
    }
    for row in rows("preauthorizations") {
      for code in row.json["vessels"]?.elements?.compactMap(\.text) ?? [] {
        guard let vessel = Vessel(code: code), vessel.whole != vessel else { continue }
        add(
          "\(code) is a segment of \(vessel.whole.code); name that.", at: row, "vessels",
          to: &faults)
      }
    }
  }
}

extension Vessel {
  /// The vessel as a row of the table `vessels`.
  var bookRow: JSON {
    [
      "vessel": .string(code), "territory": .string(facts.territory.rawValue),
      "paired": .bool(facts.isPaired), "parent": facts.parent.map { .string($0.code) } ?? .null,
    ]
  }
}
