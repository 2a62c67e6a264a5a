import Procedures
import Testing

/// What a case accepts when: a row for each type, a column for each phase.
///
/// `unknown` is `case-unknown`, `open` `case-already-open`, `notOpen` `case-not-open`, `gone`
/// `case-cancelled`, `reason` `field-missing` at `reason`, `invalid` `field-invalid` at `case`.
private let table = """
  type                       unknown   open     closed   signed   with-reason  cancelled
  case-opened                ok        open     open     open     open         gone
  case-closed                unknown   ok       ok       notOpen  notOpen      gone
  case-signed                unknown   ok       ok       ok       ok           gone
  case-reopened              unknown   open     ok       ok       ok           gone
  case-cancelled             unknown   ok       ok       ok       ok           gone
  patient-identified         unknown   ok       ok       reason   ok           gone
  room-changed               unknown   ok       ok       reason   ok           gone
  patient-status-changed     unknown   ok       ok       reason   ok           gone
  personnel-arrived          unknown   ok       ok       reason   ok           gone
  personnel-departed         unknown   ok       ok       reason   ok           gone
  time-out-completed         unknown   ok       ok       reason   ok           gone
  percutaneous-entry         unknown   ok       ok       reason   ok           gone
  percutaneous-closure       unknown   ok       ok       reason   ok           gone
  procedure-action-started   unknown   ok       ok       reason   ok           gone
  procedure-action-ended     unknown   ok       ok       reason   ok           gone
  procedure-action-suspended unknown   ok       ok       reason   ok           gone
  procedure-action-resumed   unknown   ok       ok       reason   ok           gone
  device-inserted            unknown   ok       ok       reason   ok           gone
  device-withdrawn           unknown   ok       ok       reason   ok           gone
  image-acquired             unknown   ok       ok       reason   ok           gone
  measurement-recorded       unknown   ok       ok       reason   ok           gone
  lesion-identified          unknown   ok       ok       reason   ok           gone
  intervention-performed     unknown   ok       ok       reason   ok           gone
  consumable-used            unknown   ok       ok       reason   ok           gone
  consumable-returned        unknown   ok       ok       reason   ok           gone
  consumable-disposed        unknown   ok       ok       reason   ok           gone
  drug-administered          unknown   ok       ok       reason   ok           gone
  contrast-administered      unknown   ok       ok       reason   ok           gone
  radiation-recorded         unknown   ok       ok       reason   ok           gone
  adverse-event              unknown   ok       ok       reason   ok           gone
  interpretation-documented  unknown   ok       ok       ok       ok           gone
  procedure-coded            unknown   ok       ok       ok       ok           gone
  diagnosis-coded            unknown   ok       ok       ok       ok           gone
  modifier-applied           unknown   ok       ok       ok       ok           gone
  hold-released              unknown   ok       ok       ok       ok           gone
  note-recorded              unknown   ok       ok       ok       ok           ok
  entry-corrected            unknown   ok       ok       ok       ok           gone
  entry-retracted            unknown   ok       ok       ok       ok           gone
  facility-opened            invalid   invalid  invalid  invalid  invalid      invalid
  rule-book-adopted          invalid   invalid  invalid  invalid  invalid      invalid
  payer-policy-assigned      invalid   invalid  invalid  invalid  invalid      invalid
  person-registered          invalid   invalid  invalid  invalid  invalid      invalid
  """

@Suite struct `What a case accepts when` {
  private static let rows = table.split(separator: "\n").dropFirst()
    .map { $0.split(separator: " ").map(String.init) }

  private static let refusals: [String: (Refusal.Code, String)] = [
    "unknown": (.caseUnknown, "case"), "open": (.caseAlreadyOpen, "case"),
    "notOpen": (.caseNotOpen, "case"), "gone": (.caseCancelled, "case"),
    "reason": (.fieldMissing, "reason"), "invalid": (.fieldInvalid, "case"),
  ]

  @Test func `is said for every type`() {
    #expect(Self.rows.map(\.[0]) == EventType.allCases.map(\.rawValue))
  }

  @Test(arguments: [
    (1, CaseState.Phase.unknown, nil), (2, .open, nil), (3, .closed, nil), (4, .signed, nil),
    (5, .signed, "late entry"), (6, .cancelled, nil), (6, .cancelled, "late entry"),
    (2, .open, "no need"),
  ])
  func `is what decide says`(
    _ column: Int, _ phase: CaseState.Phase, _ reason: String?
  ) throws {
    let scenario = try Scenario(phase)
    #expect(scenario.state.phase == phase)
    for row in Self.rows {
      let type = try #require(EventType(rawValue: row[0]))
      let event = try scenario.event(type, Self.data(type), reason: reason)
      let expected = Self.refusals[row[column]]
      #expect((expected == nil) == (row[column] == "ok"))
      do {
        let accepted = try scenario.state.decide(event, in: context)
        #expect(expected == nil, "\(type.rawValue) was taken when \(phase)")
        #expect(accepted == event)
      } catch {
        #expect(error.code == expected?.0, "\(type.rawValue) when \(phase): \(error)")
        #expect(error.field == expected?.1)
      }
    }
  }

  /// Data that is right in the case of the scenario: amendments speak of its note.
  private static func data(_ type: EventType) -> String? {
    switch type {
    case .entryCorrected:
      #"{"entry":"\#(Scenario.note)","data":{"kind":"tech","text":"better"},"reason":"wrong"}"#
    case .entryRetracted: #"{"entry":"\#(Scenario.note)","reason":"wrong"}"#
    default: nil
    }
  }

  @Test func `leads from phase to phase`() throws {
    var scenario = try Scenario(.open)
    func phase(after type: EventType) throws -> CaseState.Phase {
      try scenario.record(type)
      return scenario.state.phase
    }
    #expect(try phase(after: .caseClosed) == .closed)
    #expect(try phase(after: .caseClosed) == .closed)
    #expect(try phase(after: .imageAcquired) == .closed)
    #expect(try phase(after: .caseReopened) == .open)
    #expect(try phase(after: .caseSigned) == .signed)
    #expect(try phase(after: .caseSigned) == .signed)
    #expect(try phase(after: .procedureCoded) == .signed)
    #expect(try phase(after: .caseReopened) == .open)
    #expect(try phase(after: .caseCancelled) == .cancelled)
    #expect(try phase(after: .noteRecorded) == .cancelled)
    #expect(scenario.state.version == 15)
  }
}
