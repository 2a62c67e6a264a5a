import Procedures
import Store

extension Live {
  /// The person who records everything here.
  private var recorder: PersonCode { get throws { try known(PersonCode("rn-204")) } }

  /// Opens the log unless it is there.
  func openFacility() async throws {
    guard try await store.head(of: facility) == nil else { return }
    try await append(
      .facilityOpened,
      ["facility": .string(facility.text), "name": "Benchmark", "timeZone": "UTC"], to: .zero)
  }

  /// Opens a case.
  @discardableResult
  func open(_ caseID: CaseID) async throws -> Receipt {
    try await append(
      .caseOpened,
      [
        "facility": .string(facility.text), "room": "Lab 2", "serviceDate": "2026-03-02",
        "timeZone": "UTC", "setting": "hospital-outpatient", "operator": "dr-114",
      ], to: caseID)
  }

  /// Records that a vessel was imaged: the row that pgbench inserts, too.
  @discardableResult
  func recordImage(in caseID: CaseID) async throws -> Receipt {
    try await append(
      .imageAcquired,
      [
        "modality": "IVUS", "vessel": "common-iliac-vein", "side": "left",
        "phase": "diagnostic", "imagesStored": true,
      ], to: caseID)
  }

  @discardableResult
  private func append(_ type: EventType, _ data: JSON, to caseID: CaseID) async throws -> Receipt {
    let event = Event(
      id: .random(), caseID: caseID, occurredAt: Instant(microseconds: 1_772_460_000_000_000),
      body: try EventBody(type, data: data))
    let receipts = try await appender.append(
      Submission(caseID: caseID, events: [event], recorder: try recorder), to: facility)
    return try known(receipts.first)
  }
}

/// What must be there and is not.
struct Missing: Error {}

/// The value; a measurement whose own premise fails ends.
func known<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw Missing() }
  return value
}
