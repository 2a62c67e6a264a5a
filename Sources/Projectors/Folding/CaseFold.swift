internal import Procedures
internal import Store

/// A case as the rows of its log make it, with what of them could not be read.
struct CaseFold: Sendable {
  /// What the readable rows make.
  private(set) var state: CaseState
  /// Of its last row; 0 before the first.
  private(set) var version: Int64 = 0
  /// The place of its last row in the facility's log.
  private(set) var position: Int64 = 0
  /// When its last row was recorded.
  private(set) var recordedAt = Instant.earliest
  /// When its first row was recorded.
  private(set) var firstRecordedAt = Instant.earliest
  /// Every patient whom any of its entries ever named.
  private(set) var namedPatients: Set<PatientReference> = []
  /// Why its rows cannot be read in full, in a sentence without what they say.
  private(set) var fault: String?
  /// Whether some rows are left out on purpose.
  private let isPartial: Bool

  init(_ caseID: CaseID, isPartial: Bool = false) {
    state = CaseState(caseID)
    self.isPartial = isPartial
  }

  /// Grows the case by its next row.
  mutating func add(_ row: LogRow) {
    if row.version != version + 1, !isPartial {
      note("position \(row.position) is not the next version of its case")
    }
    if version == 0 { firstRecordedAt = row.recordedAt }
    version = row.version
    position = row.position
    recordedAt = row.recordedAt
    do throws(StoreError) {
      let event = try RecordedEvent(sealed: row).event
      state.evolve(event, version: row.version)
      if let patient = event.body.patient { namedPatients.insert(patient) }
    } catch {
      note(error.sentence(at: row.position))
    }
  }

  /// Grows the case by an event that was not recorded: its version and position stay.
  ///
  /// - Throws: the refusal of the log; the case is as it was then.
  mutating func suppose(_ event: Event, in context: DecisionContext) throws(Refusal) {
    let accepted = try state.decide(event, in: context)
    state.evolve(accepted, version: state.version + 1)
    if let patient = accepted.body.patient { namedPatients.insert(patient) }
  }

  private mutating func note(_ sentence: String) { fault = fault ?? sentence }
}

extension EventBody {
  /// The patient whom an entry names, or would name if it corrects an identification.
  fileprivate var patient: PatientReference? {
    if case .caseOpened(let opened) = self { return opened.patient }
    if case .patientIdentified(let identified) = self { return identified.patient }
    if case .entryCorrected(let correction) = self {
      return correction.data["patient"]?.text.flatMap { PatientReference($0) }
    }
    return nil
  }
}

extension StoreError {
  /// Why a row cannot be read.
  func sentence(at position: Int64) -> String {
    if case .unreadable(let sentence) = self { return sentence }
    return "position \(position) cannot be read"
  }
}
