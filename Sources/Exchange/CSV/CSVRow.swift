internal import Charges
internal import Procedures

/// The columns in their order: a new one is added at the end, and none is ever moved or renamed.
enum CSVColumns {
  static let names = [
    // `CG` a charge, the credit code a credit; 1 a row; the id, and of a credit the charge's.
    "record", "lines", "entry", "credits",
    "account", "encounter", "patient", "case", "service_date", "posted_at",
    // `CPT` or `HCPCS`.
    "code_system", "code", "mod1", "mod2", "mod3", "mod4", "units",
    "vessels", "department", "room", "setting", "place_of_service", "operator", "performing_npi",
    "payer", "claims", "dx1", "dx2", "dx3", "dx4",
    // All of them: a line can have more than four of either.
    "diagnoses", "modifiers",
    "rule_book", "rule_book_digest", "grouping_policy", "recorded_at", "case_version", "position",
    "events",
  ]

  /// The names as the first row of a document.
  static let header = Array((names.joined(separator: ",") + "\r\n").utf8)

  /// How many cells stand empty between two columns.
  private static func gap(after first: String, before second: String) -> Int {
    guard let start = names.firstIndex(of: first), let end = names.firstIndex(of: second) else {
      return 0
    }
    return end - start
  }

  /// The separators from `lines` to `units`, and from there to the end of a row.
  static let beforeUnits = Array(
    repeating: UInt8(ascii: ","), count: gap(after: "lines", before: "units"))
  static let afterUnits = Array(
    repeating: UInt8(ascii: ","), count: gap(after: "units", before: "events"))
}

/// One entry as a row.
///
/// Lists stand in one cell, their elements separated by `;`, which no element can hold.
struct CSVRow {
  private let pulled: PulledEntry
  private let creditCode: CreditCode

  init(_ pulled: PulledEntry, _ creditCode: CreditCode) {
    self.pulled = pulled
    self.creditCode = creditCode
  }

  func write(into bytes: inout [UInt8]) {
    writeIdentifiers(into: &bytes)
    writeService(into: &bytes)
    writeCircumstances(into: &bytes)
    writeDiagnoses(into: &bytes)
    writeBasis(into: &bytes)
    bytes.put("\r\n")
  }

  /// `record` to `posted_at`.
  private func writeIdentifiers(into bytes: inout [UInt8]) {
    let entry = pulled.entry
    bytes.putCell(entry.credited == nil ? "CG" : creditCode.text)
    bytes.put(",1,\"")
    bytes.put(entry.id)
    bytes.put("\",")
    if let charge = entry.credited { bytes.putQuoted { $0.put(charge) } }
    bytes.put(",")
    bytes.putCell(pulled.account)
    bytes.put(",")
    bytes.putCell(pulled.encounter)
    bytes.put(",")
    bytes.putCell(entry.charge.patient?.text)
    bytes.put(",\"")
    bytes.put(entry.caseID)
    bytes.put("\",\"")
    bytes.put(entry.charge.serviceDate)
    bytes.put("\",\"")
    bytes.put(entry.postedAt)
    bytes.put("\",")
  }

  /// `code_system` to `vessels`.
  private func writeService(into bytes: inout [UInt8]) {
    let charge = pulled.entry.charge
    bytes.put(CodeSystem(charge.code) == .cpt ? "\"CPT\",\"" : "\"HCPCS\",\"")
    bytes.put(charge.code.text)
    bytes.put("\",")
    for place in 0..<4 {
      if place < charge.modifiers.count { bytes.putCell(charge.modifiers[place].text) }
      bytes.put(",")
    }
    bytes.put(charge.units)
    bytes.put(",")
    bytes.putCellList(charge.counted.lazy.filter { !$0.vessels.isEmpty }) {
      $0.putList($1.vessels, separator: "+") { $0.put(VesselTexts.standard[$1].plain) }
    }
    bytes.put(",")
  }

  /// `department` to `claims`.
  private func writeCircumstances(into bytes: inout [UInt8]) {
    let charge = pulled.entry.charge
    bytes.putCell(charge.department?.text)
    bytes.put(",")
    bytes.putCell(charge.room?.text)
    bytes.put(",\"")
    bytes.put(charge.setting.rawValue)
    bytes.put("\",\"")
    bytes.put(charge.setting.placeOfService)
    bytes.put("\",")
    bytes.putCell(charge.operatingPhysician.text)
    bytes.put(",")
    bytes.putCell(charge.npi)
    bytes.put(",")
    bytes.putCell(charge.payer?.text)
    bytes.put(",")
    bytes.putCellList(charge.claims) { $0.put($1.rawValue) }
    bytes.put(",")
  }

  /// `dx1` to `modifiers`.
  private func writeDiagnoses(into bytes: inout [UInt8]) {
    let charge = pulled.entry.charge
    for place in 0..<4 {
      if place < charge.diagnoses.count { bytes.putCell(charge.diagnoses[place].text) }
      bytes.put(",")
    }
    bytes.putCellList(charge.diagnoses) { $0.put($1.text) }
    bytes.put(",")
    bytes.putCellList(charge.modifiers) { $0.put($1.text) }
    bytes.put(",")
  }

  /// `rule_book` to `events`.
  private func writeBasis(into bytes: inout [UInt8]) {
    let entry = pulled.entry
    bytes.putCell(entry.ruleBook.text)
    bytes.put(",")
    bytes.putCell(entry.ruleBookDigest)
    bytes.put(",")
    bytes.putCell(entry.groupingPolicy.text)
    bytes.put(",\"")
    bytes.put(entry.recordedAt)
    bytes.put("\",")
    bytes.put(entry.version)
    bytes.put(",")
    bytes.put(entry.position)
    bytes.put(",")
    bytes.putCellList(entry.charge.entries) { $0.put($1) }
  }
}
