import Charges
import Procedures

/// Line items for people.
enum LineItemTable {
  /// The lines of several cases, with what concerns a whole case below them.
  static func text(_ derivations: [Derivation]) -> String {
    var table = TextTable(
      ["CASE", "DATE", "CODE", "UNITS", "STATUS", "HOLDS AND EDITS"],
      rightAligned: [3])
    var remarks: [String] = []
    for derivation in derivations {
      for line in derivation.lines {
        let modifiers = line.modifiers.map { "-" + $0.text }.joined()
        let findings = (line.holds + line.edits).map(\.code.rawValue)
        table.add([
          derivation.caseID.description, derivation.serviceDate?.description ?? "-",
          line.code.text + modifiers, String(line.units), line.status.rawValue,
          findings.joined(separator: ", "),
        ])
      }
      for finding in derivation.holds + derivation.edits {
        remarks.append("\(derivation.caseID): \(finding.code.rawValue): \(finding.because)")
      }
    }
    return table.text + remarks.map { $0 + "\n" }.joined()
  }
}
