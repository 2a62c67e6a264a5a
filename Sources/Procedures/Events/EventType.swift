/// The types of events, by the names that the contract gives them.
public enum EventType: String, CaseIterable, Sendable {
  // The case
  case caseOpened = "case-opened"
  case caseClosed = "case-closed"
  case caseSigned = "case-signed"
  case caseReopened = "case-reopened"
  case caseCancelled = "case-cancelled"
  // The room
  case patientIdentified = "patient-identified"
  case roomChanged = "room-changed"
  case patientStatusChanged = "patient-status-changed"
  case personnelArrived = "personnel-arrived"
  case personnelDeparted = "personnel-departed"
  case timeOutCompleted = "time-out-completed"
  // The procedure
  case percutaneousEntry = "percutaneous-entry"
  case percutaneousClosure = "percutaneous-closure"
  case procedureActionStarted = "procedure-action-started"
  case procedureActionEnded = "procedure-action-ended"
  case procedureActionSuspended = "procedure-action-suspended"
  case procedureActionResumed = "procedure-action-resumed"
  case deviceInserted = "device-inserted"
  case deviceWithdrawn = "device-withdrawn"
  case imageAcquired = "image-acquired"
  case measurementRecorded = "measurement-recorded"
  case lesionIdentified = "lesion-identified"
  case interventionPerformed = "intervention-performed"
  case consumableUsed = "consumable-used"
  case consumableReturned = "consumable-returned"
  case consumableDisposed = "consumable-disposed"
  case drugAdministered = "drug-administered"
  case contrastAdministered = "contrast-administered"
  case radiationRecorded = "radiation-recorded"
  case adverseEvent = "adverse-event"
  // The reading, the codes, the notes
  case interpretationDocumented = "interpretation-documented"
  case procedureCoded = "procedure-coded"
  case diagnosisCoded = "diagnosis-coded"
  case modifierApplied = "modifier-applied"
  case holdReleased = "hold-released"
  case noteRecorded = "note-recorded"
  // Amendments
  case entryCorrected = "entry-corrected"
  case entryRetracted = "entry-retracted"
  // The facility
  case facilityOpened = "facility-opened"
  case ruleBookAdopted = "rule-book-adopted"
  case payerPolicyAssigned = "payer-policy-assigned"
  case personRegistered = "person-registered"

  /// The rooms of the contract's tables: what a case accepts when, and who may record it.
  public enum Category: Sendable {
    /// The case's own life: opened, closed, signed, reopened, cancelled.
    case lifecycle
    /// What happened at the table.
    case clinical
    /// A physician's reading of images.
    case reading
    /// What a physician or coder states for billing.
    case coding
    /// A note.
    case note
    /// A correction or retraction of another entry.
    case amendment
    /// The facility's own: people, rule books, policies.
    case facility
  }

  /// Which kind of event it is.
  public var category: Category {
    switch self {
    case .caseOpened, .caseClosed, .caseSigned, .caseReopened, .caseCancelled: .lifecycle
    case .patientIdentified, .roomChanged, .patientStatusChanged, .personnelArrived,
      .personnelDeparted, .timeOutCompleted, .percutaneousEntry, .percutaneousClosure,
      .procedureActionStarted, .procedureActionEnded, .procedureActionSuspended,
      .procedureActionResumed, .deviceInserted, .deviceWithdrawn, .imageAcquired,
      .measurementRecorded, .lesionIdentified, .interventionPerformed, .consumableUsed,
      .consumableReturned, .consumableDisposed, .drugAdministered, .contrastAdministered,
      .radiationRecorded, .adverseEvent:
      .clinical
    case .interpretationDocumented: .reading
    case .procedureCoded, .diagnosisCoded, .modifierApplied, .holdReleased: .coding
    case .noteRecorded: .note
    case .entryCorrected, .entryRetracted: .amendment
    case .facilityOpened, .ruleBookAdopted, .payerPolicyAssigned, .personRegistered: .facility
    }
  }

  /// Whether such an entry on a signed case can change units, so that the case must be signed anew.
  ///
  /// An amendment is judged by the entry it amends, not here.
  public var changesUnits: Bool {
    switch self {
    case .imageAcquired, .lesionIdentified, .interventionPerformed, .consumableUsed,
      .consumableReturned, .consumableDisposed:
      true
    case .caseOpened, .caseClosed, .caseSigned, .caseReopened, .caseCancelled, .patientIdentified,
      .roomChanged, .patientStatusChanged, .personnelArrived, .personnelDeparted,
      .timeOutCompleted, .percutaneousEntry, .percutaneousClosure, .procedureActionStarted,
      .procedureActionEnded, .procedureActionSuspended, .procedureActionResumed, .deviceInserted,
      .deviceWithdrawn, .measurementRecorded, .drugAdministered, .contrastAdministered,
      .radiationRecorded, .adverseEvent, .interpretationDocumented, .procedureCoded,
      .diagnosisCoded, .modifierApplied, .holdReleased, .noteRecorded, .entryCorrected,
      .entryRetracted, .facilityOpened, .ruleBookAdopted, .payerPolicyAssigned, .personRegistered:
      false
    }
  }

  /// The number of the form in which new events of this type are written.
  ///
  /// A stored event keeps the number it was written under; an older form is read by upcasting.
  public var form: Int { 1 }
}
