public import Procedures

/// A case from its opening to its last signature.
public struct SimulatedCase: Sendable {
  /// What was known before.
  public let plan: CasePlan
  /// Its entries in the order in which they are made.
  public let entries: [LabEntry]
  /// When the patient leaves the room, and the room can be turned over.
  public let leavesRoomAt: Instant

  /// Lets the case of a plan happen.
  ///
  /// - Parameters:
  ///   - plan: what is known before.
  ///   - laboratory: the hospital.
  ///   - room: the room, from 0.
  ///   - start: when the patient comes in.
  ///   - speed: how many times faster than in a lab it goes, 1 or more.
  public init(
    _ plan: CasePlan, in laboratory: Laboratory, room: Int, from start: Instant, speed: Int = 1
  ) {
    let moments = Moments(start: start, speed: Int64(max(1, speed)))
    var record = CaseRecord(plan, in: laboratory, room: room, moments)
    record.run()
    self.plan = plan
    leavesRoomAt = moments.instant(record.leftRoom)
    entries = record.drafts.map { draft in
      LabEntry(
        id: draft.id, caseID: plan.caseID, type: draft.type,
        occurredAt: moments.instant(draft.occurred), timeQualifier: draft.qualifier,
        performer: draft.performer, reason: draft.reason.map { .clear($0) },
        data: .object(draft.data), enteredAt: moments.instant(draft.entered),
        recorder: draft.recorder)
    }
  }
}

/// From seconds after a case's start to moments.
struct Moments {
  let start: Instant
  let speed: Int64

  func instant(_ seconds: Int) -> Instant {
    Instant(microseconds: start.microseconds + Int64(seconds) * 1_000_000 / speed)
  }
}
