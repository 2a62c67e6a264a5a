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
      return facility.takeChanges().isEmpty ? nil : .facility
    }
    let before = try session(of: row.caseID)
    others[row.caseID, default: CaseFold(row.caseID, isPartial: isPartial)].add(row)
    return try session(of: row.caseID) == before ? nil : .otherCase(row.caseID)
  }

  /// Derives the case as it stands.
  func derive() throws(PostgresError) -> DerivedCase {
    var sessions: [LabSession] = []
    for caseID in others.keys.sorted() {
      guard let other = try session(of: caseID), other.patient == own.state.patient,
        other.serviceDate == own.state.opening?.serviceDate
      else { continue }
      sessions.append(other)
    }
    return try rules.derive(own, otherSessions: sessions)
  }

  private func session(of caseID: CaseID) throws(PostgresError) -> LabSession? {
    guard let fold = others[caseID] else { return nil }
    return try rules.session(of: fold.state)
  }
}
