/// Everything that can be recorded: one case a type, the log's table of contents.
///
/// Indirect, so that a case with thousands of entries is copied by references to what they say.
public indirect enum EventBody: Hashable, Sendable {
  // The case
  case caseOpened(CaseOpened)
  case caseClosed
  case caseSigned(CaseSigned)
  case caseReopened(reason: Confidential)
  case caseCancelled(reason: Confidential)
  // The room
  case patientIdentified(PatientIdentified)
  case roomChanged(RoomName)
  case patientStatusChanged(PatientStatus)
  case personnelArrived(StaffMember)
  case personnelDeparted(StaffMember)
  case timeOutCompleted(TimeOut)
  // The procedure
  case percutaneousEntry(PercutaneousEntry)
  case percutaneousClosure(PercutaneousClosure)
  case procedureActionStarted(Words)
  case procedureActionEnded(Words)
  case procedureActionSuspended(Words)
  case procedureActionResumed(Words)
  case deviceInserted(DevicePlaced)
  case deviceWithdrawn(DevicePlaced)
  case imageAcquired(ImageAcquired)
  case measurementRecorded(Measurement)
  case lesionIdentified(LesionIdentified)
  case interventionPerformed(Intervention)
  case consumableUsed(Consumable)
  case consumableReturned(Consumable)
  case consumableDisposed(Consumable)
  case drugAdministered(Administration)
  case contrastAdministered(Administration)
  case radiationRecorded(Radiation)
  case adverseEvent(AdverseEvent)
  // The reading, the codes, the notes
  case interpretationDocumented(Interpretation)
  case procedureCoded(ProcedureCoded)
  case diagnosisCoded([DiagnosisCode])
  case modifierApplied(ModifierApplied)
  case holdReleased(HoldReleased)
  case noteRecorded(Note)
  // Amendments
  case entryCorrected(EntryCorrected)
  case entryRetracted(EntryRetracted)
  // The facility
  case facilityOpened(FacilityOpened)
  case ruleBookAdopted(RuleBookAdopted)
  case payerPolicyAssigned(PayerPolicyAssigned)
  case personRegistered(PersonRegistered)

  /// The type, by the contract's name.
  public var type: EventType {
    switch self {
    case .caseOpened: .caseOpened
    case .caseClosed: .caseClosed
    case .caseSigned: .caseSigned
    case .caseReopened: .caseReopened
    case .caseCancelled: .caseCancelled
    case .patientIdentified: .patientIdentified
    case .roomChanged: .roomChanged
    case .patientStatusChanged: .patientStatusChanged
    case .personnelArrived: .personnelArrived
    case .personnelDeparted: .personnelDeparted
    case .timeOutCompleted: .timeOutCompleted
    case .percutaneousEntry: .percutaneousEntry
    case .percutaneousClosure: .percutaneousClosure
    case .procedureActionStarted: .procedureActionStarted
    case .procedureActionEnded: .procedureActionEnded
    case .procedureActionSuspended: .procedureActionSuspended
    case .procedureActionResumed: .procedureActionResumed
    case .deviceInserted: .deviceInserted
    case .deviceWithdrawn: .deviceWithdrawn
    case .imageAcquired: .imageAcquired
    case .measurementRecorded: .measurementRecorded
    case .lesionIdentified: .lesionIdentified
    case .interventionPerformed: .interventionPerformed
    case .consumableUsed: .consumableUsed
    case .consumableReturned: .consumableReturned
    case .consumableDisposed: .consumableDisposed
    case .drugAdministered: .drugAdministered
    case .contrastAdministered: .contrastAdministered
    case .radiationRecorded: .radiationRecorded
    case .adverseEvent: .adverseEvent
    case .interpretationDocumented: .interpretationDocumented
    case .procedureCoded: .procedureCoded
    case .diagnosisCoded: .diagnosisCoded
    case .modifierApplied: .modifierApplied
    case .holdReleased: .holdReleased
    case .noteRecorded: .noteRecorded
    case .entryCorrected: .entryCorrected
    case .entryRetracted: .entryRetracted
    case .facilityOpened: .facilityOpened
    case .ruleBookAdopted: .ruleBookAdopted
    case .payerPolicyAssigned: .payerPolicyAssigned
    case .personRegistered: .personRegistered
    }
  }
}
