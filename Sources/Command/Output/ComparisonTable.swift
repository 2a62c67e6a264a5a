import Charges
import Procedures

extension DerivationComparison {
  /// What differs in the case, for people: a line for each change.
  var text: String {
    var lines = changes.map { line in
      let modifiers = line.modifiers.map { "-" + $0.text }.joined()
      return "\(heading)  \(line.code)\(modifiers)  \(line.status.rawValue)  "
        + "\(line.before.units) → \(line.after.units)"
    }
    if let failureAfter, failureAfter != failureBefore {
      lines.append("\(heading)  derivation-failed: \(failureAfter)")
    } else if failureBefore != nil, failureAfter == nil {
      lines.append("\(heading)  can be derived now")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private var heading: String { "\(caseID)  \(serviceDate?.description ?? "-")" }
}

extension ComparisonTotals {
  /// What all cases come to, for people.
  var text: String {
    var table = TextTable(
      [
        "CODE", "STATUS", "CASES", "BEFORE", "AFTER", "UNITS", "MEDICARE BEFORE", "AFTER",
        "DOLLARS",
      ],
      rightAligned: [2, 3, 4, 5, 6, 7, 8])
    for row in rows where row.changedCaseCount > 0 {
      table.add(
        [row.code.text, row.status.rawValue, String(row.changedCaseCount)]
          + Self.cells(row.before, row.after))
    }
    for status in LineStatus.allCases {
      let (before, after) = sum(status)
      guard before.units > 0 || after.units > 0 else { continue }
      table.add(["all", status.rawValue, ""] + Self.cells(before, after))
    }
    return table.text + "\n" + sentences.map { $0 + "\n" }.joined()
  }

  private static func cells(_ before: PricedUnits, _ after: PricedUnits) -> [String] {
    let units = after.units - before.units
    let cents = after.cents - before.cents
    return [
      String(before.units), String(after.units), units > 0 ? "+\(units)" : String(units),
      MedicareAmount(cents: before.cents).description,
      MedicareAmount(cents: after.cents).description,
      (cents > 0 ? "+" : "") + MedicareAmount(cents: cents).description,
    ]
  }

  private var sentences: [String] {
    var sentences = ["\(changedCaseCount) of \(caseCount) cases differ."]
    if failedBeforeCount > 0 || failedAfterCount > 0 {
      sentences.append(
        "\(failedBeforeCount) could not be derived before, \(failedAfterCount) after.")
    }
    let unpublished = LineStatus.allCases.reduce(into: (before: 0, after: 0)) { total, status in
      let (before, after) = sum(status)
      total.before += before.unpublishedUnits
      total.after += after.unpublishedUnits
    }
    if unpublished.before > 0 || unpublished.after > 0 {
      sentences.append(
        "The amounts leave out \(unpublished.before) units before and \(unpublished.after) after "
          + "for which the book has no published value.")
    }
    return sentences
  }
}
