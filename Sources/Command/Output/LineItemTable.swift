import ArgumentParser
import Charges
import Procedures

/// Line items for people.
enum LineItemTable {
  /// The lines of several cases, with what concerns a whole case below them.
  static func text(_ derivations: [Derivation]) -> String {
    text(derivations, prices: nil)
  }

  /// The same with Medicare's professional amount of each line, and the sums.
  static func text(_ charges: [PricedCharges]) -> String {
    let billable = charges.map(\.billable).reduce(nil, PriceColumn.sum)
    let planned = charges.map(\.planned).reduce(nil, PriceColumn.sum)
    return text(charges.map(\.derivation), prices: charges.map(\.prices))
      + PriceColumn.totals(billable: billable, planned: planned)
  }

  private static func text(_ derivations: [Derivation], prices: [[Price]]?) -> String {
    var table = TextTable(
      ["CASE", "DATE", "CODE", "UNITS", "STATUS"] + (prices == nil ? [] : ["PRICE"])
        + ["HOLDS AND EDITS"],
      rightAligned: [3])
    var remarks: [String] = []
    for (place, derivation) in derivations.enumerated() {
      for (index, line) in derivation.lines.enumerated() {
        let modifiers = line.modifiers.map { "-" + $0.text }.joined()
        let findings = (line.holds + line.edits).map(\.code.rawValue)
        let price = prices.map { $0[place].indices.contains(index) ? $0[place][index] : nil }
        table.add(
          [
            derivation.caseID.description, derivation.serviceDate?.description ?? "-",
            line.code.text + modifiers, String(line.units), line.status.rawValue,
          ] + (price.map { [$0.map(PriceColumn.cell) ?? "-"] } ?? [])
            + [findings.joined(separator: ", ")])
      }
      for finding in derivation.holds + derivation.edits {
        remarks.append("\(derivation.caseID): \(finding.code.rawValue): \(finding.because)")
      }
    }
    return table.text + remarks.map { $0 + "\n" }.joined()
  }
}

/// Prices for people.
enum PriceColumn {
  static let help: ArgumentHelp =
    "Adds what Medicare pays the physician for each line, and the sums."

  /// The amount of a line, or why it has none.
  static func cell(_ price: Price) -> String {
    switch price.professional {
    case .amount(let amount, _): amount.dollars + (amount.isAssumed ? " (assumed)" : "")
    case .none(.notBillable, _): "-"
    case .none(.notOnProfessionalClaim, _): "facility only"
    case .none(.codeWithoutValue, _): "not in the rule book"
    case .none(.noPublishedValue, let because): because.filter { $0 != "." }.lowercased()
    }
  }

  static func sum(_ left: PriceTotal?, _ right: PriceTotal) -> PriceTotal {
    left.map { $0.adding(right) } ?? right
  }

  /// What can be billed now, what waits, and on what the amounts rest.
  static func totals(billable: PriceTotal?, planned: PriceTotal?) -> String {
    guard let billable, let planned else { return "" }
    return """
      Billable  \(words(billable))
      Planned   \(words(planned))
      \(Price.basis)

      """
  }

  private static func words(_ total: PriceTotal) -> String {
    let amount = total.professional.map { $0.dollars + ($0.isAssumed ? " (assumed)" : "") }
    let missing = total.linesWithoutValue
    let lines = missing == 1 ? "1 line" : "\(missing) lines"
    return (amount ?? "no published value")
      + (missing == 0 ? "" : ", and \(lines) without a value")
  }
}
