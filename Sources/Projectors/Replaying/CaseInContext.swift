internal import Charges
internal import Postgres
internal import Procedures
internal import Store

/// A case and what bears on it, between two rows of the log.
struct CaseInContext {
  private(set) var own: CaseFold
  private(set) var facility = FacilityFold()
  private var rules: RulesInForce
  private var others: [CaseID: CaseFold] = [:]
  /// What the others mean to the case, by the rules in force.
  private var sessions: [CaseID: LabSession] = [:]
  private let isPartial: Bool

  /// The case before its first event, in a facility before its first.
  ///
  /// - Parameters:
  ///   - caseID: the case.
  ///   - rules: the books at hand and what a person chose; which hold, the rows say.
  ///   - isPartial: whether rows are left out on purpose.
  init(_ caseID: CaseID, _ rules: RulesInForce, isPartial: Bool = false) {
    own = CaseFold(caseID, isPartial: isPartial)
    self.rules = rules
    self.isPartial = isPartial
  }

  /// Grows what the row is of.
  ///
  /// - Returns: where it came from, when it may change the case's lines; else nil.
  mutating func take(_ row: LogRow) throws(PostgresError) -> ReplayStep.Origin? {
    if row.caseID == own.state.id {
      own.add(row)
      return .own(version: row.version)
    }
    if row.caseID == .zero {
      facility.add(row)
      rules.facility = facility.state
      guard !facility.takeChanges().isEmpty else { return nil }
      for (caseID, fold) in others { sessions[caseID] = try rules.session(of: fold.state) }
      return .facility
    }
    others[row.caseID, default: CaseFold(row.caseID, isPartial: isPartial)].add(row)
    guard row.mayMoveSession, let fold = others[row.caseID] else { return nil }
    let session = try rules.session(of: fold.state)
    guard session != sessions[row.caseID] else { return nil }
    sessions[row.caseID] = session
    return .otherCase(row.caseID)
  }

  /// Derives the case as it stands.
  func derive() throws(PostgresError) -> DerivedCase {
    let beside = sessions.values.filter { other in
      other.patient == own.state.patient && other.serviceDate == own.state.opening?.serviceDate
    }
    return try rules.derive(own, otherSessions: beside.sorted { $0.caseID < $1.caseID })
  }
}

extension LogRow {
  private static let movingTypes = Set(
    [
      EventType.caseOpened, .patientIdentified, .imageAcquired, .entryCorrected, .entryRetracted,
      .caseCancelled,
    ].map(\.rawValue))

  /// Whether it is of a type that can change what its case means to other sessions.
  var mayMoveSession: Bool { Self.movingTypes.contains(entry.type) }
}
