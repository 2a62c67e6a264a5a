import Procedures
import Testing

@testable import API

/// One row an event type: who records it.
///
/// R recorder, P physician, C coder, B billing, U auditor, A admin.
private let recorders: [(EventType, String)] = [
  (.caseOpened, "RP"), (.caseClosed, "RP"), (.caseSigned, "P"), (.caseReopened, "P"),
  (.caseCancelled, "RP"), (.patientIdentified, "RP"), (.roomChanged, "RP"),
  (.patientStatusChanged, "RP"), (.personnelArrived, "RP"), (.personnelDeparted, "RP"),
  (.timeOutCompleted, "RP"), (.percutaneousEntry, "RP"), (.percutaneousClosure, "RP"),
  (.procedureActionStarted, "RP"), (.procedureActionEnded, "RP"),
  (.procedureActionSuspended, "RP"), (.procedureActionResumed, "RP"), (.deviceInserted, "RP"),
  (.deviceWithdrawn, "RP"), (.imageAcquired, "RP"), (.measurementRecorded, "RP"),
  (.lesionIdentified, "RP"), (.interventionPerformed, "RP"), (.consumableUsed, "RP"),
  (.consumableReturned, "RP"), (.consumableDisposed, "RP"), (.drugAdministered, "RP"),
  (.contrastAdministered, "RP"), (.radiationRecorded, "RP"), (.adverseEvent, "RP"),
  (.interpretationDocumented, "P"), (.procedureCoded, "PC"), (.diagnosisCoded, "PC"),
  (.modifierApplied, "PC"), (.holdReleased, "PC"), (.noteRecorded, "RPC"),
  (.entryCorrected, "RPC"), (.entryRetracted, "RPC"), (.facilityOpened, "A"),
  (.ruleBookAdopted, "A"), (.payerPolicyAssigned, "A"), (.personRegistered, "A"),
]

private let letters: [(StaffRole, Character)] = [
  (.recorder, "R"), (.physician, "P"), (.coder, "C"), (.billing, "B"), (.auditor, "U"),
  (.admin, "A"),
]

@Suite struct `The rights of roles` {
  @Test func `the table speaks of every type and every role`() {
    #expect(Set(recorders.map(\.0)) == Set(EventType.allCases))
    #expect(Set(letters.map(\.0)) == Set(StaffRole.allCases))
  }

  @Test(arguments: recorders)
  func `who records what is as the contract says`(_ type: EventType, _ allowed: String) {
    for (role, letter) in letters {
      #expect(
        Right.record(type, amending: nil).belongs(to: role) == allowed.contains(letter),
        "\(role) and \(type.rawValue)")
    }
  }

  @Test(arguments: [EventType.entryCorrected, .entryRetracted])
  func `an entry is amended by who may make it`(_ amendment: EventType) {
    for (type, allowed) in recorders
    where type.category != .amendment && type.category != .lifecycle {
      for (role, letter) in letters where role != .admin {
        #expect(
          Right.record(amendment, amending: type).belongs(to: role) == allowed.contains(letter),
          "\(role), \(amendment.rawValue) of \(type.rawValue)")
      }
    }
  }

  @Test(arguments: [
    (Right.recordInCases, "RPC"), (.readCases, "RPCU"), (.readLineItems, "RPCUB"),
    (.readRuleBooks, "CUA"), (.storeRuleBooks, "A"), (.readCharges, "BU"),
    (.acknowledgeCharges, "B"), (.reconcile, "UB"),
  ])
  func `who reads what is as the contract says`(_ right: Right, _ allowed: String) {
    for (role, letter) in letters {
      #expect(right.belongs(to: role) == allowed.contains(letter), "\(role): \(right.phrase)")
    }
  }
}
