public import Procedures

/// A line that is billable, with all that a claim says beside it and what it rests on.
///
/// It is frozen as it was when it was entered: what is recorded later makes another charge.
public struct Charge: Hashable, Sendable {
  /// The case's date of service.
  public let serviceDate: CalendarDate
  /// Where the service was rendered.
  public let setting: CareSetting
  /// The department that is charged.
  public let department: Words?
  /// The room in which the case was.
  public let room: RoomName?
  /// The physician who performed the procedure.
  public let operatingPhysician: PersonCode
  /// The physician's National Provider Identifier, where the facility had registered one.
  public let npi: String?
  /// Who pays.
  public let payer: PayerCode?
  /// The patient's pseudonym; nil where the patient was not identified.
  public let patient: PatientReference?
  /// The diagnoses of the case, each once; the first is the principal one.
  public let diagnoses: [DiagnosisCode]
  /// The code.
  public let code: BillingCode
  /// How many.
  public let units: Int
  /// Its modifiers, in their order.
  public let modifiers: [Modifier]
  /// The claims that it goes on.
  public let claims: [Claim]
  /// One element a unit.
  public let counted: [CountedUnit]

  init(
    serviceDate: CalendarDate, setting: CareSetting, department: Words?, room: RoomName?,
    operatingPhysician: PersonCode, npi: String?, payer: PayerCode?, patient: PatientReference?,
    diagnoses: [DiagnosisCode], code: BillingCode, units: Int, modifiers: [Modifier],
    claims: [Claim], counted: [CountedUnit]
  ) {
    self.serviceDate = serviceDate
    self.setting = setting
    self.department = department
    self.room = room
    self.operatingPhysician = operatingPhysician
    self.npi = npi
    self.payer = payer
    self.patient = patient
    self.diagnoses = diagnoses
    self.code = code
    self.units = units
    self.modifiers = modifiers
    self.claims = claims
    self.counted = counted
  }

  /// The entries that any of its units rests on, each once, in the order of the units: ids of the
  /// original events.
  public var entries: [EventID] { counted.flatMap(\.entries).firstOccurrences }

  /// Whether a claim would say the same of both.
  ///
  /// Everything counts but the room, the physician's identifier, which is looked up, and which of
  /// several entries show a vessel: one more look at it changes no claim.
  public func claims(sameAs other: Charge) -> Bool {
    code == other.code && units == other.units && modifiers == other.modifiers
      && claims == other.claims && serviceDate == other.serviceDate && setting == other.setting
      && department == other.department && operatingPhysician == other.operatingPhysician
      && payer == other.payer && patient == other.patient && diagnoses == other.diagnoses
      && counted.elementsEqual(other.counted) { $0.group == $1.group && $0.vessels == $1.vessels }
  }
}

extension Charge {
  /// The charges that a case makes as it stands: one for each billable line, in the lines' order.
  ///
  /// - Parameters:
  ///   - derivation: the lines of the case.
  ///   - state: the case from which they were derived.
  ///   - people: who is registered at the facility.
  /// - Returns: none where the case was not opened.
  public static func all(
    of derivation: Derivation, _ state: CaseState, people: [PersonCode: PersonRegistered]
  ) -> [Charge] {
    let lines = derivation.lines.filter { $0.status == .billable }
    guard let opening = state.opening, !lines.isEmpty else { return [] }
    let diagnoses = state.diagnoses
    return lines.map { line in
      Charge(
        serviceDate: opening.serviceDate, setting: opening.setting,
        department: opening.department, room: state.room,
        operatingPhysician: opening.operatingPhysician,
        npi: people[opening.operatingPhysician]?.npi, payer: opening.payer,
        patient: state.patient, diagnoses: diagnoses, code: line.code, units: line.units,
        modifiers: line.modifiers, claims: line.claims, counted: line.counted)
    }
  }
}

extension CaseState {
  /// The diagnoses that stand, each once, in the order of recording.
  fileprivate var diagnoses: [DiagnosisCode] {
    var codes: [DiagnosisCode] = []
    for entry in standing {
      if case .diagnosisCoded(let coded) = entry.body { codes += coded }
    }
    return codes.firstOccurrences
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, where it first stood.
  var firstOccurrences: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
