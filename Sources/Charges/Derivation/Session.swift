public import Procedures

/// What one case means to the same-day rule of another: its patient, its date, and the families in
/// which it counts a vessel.
public struct Session: Hashable, Sendable {
  /// The case.
  public let caseID: CaseID
  /// Its patient.
  public let patient: PatientReference
  /// Its date of service.
  public let serviceDate: CalendarDate
  /// The families in which it counts a vessel.
  public let families: Set<CodeFamily>

  /// A session of these parts.
  public init(
    caseID: CaseID, patient: PatientReference, serviceDate: CalendarDate, families: Set<CodeFamily>
  ) {
    self.caseID = caseID
    self.patient = patient
    self.serviceDate = serviceDate
    self.families = families
  }

  /// The session of a case; nil when its patient is unknown, it was not opened or was cancelled, or
  /// it counts no vessel.
  ///
  /// No policy is needed: whichever groups vessels, a family with one imaged vessel has a group.
  public init?(_ state: CaseState, ruleBook: RuleBook) {
    guard state.phase != .cancelled, let opening = state.opening, let patient = state.patient
    else { return nil }
    let tables = ruleBook.tables
    var families: Set<CodeFamily> = []
    for entry in state.entries where !entry.isRetracted {
      guard case .imageAcquired(let image) = entry.body,
        let place = tables.places[image.site.vessel]
      else { continue }
      for rules in tables.families where rules.counts(image, place) {
        families.insert(rules.family)
      }
    }
    guard !families.isEmpty else { return nil }
    self.init(
      caseID: state.id, patient: patient, serviceDate: opening.serviceDate, families: families)
  }
}
