extension EventBody {
  /// Reads the `data` of an event of this type in its present form.
  ///
  /// - Throws: the ``Refusal`` of the first field at fault, its path below `data`.
  public init(_ type: EventType, data: JSON, at path: String = "data") throws(Refusal) {
    var reader = try FieldReader(data, at: path)
    self = try Self.read(type, &reader)
    try reader.finish()
  }

  private static func read(
    _ type: EventType, _ reader: inout FieldReader
  ) throws(Refusal) -> EventBody {
    switch type {
    case .caseOpened: .caseOpened(try CaseOpened(from: &reader))
    case .caseClosed: .caseClosed
    case .caseSigned: .caseSigned(try CaseSigned(from: &reader))
    case .caseReopened: .caseReopened(reason: try reader.required("reason", .confidential))
    case .caseCancelled: .caseCancelled(reason: try reader.required("reason", .confidential))
    case .patientIdentified: .patientIdentified(try PatientIdentified(from: &reader))
    case .roomChanged: .roomChanged(try reader.required("room", .term()))
    case .patientStatusChanged: .patientStatusChanged(try reader.required("status", .choice()))
    case .personnelArrived: .personnelArrived(try StaffMember(from: &reader))
    case .personnelDeparted: .personnelDeparted(try StaffMember(from: &reader))
    case .timeOutCompleted: .timeOutCompleted(try TimeOut(from: &reader))
    case .percutaneousEntry: .percutaneousEntry(try PercutaneousEntry(from: &reader))
    case .percutaneousClosure: .percutaneousClosure(try PercutaneousClosure(from: &reader))
    case .procedureActionStarted: .procedureActionStarted(try reader.required("action", .term()))
    case .procedureActionEnded: .procedureActionEnded(try reader.required("action", .term()))
    case .procedureActionSuspended:
      .procedureActionSuspended(try reader.required("action", .term()))
    case .procedureActionResumed: .procedureActionResumed(try reader.required("action", .term()))
    case .deviceInserted: .deviceInserted(try DevicePlaced(from: &reader))
    case .deviceWithdrawn: .deviceWithdrawn(try DevicePlaced(from: &reader))
    case .imageAcquired: .imageAcquired(try ImageAcquired(from: &reader))
    case .measurementRecorded: .measurementRecorded(try Measurement(from: &reader))
    case .lesionIdentified: .lesionIdentified(try LesionIdentified(from: &reader))
    case .interventionPerformed: .interventionPerformed(try Intervention(from: &reader))
    case .consumableUsed: .consumableUsed(try Consumable(from: &reader))
    case .consumableReturned: .consumableReturned(try Consumable(from: &reader))
    case .consumableDisposed: .consumableDisposed(try Consumable(from: &reader))
    case .drugAdministered: .drugAdministered(try Administration(from: &reader))
    case .contrastAdministered: .contrastAdministered(try Administration(from: &reader))
    case .radiationRecorded: .radiationRecorded(try Radiation(from: &reader))
    case .adverseEvent: .adverseEvent(try AdverseEvent(from: &reader))
    case .interpretationDocumented: .interpretationDocumented(try Interpretation(from: &reader))
    case .procedureCoded: .procedureCoded(try ProcedureCoded(from: &reader))
    case .diagnosisCoded:
      .diagnosisCoded(try reader.required("codes", FieldForm.diagnosis.list(1...64)))
    case .modifierApplied: .modifierApplied(try ModifierApplied(from: &reader))
    case .holdReleased: .holdReleased(try HoldReleased(from: &reader))
    case .noteRecorded: .noteRecorded(try Note(from: &reader))
    case .entryCorrected: .entryCorrected(try EntryCorrected(from: &reader))
    case .entryRetracted: .entryRetracted(try EntryRetracted(from: &reader))
    case .facilityOpened: .facilityOpened(try FacilityOpened(from: &reader))
    case .ruleBookAdopted: .ruleBookAdopted(try RuleBookAdopted(from: &reader))
    case .payerPolicyAssigned: .payerPolicyAssigned(try PayerPolicyAssigned(from: &reader))
    case .personRegistered: .personRegistered(try PersonRegistered(from: &reader))
    }
  }

  /// The event's `data`, with every default written out.
  public var data: JSON { .object(fields.members) }

  private var fields: Fields {
    switch self {
    case .caseClosed: Fields()
    case .caseReopened(let reason), .caseCancelled(let reason): .single("reason", reason.json)
    case .roomChanged(let room): .single("room", .string(room.text))
    case .patientStatusChanged(let status): .single("status", .string(status.rawValue))
    case .procedureActionStarted(let action), .procedureActionEnded(let action),
      .procedureActionSuspended(let action), .procedureActionResumed(let action):
      .single("action", .string(action.text))
    case .diagnosisCoded(let codes): .single("codes", .texts(codes.map(\.text)))
    case .caseOpened(let payload): payload.fields
    case .caseSigned(let payload): payload.fields
    case .patientIdentified(let payload): payload.fields
    case .personnelArrived(let payload), .personnelDeparted(let payload): payload.fields
    case .timeOutCompleted(let payload): payload.fields
    case .percutaneousEntry(let payload): payload.fields
    case .percutaneousClosure(let payload): payload.fields
    case .deviceInserted(let payload), .deviceWithdrawn(let payload): payload.fields
    case .imageAcquired(let payload): payload.fields
    case .measurementRecorded(let payload): payload.fields
    case .lesionIdentified(let payload): payload.fields
    case .interventionPerformed(let payload): payload.fields
    case .consumableUsed(let payload), .consumableReturned(let payload),
      .consumableDisposed(let payload):
      payload.fields
    case .drugAdministered(let payload), .contrastAdministered(let payload): payload.fields
    case .radiationRecorded(let payload): payload.fields
    case .adverseEvent(let payload): payload.fields
    case .interpretationDocumented(let payload): payload.fields
    case .procedureCoded(let payload): payload.fields
    case .modifierApplied(let payload): payload.fields
    case .holdReleased(let payload): payload.fields
    case .noteRecorded(let payload): payload.fields
    case .entryCorrected(let payload): payload.fields
    case .entryRetracted(let payload): payload.fields
    case .facilityOpened(let payload): payload.fields
    case .ruleBookAdopted(let payload): payload.fields
    case .payerPolicyAssigned(let payload): payload.fields
    case .personRegistered(let payload): payload.fields
    }
  }
}

extension Fields {
  fileprivate static func single(_ name: String, _ value: JSON) -> Fields {
    var fields = Fields()
    fields.set(name, value)
    return fields
  }
}
