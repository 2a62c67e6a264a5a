import Procedures
import Store

extension Live {
  /// The person who records everything here.
  private var recorder: PersonCode { get throws { try known(PersonCode("rn-204")) } }

  /// Opens the log unless it is there.
  func openFacility() async throws {
    guard try await store.head(of: facility) == nil else { return }
    try await append(
      submission(
        .facilityOpened,
        ["facility": .string(facility.text), "name": "Benchmark", "timeZone": "UTC"], to: .zero))
  }

  /// Opens a case.
  @discardableResult
  func open(_ caseID: CaseID) async throws -> Receipt { try await append(opening(caseID)) }

  /// Records that a vessel was imaged: the row that pgbench inserts, too.
  @discardableResult
  func recordImage(in caseID: CaseID) async throws -> Receipt {
    try await append(image(in: caseID))
  }

  /// What opens a case.
  func opening(_ caseID: CaseID) throws -> Submission {
    try submission(
      .caseOpened,
      [
        "facility": .string(facility.text), "room": "Lab 2", "serviceDate": "2026-03-02",
        "timeZone": "UTC", "setting": "hospital-outpatient", "operator": "dr-114",
      ], to: caseID)
  }

  /// What says that a vessel was imaged.
  func image(in caseID: CaseID) throws -> Submission {
    try submission(
      .imageAcquired,
      [
        "modality": "IVUS", "vessel": "common-iliac-vein", "side": "left",
        "phase": "diagnostic", "imagesStored": true,
      ], to: caseID)
  }

  private func submission(
    _ type: EventType, _ data: JSON, to caseID: CaseID
  ) throws -> Submission {
    let event = Event(
      id: .random(), caseID: caseID, occurredAt: Instant(microseconds: 1_772_460_000_000_000),
      body: try EventBody(type, data: data))
    return Submission(caseID: caseID, events: [event], recorder: try recorder)
  }

  /// Appends, and returns the receipt of the last event.
  @discardableResult
  func append(_ submission: Submission) async throws -> Receipt {
    try known(try await appender.append(submission, to: facility).last)
  }
}

/// What must be there and is not.
struct Missing: Error {}

/// The value; a measurement whose own premise fails ends.
func known<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw Missing() }
  return value
}
