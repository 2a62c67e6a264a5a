internal import Charges
internal import Procedures

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

  private var entry: LedgerEntry { pulled.entry }
  private var charge: Charge { pulled.entry.charge }

  func write(into bytes: inout [UInt8]) {
    bytes.putList(CSVColumn.allCases) { write($1, into: &$0) }
    bytes.put("\r\n")
  }

  private func write(_ column: CSVColumn, into bytes: inout [UInt8]) {
    switch column {
    case .record: bytes.putCell(entry.credited == nil ? "CG" : creditCode.text)
    case .lines: bytes.put(1)
    case .entry: bytes.putQuoted { $0.put(entry.id) }
    case .credits: entry.credited.map { charge in bytes.putQuoted { $0.put(charge) } }
    case .account: bytes.putCell(pulled.account)
    case .encounter: bytes.putCell(pulled.encounter)
    case .patient: bytes.putCell(charge.patient?.text)
    case .caseID: bytes.putQuoted { $0.put(entry.caseID) }
    case .serviceDate: bytes.putQuoted { $0.put(charge.serviceDate) }
    case .postedAt: bytes.putQuoted { $0.put(entry.postedAt) }
    case .recordedAt: bytes.putQuoted { $0.put(entry.recordedAt) }
    case .caseVersion: bytes.put(entry.version)
    case .position: bytes.put(entry.position)
    case .ruleBook: bytes.putCell(entry.ruleBook.text)
    case .ruleBookDigest: bytes.putCell(entry.ruleBookDigest)
    case .groupingPolicy: bytes.putCell(entry.groupingPolicy.text)
    case .codeSystem, .code, .mod1, .mod2, .mod3, .mod4, .units, .modifiers:
      writeService(column, into: &bytes)
    case .department, .room, .setting, .placeOfService, .operatingPhysician, .performingNPI,
      .payer, .claims:
      writeCircumstance(column, into: &bytes)
    case .vessels, .dx1, .dx2, .dx3, .dx4, .diagnoses, .events:
      writeGround(column, into: &bytes)
    }
  }

  /// What was done.
  private func writeService(_ column: CSVColumn, into bytes: inout [UInt8]) {
    switch column {
    case .codeSystem: bytes.putCell(CodeSystem(charge.code) == .cpt ? "CPT" : "HCPCS")
    case .code: bytes.putCell(charge.code.text)
    case .mod1: writeModifier(0, into: &bytes)
    case .mod2: writeModifier(1, into: &bytes)
    case .mod3: writeModifier(2, into: &bytes)
    case .mod4: writeModifier(3, into: &bytes)
    case .units: bytes.put(charge.units)
    case .modifiers: bytes.putCellList(charge.modifiers) { $0.put($1.text) }
    default: break
    }
  }

  /// Where, by whom and for whom.
  private func writeCircumstance(_ column: CSVColumn, into bytes: inout [UInt8]) {
    switch column {
    case .department: bytes.putCell(charge.department?.text)
    case .room: bytes.putCell(charge.room?.text)
    case .setting: bytes.putCell(charge.setting.rawValue)
    case .placeOfService: bytes.putCell(charge.setting.placeOfService)
    case .operatingPhysician: bytes.putCell(charge.operatingPhysician.text)
    case .performingNPI: bytes.putCell(charge.npi)
    case .payer: bytes.putCell(charge.payer?.text)
    case .claims: bytes.putCellList(charge.claims) { $0.put($1.rawValue) }
    default: break
    }
  }

  /// What it rests on.
  private func writeGround(_ column: CSVColumn, into bytes: inout [UInt8]) {
    switch column {
    case .vessels:
      bytes.putCellList(charge.counted.lazy.map(\.vessels).filter { !$0.isEmpty }) {
        $0.putList($1, separator: "+") { $0.put(VesselTexts.standard[$1].plain) }
      }
    case .dx1: writeDiagnosis(0, into: &bytes)
    case .dx2: writeDiagnosis(1, into: &bytes)
    case .dx3: writeDiagnosis(2, into: &bytes)
    case .dx4: writeDiagnosis(3, into: &bytes)
    case .diagnoses: bytes.putCellList(charge.diagnoses) { $0.put($1.text) }
    case .events: bytes.putCellList(charge.entries) { $0.put($1) }
    default: break
    }
  }

  private func writeModifier(_ place: Int, into bytes: inout [UInt8]) {
    guard place < charge.modifiers.count else { return }
    bytes.putCell(charge.modifiers[place].text)
  }

  private func writeDiagnosis(_ place: Int, into bytes: inout [UInt8]) {
    guard place < charge.diagnoses.count else { return }
    bytes.putCell(charge.diagnoses[place].text)
  }
}
