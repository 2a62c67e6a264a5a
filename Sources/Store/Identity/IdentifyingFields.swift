internal import Procedures

extension EventType {
  /// The fields of the type's data that can identify a patient and are sealed, by name.
  ///
  /// Of a correction these are only its own: its `data` holds those of the entry's type.
  var sealedFields: [String] {
    switch self {
    case .caseOpened: ["encounter", "accession", "account"]
    case .caseReopened, .caseCancelled, .modifierApplied, .holdReleased, .entryCorrected,
      .entryRetracted:
      ["reason"]
    case .interpretationDocumented: ["report"]
    case .noteRecorded: ["text"]
    case .adverseEvent: ["detail"]
    case .caseClosed, .caseSigned, .patientIdentified, .roomChanged, .patientStatusChanged,
      .personnelArrived, .personnelDeparted, .timeOutCompleted, .percutaneousEntry,
      .percutaneousClosure, .procedureActionStarted, .procedureActionEnded,
      .procedureActionSuspended, .procedureActionResumed, .deviceInserted, .deviceWithdrawn,
      .imageAcquired, .measurementRecorded, .lesionIdentified, .interventionPerformed,
      .consumableUsed, .consumableReturned, .consumableDisposed, .drugAdministered,
      .contrastAdministered, .radiationRecorded, .procedureCoded, .diagnosisCoded,
      .facilityOpened, .ruleBookAdopted, .payerPolicyAssigned, .personRegistered:
      []
    }
  }

  /// Whether the type's data names a patient, in the field `patient`.
  var namesPatient: Bool { self == .caseOpened || self == .patientIdentified }
}

extension EventBody {
  /// The patient that the event names, or that a correction may name: whether it does, the type of
  /// the corrected entry tells.
  var namedPatient: PatientReference? {
    if case .caseOpened(let opened) = self { return opened.patient }
    if case .patientIdentified(let identified) = self { return identified.patient }
    if case .entryCorrected(let correction) = self {
      return correction.data["patient"]?.text.flatMap { PatientReference($0) }
    }
    return nil
  }
}

extension JSON {
  /// The object with other values in the place of those that `change` replaces.
  func replacing(
    _ change: (Member) throws(StoreError) -> JSON?
  ) throws(StoreError) -> JSON {
    guard case .object(var members) = self else { return self }
    for index in members.indices {
      if let value = try change(members[index]) {
        members[index] = Member(members[index].name, value)
      }
    }
    return .object(members)
  }
}
